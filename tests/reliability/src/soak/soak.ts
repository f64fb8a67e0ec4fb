import { setTimeout as sleep } from 'node:timers/promises'
import { growthOf, type Growth, type HeapSample } from './growth.ts'
import type { Subject } from './subject.ts'
import type { TurnoverReport } from './turnover.ts'

/** Seconds in which code is compiled and the population comes to rest; half of a short run. */
const WARM_UP = 60

/** The most of what is followed that may be held late: a machine that is busy ends calls late. What leaks is held for ever. */
const HELD_LATE = 0.01

/** Number of samples after it, at most two a second. */
const SAMPLES = 60

export interface SoakResult {
  readonly growth: Growth
  /** The most that were held at any sample though they should not be. */
  readonly mostHeld: number
  /** Lives that ended. */
  readonly turned: number
  /** After the end of everything. */
  readonly after: TurnoverReport
  readonly isFlat: boolean
  /** True if released objects were collected in time, and at the end all of them; the cache is empty, and nothing failed. */
  readonly isClean: boolean
}

/**
 * Lets items come and go for so many seconds, and looks at the heap.
 *
 * @param within the most by which the heap may grow over the whole time that is measured, as a share of it; one that shrinks
 *   was not at rest yet, and leaks nothing
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
