import { describe, expect, it } from 'vitest'
import { done, running } from '../group.ts'
import { site } from './site.ts'

describe('a hub', () => {
  it('H3: a client has the value at once, then each change, by one stream', async () => {
    const { clock, source, calls, join, hub } = site()
    const { cache, network } = join()
    cache.getOrCreate('x')
    await clock.advance(100)
    expect(cache.stats()).toMatchObject({ role: 'follower' })
    expect(cache.get('x')).toEqual(running())
    source.set('x', running(1))
    await clock.advance(1000)
    expect(cache.get('x')).toEqual(running(1))
    await clock.advance(20_000)
    expect(network.exchanges.map(({ action }) => action)).toEqual(['stream'])
    expect(hub.stats()).toEqual({ clients: 1, ids: 1 })
    expect(calls.length).toBeGreaterThan(20)
    source.set('x', done(2))
    await clock.advance(1000)
    expect(cache.get('x')).toEqual(done(2))
    // H10: what is terminal is not wanted, and who wants nothing holds no stream.
    await clock.advance(12_000)
    expect(hub.stats()).toEqual({ clients: 0, ids: 0 })
    await clock.advance(60_000)
    expect(cache.stats().role).toBe('follower')
    cache.getOrCreate('y')
    await clock.advance(100)
    expect(cache.get('y')).toEqual(running())
  })
})
