import { expiry, lru, type SyncResponse } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { only, typesOf } from './scheduling.ts'
import { isTerminal, done, running, stepped, unchanged, world, type Job, type World } from './world.ts'

describe('starting and stopping', () => {
  it('events: started and stopped, at once', () => {
    const { cache, events } = world()
    expect(events).toEqual([])
    cache.start()
    expect(events).toEqual([{ type: 'started' }])
    void cache.stop()
    expect(events).toEqual([{ type: 'started' }, { type: 'stopped' }])
  })

  it('events: a start of a running cache and a stop of one that does not run are none', async () => {
    const { cache, events } = world()
    await cache.stop()
    cache.start().start()
    await cache.stop()
    await cache.stop()
    expect(typesOf(events)).toEqual(['started', 'stopped'])
  })

  it('events: an abort of the signal is a stop', () => {
    const { cache, events } = world()
    const controller = new AbortController()
    cache.start({ signal: controller.signal })
    controller.abort()
    expect(typesOf(events)).toEqual(['started', 'stopped'])
  })

  it('events: a start with a signal that is aborted already is none', () => {
    const { cache, events } = world()
    cache.start({ signal: AbortSignal.abort() })
    expect(events).toEqual([])
  })

  it('events: retain starts, the last release stops', async () => {
    const { cache, clock, events } = world()
    const release = cache.retain()
    expect(typesOf(events)).toEqual(['started'])
    release()
    await clock.advance(0)
    expect(typesOf(events)).toEqual(['started', 'stopped'])
  })
})

describe('paused and resumed', () => {
  it.each<['hidden' | 'offline' | 'user', (w: World<Job>, isPaused: boolean) => void]>([
    ['hidden', ({ environment }, isPaused) => environment.setVisible(!isPaused)],
    ['offline', ({ environment }, isPaused) => environment.setOnline(!isPaused)],
    ['user', ({ cache }, isPaused) => (isPaused ? cache.pause() : cache.resume())],
  ])('events: paused and resumed, with the reason %s', async (reason, setPaused) => {
    const w = world()
    w.cache.start()
    setPaused(w, true)
    await w.clock.advance(0)
    expect(only(w.events, 'paused', 'resumed')).toEqual([{ type: 'paused', reason }])
    setPaused(w, false)
    await w.clock.advance(0)
    expect(only(w.events, 'paused', 'resumed')).toEqual([
      { type: 'paused', reason },
      { type: 'resumed', reason },
    ])
  })

  it('events: a pause that holds at the start is told after the start', () => {
    const { cache, environment, events } = world()
    environment.setVisible(false)
    cache.pause()
    cache.start()
    expect(events.filter(({ type }) => type !== 'paused')).toEqual([{ type: 'started' }])
    expect(events[0]).toEqual({ type: 'started' })
    expect(events.slice(1)).toContainEqual({ type: 'paused', reason: 'hidden' })
  })

  it('events: each reason has events of its own', async () => {
    const { cache, clock, environment, events } = world()
    cache.start()
    environment.setVisible(false)
    await clock.advance(0)
    environment.setOnline(false)
    await clock.advance(0)
    environment.setVisible(true)
    await clock.advance(0)
    environment.setOnline(true)
    await clock.advance(0)
    expect(only(events, 'paused', 'resumed')).toEqual([
      { type: 'paused', reason: 'hidden' },
      { type: 'paused', reason: 'offline' },
      { type: 'resumed', reason: 'hidden' },
      { type: 'resumed', reason: 'offline' },
    ])
  })

  it('events: no event for a reason whose option is true', async () => {
    const { cache, clock, environment, events } = world({ refreshWhenHidden: true, refreshWhenOffline: true })
    cache.start()
    environment.setVisible(false)
    environment.setOnline(false)
    await clock.advance(0)
    environment.setVisible(true)
    environment.setOnline(true)
    await clock.advance(0)
    expect(typesOf(events)).toEqual(['started'])
  })

  it('events: no event of a cache that does not run', async () => {
    const { cache, clock, environment, events } = world()
    environment.setVisible(false)
    environment.setVisible(true)
    cache.start()
    await cache.stop()
    environment.setVisible(false)
    await clock.advance(0)
    expect(typesOf(events)).toEqual(['started', 'stopped'])
  })
})

