import { describe, expect, it } from 'vitest'
import { running, world } from './world.ts'

describe('sleep and the wall clock', () => {
  it('T6, F2: a sleep brings nothing forward that was scheduled after it', async () => {
    const w = world({ answer: () => 'wait', timeout: 30_000 })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    w.clock.sleep(3_600_000)
    w.lastCall().answer([{ id: 'a', action: 'fail', error: 'busy', retryAfter: 100_000 }])
    await w.clock.advance(60_000)
    expect(w.calls).toHaveLength(1)
  })

  it('T6: a time in a snapshot is read from the wall clock at that moment, which may have been set', async () => {
    const w = world({ syncOnCreate: false })
    w.cache.start().getOrCreate('a', running())
    w.clock.setEpoch(w.clock.epoch() + 5000)
    w.cache.getOrCreate('b', running())
    for (const id of ['a', 'b']) expect(w.cache.getSnapshot(id).nextRefreshAt).toBe(w.clock.epoch() + 1000)
  })

  it('T6, S1: a wall clock that is set back while a batch window is open moves nothing', async () => {
    const w = world({ batchWindow: 20_000 })
    w.cache.getOrCreate('a', running())
    await w.clock.advance(1000)
    w.clock.setEpoch(w.clock.epoch() - 3_600_000)
    w.cache.getOrCreate('b', running())
    for (const id of ['a', 'b']) expect(w.cache.getSnapshot(id).nextRefreshAt).toBe(w.clock.epoch() + 19_000)
    w.cache.start()
    w.clock.sleep(40_000)
    w.environment.setVisible(false)
    w.environment.setVisible(true)
    await w.clock.advance(0)
    expect(w.batches()).toEqual([['a', 'b']])
  })

  it('T6, S1: an item that is created after a sleep does not put off a batch window that ended in it', async () => {
    const w = world({ batchWindow: 20_000 })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    w.clock.sleep(40_000)
    w.cache.getOrCreate('b', running())
    await w.clock.advance(0)
    expect(w.batches()).toEqual([['a']])
  })
})
