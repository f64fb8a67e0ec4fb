import { AutoRefreshError } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { inCall, remote, settle } from './item-in-call.ts'
import { isTerminal, done, running, world } from './world.ts'

describe('a terminal item', () => {
  it('W7, D3: an item that was made terminal during the call stays so', async () => {
    const all = await inCall()
    all.cache.update('a', done(2))
    await settle(all, remote)
    expect(all.cache.getSnapshot('a')).toMatchObject({ status: 'terminal', item: done(2) })
  })

  it('W7: a pushed value does not reopen it', () => {
    const { cache } = world({ isTerminal })
    cache.start().getOrCreate('a', done(2))
    cache.ingest([remote])
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'terminal', item: done(2) })
  })

  it('W7: one push after another does not reopen it', () => {
    const { cache } = world({ isTerminal })
    cache.getOrCreate('a', running())
    cache.ingest([{ id: 'a', item: done(3) }])
    cache.ingest([{ id: 'a', item: running(4) }])
    expect(cache.get('a')).toEqual(done(3))
  })

  it('W7, W11: the validator of a refused value does not belong to the value that stays', async () => {
    const all = world({ isTerminal: (job) => job.done, answer: () => 'wait' })
    all.cache.start().getOrCreate('a', done())
    all.cache.ingest([{ id: 'a', item: done(1), validator: 'v1' }])
    all.cache.ingest([{ id: 'a', item: running(2), validator: 'v2' }])
    void all.cache.refresh('a')
    await all.clock.advance(0)
    expect(all.lastCall().batch).toEqual([{ id: 'a', item: done(1), validator: 'v1' }])
  })

  it('W7: another terminal value is taken', async () => {
    const { cache } = world({ isTerminal, answer: () => [{ id: 'a', item: done(9) }] })
    cache.start().getOrCreate('a', done(2))
    await cache.refresh('a')
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'terminal', item: done(9) })
  })

  it('W7: it can be deleted by the source', async () => {
    const { cache } = world({ isTerminal, answer: () => [{ id: 'a', action: 'delete' }] })
    cache.start().getOrCreate('a', done(2))
    const error: unknown = await cache.refresh('a').catch((reason: unknown) => reason)
    expect(error instanceof AutoRefreshError && error.code).toBe('DELETED')
    expect(cache.has('a')).toBe(false)
  })

  it('W7: a local update brings it back to life, and the source is heard again', async () => {
    const { cache, clock } = world({ isTerminal, answer: () => [remote] })
    cache.start().getOrCreate('a', done(2))
    cache.update('a', running(3))
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'active', item: running(3) })
    await clock.advance(1000)
    expect(cache.get('a')).toEqual(running(9))
  })
})
