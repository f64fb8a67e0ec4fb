/**
 * S11 by count: cost per item of a fixed script of work, at 1,000 items and at 100,000. It does not depend on the machine:
 * if a count grows, the cost has grown.
 */
import { describe, expect, it, vi } from 'vitest'
import type * as Snapshot from '../../packages/core/src/engine/snapshot.ts'
import { measureStaggered } from '../src/measures/staggered.ts'
import { BATCH } from '../src/world/work.ts'
import { playScript, type Counts } from './script-of-work.ts'
import { playWakeUps } from './wake-ups.ts'

const snapshots = vi.hoisted(() => ({ seen: new WeakSet<object>(), built: 0 }))

// Wraps the function itself, and counts the objects that it returns for the first time.
vi.mock('../../packages/core/src/engine/snapshot.ts', async (load) => {
  const original = await load<typeof Snapshot>()
  const snapshotOf: typeof original.snapshotOf = (state, entry) => {
    const snapshot = original.snapshotOf(state, entry)
    if (!snapshots.seen.has(snapshot)) snapshots.built += 1
    snapshots.seen.add(snapshot)
    return snapshot
  }
  return { ...original, snapshotOf }
})

const snapshotsBuilt = (): number => snapshots.built

const FEW = 1000
const MANY = 100_000

type Ceilings = Readonly<
  Record<'timersArmed' | 'clockReads' | 'heapOperations' | 'promises' | 'terminalChecks', number>
>

/** Ceilings of each count per refresh: a tenth above the value when this was written. */
const ONE_INTERVAL: Ceilings = {
  timersArmed: 0.01,
  clockReads: 0.37,
  heapOperations: 0.021,
  promises: 0.14,
  terminalChecks: 0.26,
}

const CEILINGS: Readonly<Record<'number' | 'random', Ceilings>> = {
  number: ONE_INTERVAL,
  // Each item waits alone.
  random: { ...ONE_INTERVAL, timersArmed: 0.023, clockReads: 0.52, heapOperations: 2.2, promises: 0.28 },
}

describe.each(['number', 'random'] as const)('S11: with the interval a %s,', async (interval) => {
  const few = await playScript({ items: FEW, interval, snapshotsBuilt })
  const many = await playScript({ items: MANY, interval, snapshotsBuilt })
  const isAsked = interval !== 'number'
  if (process.env['COUNTS'] === '1') console.table({ few: aRefresh(few), many: aRefresh(many) })

  it.each([
    ['few', few, FEW],
    ['many', many, MANY],
  ])('%s items: nothing is done twice', (_, counts, items) => {
    expect(counts.refreshes).toBeGreaterThan(4 * items)
    // Items that the source changed, and the tenth that was written.
    expect(counts.listenersCalled).toBeGreaterThan(items / 10)
    expect(counts.listenersCalled).toBeLessThanOrEqual(counts.changes + items / 10)
    expect(counts.comparisons).toBeLessThanOrEqual(counts.refreshes)
    expect(counts.intervalsAsked).toBe(isAsked ? counts.refreshes : 0)
    expect(counts.snapshots).toBe(isAsked ? counts.refreshes : 0)
    expect(counts.calls).toBeLessThanOrEqual(
      Math.ceil(counts.refreshes / BATCH) * (interval === 'random' ? 4 : 1.01),
    )
  })

  it.each(['timersArmed', 'clockReads', 'heapOperations', 'promises', 'terminalChecks'] as const)(
    '%s a refresh: no more than they were, and no more for many items than for few',
    (name) => {
      const [ofFew, ofMany] = [aRefresh(few)[name], aRefresh(many)[name]]
      expect(ofFew).toBeGreaterThan(0)
      expect(ofFew).toBeLessThanOrEqual(CEILINGS[interval][name])
      expect(ofMany).toBeLessThanOrEqual(ofFew * 1.05)
    },
  )
})

describe('S11: a wake-up that refreshes a batch', async () => {
  const few = await playWakeUps(FEW)
  const many = await playWakeUps(MANY)

  it('does the same if few or many others wait', () => {
    const { promises, ...counts } = many
    const { promises: promisesOfFew, ...countsOfFew } = few
    expect(counts).toEqual(countsOfFew)
    // The test runner creates some objects of its own meanwhile.
    expect(promises).toBeLessThan(promisesOfFew + 1)
  })

  it('does no more than it did', () => {
    expect(few.refreshes).toBe(BATCH)
    expect(few.timersArmed).toBeLessThanOrEqual(2)
    expect(few.heapOperations).toBeLessThanOrEqual(3)
    expect(few.promises).toBeLessThanOrEqual(12)
  })
})

describe('S5: 200 items created 5 ms apart', () => {
  it('are at most two calls a second, and each is refreshed as often as it asked for', async () => {
    const { calls, refreshes } = await measureStaggered('auto-refresh', {
      items: 200,
      changed: 0.01,
      answers: 'same',
      intervals: 'one',
      observed: false,
      together: false,
    })
    expect(calls).toBeLessThanOrEqual(2.2)
    expect(refreshes).toBeGreaterThanOrEqual(180)
  })
})

/** Each count per refresh. */
function aRefresh(counts: Counts): Readonly<Record<keyof Counts, number>> {
  const { refreshes } = counts
  const each = (count: number): number => count / refreshes
  return {
    refreshes,
    changes: each(counts.changes),
    calls: each(counts.calls),
    timersArmed: each(counts.timersArmed),
    clockReads: each(counts.clockReads),
    heapOperations: each(counts.heapOperations),
    listenersCalled: each(counts.listenersCalled),
    comparisons: each(counts.comparisons),
    terminalChecks: each(counts.terminalChecks),
    intervalsAsked: each(counts.intervalsAsked),
    snapshots: each(counts.snapshots),
    promises: each(counts.promises),
  }
}
