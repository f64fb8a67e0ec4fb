import { InMemoryAutoRefresh, type Batch } from '@auto-refresh/core'
import { Window } from 'happy-dom'
import type { ListName } from '../pages/lists.ts'
import { spend } from '../world/cpu.ts'
import type { Job } from '../world/job.ts'
import { tasksDone } from '../world/virtual-time.ts'
import { BATCH, INTERVAL, type Work } from '../world/work.ts'
import { createVirtualWorld } from '../world/world.ts'
import type { Numbers } from './refresh.ts'

/** Turns of the event loop in which the page is mounted. */
const MOUNTING = 100
const WARM_UP = { least: 10, milliseconds: 1000 }
const MEASURED = { least: 5, milliseconds: 1000 }

/** Programs that show the list, or make the one copy of it per batch, and the size of their batches. */
export type ListMeasure = `${ListName}, ${'one batch' | 'batches'}` | 'copies alone'

/** CPU ms and renders of a round of one long list, in which each batch settles in a turn of its own. */
export async function measureList(name: ListMeasure, work: Work): Promise<Numbers> {
  if (name === 'copies alone') return measureCopies(work)
  // Frameworks read both when they are loaded.
  process.env['NODE_ENV'] = 'production'
  const window = new Window()
  const { document, Element, SVGElement, Node } = window
  Object.assign(globalThis, { window, document, Element, SVGElement, Node })
  const { time, backend, subjects } = createVirtualWorld(work)
  const { LISTS } = await import('../pages/lists.ts')
  const [framework] = name.split(', ')
  let running = 0
  let renders = 0
  const cache = new InMemoryAutoRefresh<Job>({
    interval: INTERVAL,
    batchSize: name.endsWith('one batch') ? work.items : BATCH,
    concurrency: 1,
    jitter: 0,
    clock: time,
    sync: async (batch: Batch<Job>) => {
      running += 1
      await tasksDone()
      running -= 1
      return backend.answer(batch)
    },
  })
  for (const { id, job } of subjects) cache.getOrCreate(id, job)
  const show = Object.entries(LISTS).find(([each]) => each === framework)?.[1]
  const container = globalThis.document.createElement('div')
  show?.({ container, cache, ids: subjects.map(({ id }) => id), onRender: () => (renders += 1) })
  for (let turn = 0; turn < MOUNTING; turn++) await time.settle()
  cache.start()
  const round = async (): Promise<void> => {
    const end = backend.answered + work.items
    // Time stands still during a call, because the next timer may be the one that ends it.
    while (backend.answered < end) await (running > 0 ? tasksDone() : time.next())
    await time.settle()
  }
  await spend(WARM_UP, round)
  renders = 0
  const { calls } = backend
  const { microseconds, steps } = await spend(MEASURED, round)
  return {
    milliseconds: microseconds / 1000 / steps,
    renders: renders / steps,
    calls: (backend.calls - calls) / steps,
  }
}

/** Copies an array once per batch of the round. */
async function measureCopies({ items }: Work): Promise<Numbers> {
  let list: readonly object[] = Array.from({ length: items }, (_, index) => ({ index }))
  const calls = items / BATCH
  const round = (): void => {
    for (let batch = 0; batch < calls; batch++) list = list.slice()
  }
  await spend(WARM_UP, round)
  const { microseconds, steps } = await spend(MEASURED, round)
  return { milliseconds: microseconds / 1000 / steps }
}
