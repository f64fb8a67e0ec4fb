import { setTimeout as sleep } from 'node:timers/promises'
import { growthOf, type Growth, type HeapSample } from './growth.ts'
import type { Subject } from './subject.ts'
import type { TurnoverReport } from './turnover.ts'

/** Seconds in which code is compiled and the population becomes stable; half of a short run. */
const WARM_UP = 60

/** Largest share of the followed objects that may be held late: a busy machine ends calls late. Leaked objects are held for ever. */
const HELD_LATE = 0.01

/** Number of samples after it, at most two a second. */
const SAMPLES = 60

export interface SoakResult {
  readonly growth: Growth
  /** Largest number of objects that a sample found held though they were released. */
  readonly mostHeld: number
  /** Lives that ended. */
  readonly turned: number
  /** Objects held after everything has ended. */
  readonly after: TurnoverReport
  readonly isFlat: boolean
  /** True if released objects were collected in time, and at the end all of them; the cache is empty, and nothing failed. */
  readonly isClean: boolean
}

/**
 * Lets items come and go for a number of seconds, and measures the heap.
 *
 * @param within largest growth of the heap over the whole measured time, as a share of it; a heap that shrinks
 *   was not stable yet, and leaks nothing
 */
export async function soak(subject: Subject, seconds: number, within: number): Promise<SoakResult> {
  const began = performance.now()
  const elapsed = (): number => (performance.now() - began) / 1000
  await subject.start()
  const warmUp = Math.min(WARM_UP, seconds / 2)
  await sleep(warmUp * 1000)
  const pause = Math.max(0.5, (seconds - warmUp) / SAMPLES) * 1000
  const samples: HeapSample[] = []
  let mostHeld = 0
  let turned = 0
  while (elapsed() < seconds) {
    const bytes = await subject.heap()
    samples.push({ at: elapsed(), bytes })
    const report = await subject.report()
    turned = report.turned
    mostHeld = Math.max(mostHeld, report.held.length)
    await sleep(pause)
  }
  await subject.stop()
  await subject.heap()
  // Nothing runs any more, so nothing may be held.
  await sleep(100)
  await subject.heap()
  const after = await subject.report(0)
  const growth = growthOf(samples)
  const isEmpty = after.size === 0 && after.subscribers === 0 && after.held.length === 0
  return {
    growth,
    mostHeld,
    turned,
    after,
    isFlat: growth.share <= within,
    isClean: isEmpty && mostHeld <= HELD_LATE * after.followed && after.errors === 0,
  }
}
