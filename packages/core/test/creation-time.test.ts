import { describe, expect, it } from 'vitest'
import { VirtualClock } from '@auto-refresh/core/testing'
import { times } from './scheduling.ts'
import { running, unchanged, world, type Job } from './world.ts'

/** A clock whose wall clock somebody sets. */
class SetClock extends VirtualClock {
  /** ms by which the wall clock was set forward. */
  ahead = 0

  override epoch(): number {
    return super.epoch() + this.ahead
  }
}

describe('the time of a creation', () => {
  it('T6: it is read from the wall clock at that moment, also if that was just set', async () => {
    const clock = new SetClock(1_000_000)
    const { cache } = world({ clock })
    cache.start().getOrCreate('a', running())
    clock.ahead = -3_600_000
    cache.getOrCreate('b', running())
    expect(cache.getSnapshot('a').createdAt).toBe(1_000_000)
    expect(cache.getSnapshot('b').createdAt).toBe(-2_600_000)
    await cache.stop()
  })

  it('S1, T6: a wall clock that is set back to the time of an earlier creation moves no due time', async () => {
    const clock = new SetClock(1_000_000)
    const calls: { readonly at: number; readonly ids: readonly string[] }[] = []
    const { cache } = world<Job>({
      clock,
      syncOnCreate: false,
      batchSize: 1,
      sync: (batch) => {
        calls.push({ at: clock.now(), ids: batch.map(({ id }) => id) })
        return unchanged(batch)
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(400)
    clock.ahead = -400
    cache.getOrCreate('b', running())
    await clock.advance(1000)
    expect(calls.filter(({ ids }) => ids.includes('b'))).toEqual([{ at: 1400, ids: ['b'] }])
    expect(times(calls.filter(({ ids }) => ids.includes('a')))).toEqual([1000])
  })
})
