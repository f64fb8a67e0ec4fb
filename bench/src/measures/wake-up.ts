import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { newJob, type Job } from '../world/job.ts'
import { Backend } from '../world/backend.ts'
import { jobsDone, VirtualTime } from '../world/virtual-time.ts'
import { BATCH, INTERVAL, type Work } from '../world/work.ts'
import { spend } from '../world/cpu.ts'
import type { Numbers } from './refresh.ts'

const HOUR = 3_600_000

/** CPU µs of a wake-up that refreshes 100 due items while others wait, each for a time of its own. */
export async function measureWakeUp(work: Work): Promise<Numbers> {
  const time = new VirtualTime(jobsDone)
  const backend = new Backend(work)
  const cache = new InMemoryAutoRefresh<Job>({
    clock: time,
    equals: Object.is,
    batchSize: BATCH,
    // Items with an index below 0 fall due.
    interval: ({ item }) => {
      const id = item?.id ?? 0
      return id < 0 ? INTERVAL : 10 * HOUR + ((id * 2_654_435_761) % (10 * HOUR))
    },
    sync: (batch) => backend.answer(batch),
  })
  let told = 0
  const create = (id: number): void => {
    cache.getOrCreate(`job-${id}`, newJob(id))
    cache.subscribe(`job-${id}`, () => (told += 1))
  }
  for (let id = 0; id < work.items; id++) create(id)
  cache.start()
  await time.settle()
  while (backend.answered < work.items) await time.next()
  for (let id = 1; id <= BATCH; id++) create(-id)
  await time.settle()
  const wakeUp = async (): Promise<void> => {
    const { answered } = backend
    while (backend.answered < answered + BATCH) await time.next()
  }
  await spend({ least: 200, milliseconds: 200 }, wakeUp)
  const before = backend.answered
  const { microseconds, steps } = await spend({ least: 200, milliseconds: 300 }, wakeUp)
  if (backend.answered - before !== steps * BATCH) throw new Error('others were refreshed, too')
  return { microseconds: microseconds / steps }
}
