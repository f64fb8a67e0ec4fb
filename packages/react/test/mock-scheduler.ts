import { createRequire } from 'node:module'
import { VirtualClock } from '@auto-refresh/core/testing'
import { inject, vi } from 'vitest'

/** The part of React's own test scheduler that is used here; two names are of React 19, two of 18. */
interface MockScheduler {
  log?(value: string): void
  unstable_clearLog?(): void
  unstable_yieldValue?(value: string): void
  unstable_clearYields?(): void
  unstable_flushNumberOfYields(count: number): void
  unstable_flushUntilNextPaint(): void
  unstable_flushAllWithoutAsserting(): boolean
}

// Import this before React's renderer: both are what it finds when it is loaded.
vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
const require = createRequire(inject('reactDom'))
const scheduler = require('scheduler/unstable_mock') as MockScheduler
const real = require.resolve('scheduler')
require(real)
const loaded = require.cache[real]
if (loaded === undefined) throw new Error('the scheduler is not where React looks for it')
loaded.exports = scheduler

/** To be called in a rendering: a place where React can be interrupted. */
export function interruptHere(): void {
  scheduler.log?.('rendered')
  scheduler.unstable_yieldValue?.('rendered')
}

/** Runs what was scheduled until so many renderings were done. */
export async function runRenderings(count: number): Promise<void> {
  await promiseJobs()
  clearLog()
  scheduler.unstable_flushNumberOfYields(count)
  await promiseJobs()
}

/** Runs what was scheduled until there is something to paint: effects have not run then. */
export async function runUntilPaint(): Promise<void> {
  await promiseJobs()
  clearLog()
  scheduler.unstable_flushUntilNextPaint()
  await promiseJobs()
}

/** Runs all that is scheduled, and what follows from it. */
export async function runAll(): Promise<void> {
  let isBusy = true
  while (isBusy) {
    await promiseJobs()
    clearLog()
    isBusy = scheduler.unstable_flushAllWithoutAsserting() || vi.getTimerCount() > 0
    vi.runOnlyPendingTimers()
  }
}

function clearLog(): void {
  scheduler.unstable_clearLog?.()
  scheduler.unstable_clearYields?.()
}

function promiseJobs(): Promise<void> {
  return new VirtualClock().advance(0)
}