describe('items', () => {
  it('events: created, with the id and the item, and once', () => {
    const { cache, events } = world()
    const item = running(3)
    cache.getOrCreate('a', item)
    cache.getOrCreate('a', running(4))
    expect(events).toEqual([{ type: 'created', id: 'a', item }])
  })

  it('events: updated by a local update, with the new item', () => {
    const { cache, events } = world()
    cache.getOrCreate('a', running())
    const item = running(1)
    cache.update('a', item)
    expect(events.slice(1)).toEqual([{ type: 'updated', id: 'a', item }])
  })

  it('events: updated by a sync that brings a new value, and by an ingest', async () => {
    const { cache, clock, events } = world({ answer: stepped })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(only(events, 'updated')).toEqual([{ type: 'updated', id: 'a', item: running(1) }])
    cache.ingest([{ id: 'a', item: running(9) }])
    expect(only(events, 'updated').at(-1)).toEqual({ type: 'updated', id: 'a', item: running(9) })
    expect(only(events, 'updated')).toHaveLength(2)
  })

  it('events: no updated if a sync changed nothing, or failed', async () => {
    const failing = (): SyncResponse<Job>[] => [{ id: 'a', action: 'fail', error: 1 }]
    for (const answer of [unchanged<Job>, failing]) {
      const { cache, clock, events } = world({ answer })
      cache.start().getOrCreate('a', running())
      await clock.advance(3000)
      cache.ingest([{ id: 'a', item: running() }])
      expect(only(events, 'updated')).toEqual([])
    }
  })

  it('events: no event of an update and a deletion of an absent id', () => {
    const { cache, events } = world()
    cache.update('a', running())
    cache.delete('a')
    cache.deleteDelayed('a')
    expect(events).toEqual([])
  })

  it('events: terminal, by a local update and by a sync, with the item, and once', async () => {
    const { cache, clock, events } = world({
      isTerminal,
      answer: (batch) => batch.map(({ id }) => ({ id, item: done(2) })),
    })
    cache.getOrCreate('a', running())
    cache.update('a', done(1))
    cache.update('a', done(1))
    expect(only(events, 'terminal')).toEqual([{ type: 'terminal', id: 'a', item: done(1) }])
    cache.start().getOrCreate('b', running())
    await clock.advance(0)
    expect(only(events, 'terminal')[1]).toEqual({ type: 'terminal', id: 'b', item: done(2) })
    expect(only(events, 'terminal')).toHaveLength(2)
  })

  it('events: terminal again after it was not any more', () => {
    const { cache, events } = world({ isTerminal })
    cache.getOrCreate('a', running())
    cache.update('a', done())
    cache.update('a', running())
    cache.update('a', done())
    expect(only(events, 'terminal')).toHaveLength(2)
  })

  it('events: an item that is terminal when it is created is told as created, then terminal', () => {
    const { cache, events } = world({ isTerminal })
    cache.getOrCreate('a', done())
    expect(events).toEqual([
      { type: 'created', id: 'a', item: done() },
      { type: 'terminal', id: 'a', item: done() },
    ])
  })

  it('events: expired, with the item, once, when it expires', async () => {
    const { cache, clock, events } = world({ policies: [expiry({ maxAge: 1500 })] })
    const item = running()
    cache.start().getOrCreate('a', item)
    await clock.advance(1499)
    expect(only(events, 'expired')).toEqual([])
    await clock.advance(10_000)
    expect(only(events, 'expired')).toEqual([{ type: 'expired', id: 'a', item }])
  })

  it('events: evicted, with the id and the item', () => {
    const { cache, events } = world({ policies: [lru(1)] })
    cache.getOrCreate('a', running(1))
    cache.getOrCreate('b', running(2))
    expect(only(events, 'evicted')).toEqual([{ type: 'evicted', id: 'a', item: running(1) }])
  })
})

/** The one `deleted` event, and that the item is gone. */
function expectDeleted({ cache, events }: World<Job>, reason: string, item = running()): void {
  expect(only(events, 'deleted')).toEqual([{ type: 'deleted', id: 'a', item, reason }])
  expect(cache.has('a')).toBe(false)
}

describe('the reason of deleted', () => {
  it('events: `deleted`, by delete', () => {
    const all = world()
    all.cache.getOrCreate('a', running())
    all.cache.delete('a')
    all.cache.delete('a')
    expectDeleted(all, 'deleted')
  })

  it('events: `delayed`, by deleteDelayed, when it goes', async () => {
    const all = world()
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(0)
    all.cache.deleteDelayed('a')
    await all.clock.advance(999)
    expect(only(all.events, 'deleted')).toEqual([])
    await all.clock.advance(1)
    expectDeleted(all, 'delayed')
  })

  it('events: `deleted`, if delete comes before deleteDelayed takes effect', async () => {
    const all = world()
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(0)
    all.cache.deleteDelayed('a')
    all.cache.delete('a')
    await all.clock.advance(5000)
    expectDeleted(all, 'deleted')
  })

  it('events: `gone`, by a sync', async () => {
    const all = world({ answer: (batch) => batch.map(({ id }) => ({ id, action: 'delete' })) })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(0)
    expectDeleted(all, 'gone')
  })

  it('events: `gone`, by an ingest', () => {
    const all = world()
    all.cache.getOrCreate('a', running())
    all.cache.ingest([{ id: 'a', action: 'delete' }])
    expectDeleted(all, 'gone')
  })

  it('events: `gone`, by a response that leaves it out, if `missing` says so', async () => {
    const all = world({ missing: 'delete', answer: () => [] })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(0)
    expectDeleted(all, 'gone')
  })

  it('events: `terminal-ttl`, of a terminal item', async () => {
    const all = world({ isTerminal, policies: [expiry({ terminalTtl: 700 })] })
    all.cache.start().getOrCreate('a', done())
    await all.clock.advance(699)
    expect(only(all.events, 'deleted')).toEqual([])
    await all.clock.advance(1)
    expectDeleted(all, 'terminal-ttl', done())
  })

  it('events: `terminal-ttl`, of an expired item', async () => {
    const all = world({ policies: [expiry({ maxAge: 300, terminalTtl: 400 })] })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(700)
    expectDeleted(all, 'terminal-ttl')
  })

  it('events: `unobserved`, by gcTime', async () => {
    const all = world({ gcTime: 500 })
    const unsubscribe = all.cache.start().subscribe('a', () => undefined, { initialItem: running() })
    await all.clock.advance(10)
    unsubscribe()
    await all.clock.advance(499)
    expect(only(all.events, 'deleted')).toEqual([])
    await all.clock.advance(1)
    expectDeleted(all, 'unobserved')
  })

  it('events: it carries the last item, not the first', () => {
    const all = world()
    all.cache.getOrCreate('a', running())
    all.cache.update('a', running(5))
    all.cache.delete('a')
    expectDeleted(all, 'deleted', running(5))
  })
})
