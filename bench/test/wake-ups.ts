import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { Backend } from '../src/world/backend.ts'
import { newJob, type Job } from '../src/world/job.ts'
import { BATCH, INTERVAL } from '../src/world/work.ts'
import { CountingTime } from './counting-time.ts'
import { countHeapOperations } from './heap-count.ts'
import { countPromises } from './promise-count.ts'

const WAKE_UPS = 50
const HOUR = 3_600_000

export interface WakeUpCounts {
  readonly refreshes: number
  readonly timersArmed: number
  readonly clockReads: number
  readonly heapOperations: number
  readonly promises: number
}

/** What a wake-up does, on average, that refreshes a batch, while so many others wait, each for a time of its own. */
export async function playWakeUps(waiting: number): Promise<WakeUpCounts> {
  const time = new CountingTime()
  const backend = new Backend({
    items: waiting,
    changed: 1,
    answers: 'same',
    intervals: 'one',
    observed: false,
    together: true,
  })
  const cache = new InMemoryAutoRefresh<Job>({
    clock: time,
    jitter: 0,
    equals: Object.is,
    // Ids below 0 are those that fall due.
    interval: ({ item }) => {
      const id = item?.id ?? 0
      return id < 0 ? INTERVAL : 10 * HOUR + ((id * 2_654_435_761) % (10 * HOUR))
    },
    sync: (batch) => backend.answer(batch),
  })
  for (let id = 0; id < waiting; id++) cache.getOrCreate(`job-${id}`, newJob(id))
  cache.start()
  await time.settle()
  while (backend.answered < waiting) await time.next()
  for (let id = 1; id <= BATCH; id++) cache.getOrCreate(`job-${-id}`, newJob(-id))
  await time.settle()

  const endOfHeaps = countHeapOperations()
  const endOfPromises = countPromises()
  const { timersArmed, clockReads } = time
  const { answered } = backend
  for (let wakeUp = 0; wakeUp < WAKE_UPS; wakeUp++) await time.next()
  const promises = endOfPromises() / WAKE_UPS - CountingTime.PROMISES_A_WAKE_UP
  const counts = {
    refreshes: (backend.answered - answered) / WAKE_UPS,
    timersArmed: (time.timersArmed - timersArmed) / WAKE_UPS,
    clockReads: (time.clockReads - clockReads) / WAKE_UPS,
    heapOperations: endOfHeaps() / WAKE_UPS,
    promises,
  }
  await cache.stop()
  return counts
}
