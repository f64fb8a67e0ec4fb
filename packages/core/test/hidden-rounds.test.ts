import { describe, expect, it } from 'vitest'
import { times } from './scheduling.ts'
import { running, world } from './world.ts'

describe('rounds while hidden', () => {
  it('G7: a time without anything overdue is no round: what falls due after it is refreshed when it is due', async () => {
    const { cache, clock, calls, environment } = world({ interval: 60_000, refreshWhenHidden: 10_000 })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    environment.setVisible(false)
    await clock.advance(54_000)
    // A write makes the cache look at what is due.
    cache.update('a', running(1))
    await clock.advance(5000)
    expect(times(calls)).toEqual([0, 60_000])
  })
})
