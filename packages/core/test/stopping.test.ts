import { describe, expect, it } from 'vitest'
import { running, stepped, world } from './world.ts'

describe('stopping from within', () => {
  it('L3: who stops the cache when told of a call that starts, stops that call, too', async () => {
    const w = world({ answer: stepped })
    w.cache.onEvent((event) => {
      if (event.type === 'sync-started') void w.cache.stop()
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(5000)
    expect(w.calls).toHaveLength(0)
    expect(w.cache.get('a')).toEqual(running())
    expect(w.cache.inProcessing('a')).toBe(false)
    expect(w.clock.timers).toBe(0)
  })

  it('L4: and the next start makes that call', async () => {
    const w = world({ answer: stepped })
    const unsubscribe = w.cache.onEvent((event) => {
      if (event.type === 'sync-started') void w.cache.stop()
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    unsubscribe()
    w.cache.start()
    await w.clock.advance(0)
    expect(w.batches()).toEqual([['a']])
    expect(w.cache.get('a')).toEqual(running(1))
  })
})
