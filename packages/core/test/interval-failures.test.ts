import { describe, expect, it } from 'vitest'
import { createAll, failed, outcomeOf, times, untyped } from './scheduling.ts'
import { running, stepped, world } from './world.ts'

const bad: readonly (readonly [string, () => number])[] = [
  ['NaN', () => NaN],
  ['0', () => 0],
  ['a negative', () => -5],
  ['-Infinity', () => -Infinity],
  ['undefined', () => untyped(undefined)],
  ['a numeric string', () => untyped('500')],
  ['a bigint', () => untyped(5n)],
  ['a Date', () => untyped(new Date(5))],
  [
    'a throw',
    () => {
      throw new Error('interval')
    },
  ],
]

describe('an interval that is not a number above 0', () => {
  it.each(bad)('S16: %s is a failure of the item, and the last good interval is used', async (_, answer) => {
    let count = 0
    const { cache, clock, calls } = world({
      interval: () => {
        count += 1
        return count === 2 ? answer() : 700
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(700)
    expect(cache.getSnapshot('a').failureCount).toBe(1)
    expect(cache.getSnapshot('a').error).toBeDefined()
    await clock.advance(700)
    expect(times(calls)).toEqual([0, 700, 1400])
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 0, error: undefined })
  })

  it.each(bad)('S16: after %s from the first on, retry.maxDelay is used', async (_, answer) => {
    const { cache, clock, calls } = world({ interval: answer, retry: { maxDelay: 5000 } })
    cache.start().getOrCreate('a', running())
    await clock.advance(10_000)
    expect(times(calls)).toEqual([0, 5000, 10_000])
    expect(cache.getSnapshot('a').failureCount).toBeGreaterThan(0)
  })

  it.each(bad)('S16: after %s at the creation, retry.maxDelay is used', async (_, answer) => {
    const { cache, clock, calls } = world({
      interval: answer,
      syncOnCreate: false,
      retry: { maxDelay: 5000 },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(5000)
    expect(times(calls)).toEqual([5000])
  })

  it('S16, F1: on top of a failure it counts as no failure of its own', async () => {
    const error = new Error('busy')
    const { cache, clock } = world({
      answer: (batch) => batch.map(({ id }) => failed(id, error)),
      interval: () => NaN,
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 1, error })
  })

  it('S16, F2: as a failure of the item itself it is delayed by the jitter of retry', async () => {
    let count = 0
    const { cache, clock, calls } = world({
      interval: () => ((count += 1) === 1 ? 1000 : NaN),
      jitter: 0,
      retry: { jitter: 0.5 },
      random: () => 0.5,
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(3500)
    expect(times(calls)).toEqual([0, 1000, 2250, 3500])
  })

  it('S16, F2: one at the creation is a failure from then on, and delayed as such', () => {
    const { cache } = world({
      interval: () => NaN,
      syncOnCreate: false,
      random: () => 0.5,
      retry: { maxDelay: 5000, jitter: 0.5 },
    })
    cache.start().getOrCreate('a', running())
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 1, nextRefreshAt: 1_006_250 })
  })

  it('S16, F2: one at the creation is the first of the failures in a row', async () => {
    let count = 0
    const { cache, clock, calls } = world({
      interval: () => ((count += 1) === 1 ? NaN : 1000),
      syncOnCreate: false,
      retry: { factor: 2, maxDelay: 5000, jitter: 0 },
      answer: (batch) => batch.map(({ id }) => failed(id)),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(8000)
    expect(times(calls)).toEqual([5000, 7000])
  })

  it('S16: the value of the sync is kept', async () => {
    const { cache, clock } = world({ answer: stepped, interval: () => NaN })
    cache.start().getOrCreate('a', running(0))
    await clock.advance(0)
    expect(cache.get('a')).toEqual(running(1))
  })

  it('S16, S8: a refresh resolves, because the sync was a success', async () => {
    const { cache, clock } = world({ interval: () => NaN })
    cache.start().getOrCreate('a', running())
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
  })

  it('S16: after a success it is the first failure of a new row, each time', async () => {
    const { cache, clock, calls } = world({ interval: () => NaN, retry: { maxDelay: 2000 } })
    cache.start().getOrCreate('a', running())
    await clock.advance(6000)
    expect(times(calls)).toEqual([0, 2000, 4000, 6000])
    expect(cache.getSnapshot('a').failureCount).toBe(1)
  })

  it('S16: it fails that item alone', async () => {
    const { cache, clock } = world({ interval: (_, id) => (id === 'bad' ? NaN : 1000) })
    cache.start()
    createAll(cache, ['good', 'bad', 'fine'])
    await clock.advance(0)
    expect(['good', 'bad', 'fine'].map((id) => cache.getSnapshot(id).failureCount)).toEqual([0, 1, 0])
    expect(cache.getSnapshot('good').nextRefreshAt).toBe(1_001_000)
  })

  it('S16: it does not make the call a failed one', async () => {
    const { cache, clock } = world({ interval: () => NaN })
    cache.start().getOrCreate('a', running())
    await clock.advance(600_000)
    expect(cache.stats().syncErrors).toBe(0)
    expect(cache.getStatus()).toMatchObject({ isOutage: false, error: undefined })
  })
})
