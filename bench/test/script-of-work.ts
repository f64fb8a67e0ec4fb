import { InMemoryAutoRefresh, type ItemSnapshot } from '@auto-refresh/core'
import { Backend } from '../src/world/backend.ts'
import type { Job } from '../src/world/job.ts'
import { INTERVAL, subjectsOf, type Work } from '../src/world/work.ts'
import { CountingTime } from './counting-time.ts'
import { countHeapOperations } from './heap-count.ts'
import { countPromises } from './promise-count.ts'

/** Number of times that something was done. */
export interface Counts {
  readonly refreshes: number
  readonly changes: number
  readonly calls: number
  readonly timersArmed: number
  readonly clockReads: number
  readonly heapOperations: number
  readonly listenersCalled: number
  readonly comparisons: number
  readonly terminalChecks: number
  readonly intervalsAsked: number
  /** Those that the cache made of itself. */
  readonly snapshots: number
  readonly promises: number
}

interface ScriptOptions {
  readonly items: number
  /** `number`: one interval for all; `random`: a function that gives each its own. */
  readonly interval: 'number' | 'random'
  /** Number of snapshots built so far in this process. */
  readonly snapshotsBuilt: () => number
}

const ROUNDS = 2

/**
 * Creates the items with a subscriber each, lets them be refreshed for some rounds, 1 % changed in each, writes a tenth of
 * them, unsubscribes and deletes another tenth, lets two more rounds pass, and stops.
 */
export async function playScript({ items, interval, snapshotsBuilt }: ScriptOptions): Promise<Counts> {
  const work: Work = {
    items,
    changed: 0.01,
    answers: 'same',
    intervals: interval === 'random' ? 'random' : 'one',
    observed: true,
    together: false,
  }
  const subjects = subjectsOf(work)
  const backend = new Backend(work)
  const time = new CountingTime()
  const counts = { listenersCalled: 0, comparisons: 0, terminalChecks: 0, intervalsAsked: 0 }
  let draw = 0
  const askedFor = ({ item }: ItemSnapshot<Job>): number => {
    counts.intervalsAsked += 1
    return subjects[item?.id ?? 0]?.interval ?? INTERVAL
  }
  const cache = new InMemoryAutoRefresh<Job>({
    clock: time,
    // In no order, and the same in every run.
    random: () => (draw = (draw + 0.618_033_988_75) % 1),
    interval: interval === 'number' ? INTERVAL : askedFor,
    isTerminal: () => {
      counts.terminalChecks += 1
      return false
    },
    equals: (a, b) => {
      counts.comparisons += 1
      return a === b
    },
    sync: (batch) => backend.answer(batch),
  })
  const endOfHeaps = countHeapOperations()
  const endOfPromises = countPromises()
  const snapshotsBefore = snapshotsBuilt()
  const play = async (rounds: number): Promise<void> => {
    const end = backend.answered + rounds * cache.size
    while (backend.answered < end) await time.next()
  }

  const unsubscribes = subjects.map(({ id, job }) => {
    cache.getOrCreate(id, job)
    return cache.subscribe(id, () => (counts.listenersCalled += 1))
  })
  cache.start()
  // More than a slice of them needs timers (S12).
  await time.advanceTo()
  await play(ROUNDS)
  for (const { id, job, index } of subjects) {
    if (index % 10 === 0) cache.update(id, { ...job, progress: -1 })
    if (index % 10 !== 1) continue
    unsubscribes[index]?.()
    cache.delete(id)
  }
  await play(2)
  await cache.stop()

  // The promises of the time itself are not the cache's.
  const promises = endOfPromises() - time.wakeUps * CountingTime.PROMISES_A_WAKE_UP
  return {
    ...counts,
    refreshes: backend.answered,
    changes: backend.changed,
    calls: backend.calls,
    timersArmed: time.timersArmed,
    clockReads: time.clockReads,
    heapOperations: endOfHeaps(),
    snapshots: snapshotsBuilt() - snapshotsBefore,
    promises,
  }
}
