import type { AutoRefreshEvent, SyncResponse } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { untyped } from './scheduling-helpers.ts'
import {
  isTerminal,
  captureReports,
  done,
  running,
  stepped,
  unchanged,
  world,
  type Job,
  type World,
} from './world.ts'

type Event = AutoRefreshEvent<Job>
const types = (events: readonly Event[]): string[] => events.map((event) => event.type)
const only = (events: readonly Event[], ...wanted: Event['type'][]): Event[] =>
  events.filter((event) => wanted.includes(event.type))

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
    expect(types(events)).toEqual(['started', 'stopped'])
  })

  it('events: an abort of the signal is a stop', () => {
    const { cache, events } = world()
    const controller = new AbortController()
    cache.start({ signal: controller.signal })
    controller.abort()
    expect(types(events)).toEqual(['started', 'stopped'])
  })

  it('events: a start with a signal that is aborted already is none', () => {
    const { cache, events } = world()
    cache.start({ signal: AbortSignal.abort() })
    expect(events).toEqual([])
  })

  it('events: retain starts, the last release stops', async () => {
    const { cache, clock, events } = world()
    const release = cache.retain()
    expect(types(events)).toEqual(['started'])
    release()
    await clock.advance(0)
    expect(types(events)).toEqual(['started', 'stopped'])
  })
})

describe('paused and resumed', () => {
  it('events: paused when the page is hidden, resumed when it is back', async () => {
    const { cache, clock, environment, events } = world()
    cache.start()
    environment.setVisible(false)
    await clock.advance(0)
    expect(only(events, 'paused', 'resumed')).toEqual([{ type: 'paused' }])
    environment.setVisible(true)
    await clock.advance(0)
    expect(only(events, 'paused', 'resumed')).toEqual([{ type: 'paused' }, { type: 'resumed' }])
  })

  it('events: who stops a hidden cache as it hears of its start is told of no pause', () => {
    const { cache, environment, events } = world()
    environment.setVisible(false)
    cache.onEvent(({ type }) => {
      if (type === 'started') void cache.stop()
    })
    cache.start()
    expect(types(events)).toEqual(['started', 'stopped'])
  })

  it('events: hidden and offline together are one pause, which ends when both are over', async () => {
    const { cache, clock, environment, events } = world()
    cache.start()
    environment.setVisible(false)
    environment.setOnline(false)
    await clock.advance(0)
    environment.setVisible(true)
    await clock.advance(0)
    expect(only(events, 'paused', 'resumed')).toEqual([{ type: 'paused' }])
    environment.setOnline(true)
    await clock.advance(0)
    expect(types(only(events, 'paused', 'resumed'))).toEqual(['paused', 'resumed'])
  })

  it('events: none where the options refresh when hidden and offline', async () => {
    const { cache, clock, environment, events } = world({ refreshWhenHidden: true, refreshWhenOffline: true })
    cache.start()
    environment.setVisible(false)
    environment.setOnline(false)
    await clock.advance(0)
    environment.setVisible(true)
    environment.setOnline(true)
    await clock.advance(0)
    expect(types(events)).toEqual(['started'])
  })

  it('events: none of a cache that does not run', async () => {
    const { cache, clock, environment, events } = world()
    environment.setVisible(false)
    environment.setVisible(true)
    cache.start()
    await cache.stop()
    environment.setVisible(false)
    await clock.advance(0)
    expect(types(events)).toEqual(['started', 'stopped'])
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

  it('events: no updated where a sync changed nothing, or failed', async () => {
    const failing = (): SyncResponse<Job>[] => [{ id: 'a', action: 'fail', error: 1 }]
    for (const answer of [unchanged<Job>, failing]) {
      const { cache, clock, events } = world({ answer })
      cache.start().getOrCreate('a', running())
      await clock.advance(3000)
      cache.ingest([{ id: 'a', item: running() }])
      expect(only(events, 'updated')).toEqual([])
    }
  })

  it('events: none of what did not happen: an update and a deletion of an absent id', () => {
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
    const { cache, clock, events } = world({ maxAge: 1500 })
    const item = running()
    cache.start().getOrCreate('a', item)
    await clock.advance(1499)
    expect(only(events, 'expired')).toEqual([])
    await clock.advance(10_000)
    expect(only(events, 'expired')).toEqual([{ type: 'expired', id: 'a', item }])
  })

  it('events: evicted, with the id and the item', () => {
    const { cache, events } = world({ capacity: 1 })
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

describe('deleted and why', () => {
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

  it('events: `deleted`, where delete came before deleteDelayed took effect', async () => {
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

  it('events: `gone`, by a response that leaves it out where that says so', async () => {
    const all = world({ missing: 'delete', answer: () => [] })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(0)
    expectDeleted(all, 'gone')
  })

  it('events: `terminal-ttl`, of a terminal item', async () => {
    const all = world({ isTerminal, terminalTtl: 700 })
    all.cache.start().getOrCreate('a', done())
    await all.clock.advance(699)
    expect(only(all.events, 'deleted')).toEqual([])
    await all.clock.advance(1)
    expectDeleted(all, 'terminal-ttl', done())
  })

  it('events: `terminal-ttl`, of an expired item', async () => {
    const all = world({ maxAge: 300, terminalTtl: 400 })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(700)
    expectDeleted(all, 'terminal-ttl')
  })

  it('events: `unobserved`, by gcTime', async () => {
    const all = world({ gcTime: 500 })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(500)
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

describe('sync calls', () => {
  it('events: sync-started with the ids, sync-settled with the ids and the duration', async () => {
    const { cache, clock, events, lastCall } = world({ answer: () => 'wait' })
    cache.start()
    await clock.advance(1000)
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(100)
    expect(only(events, 'sync-started')).toEqual([{ type: 'sync-started', ids: ['a', 'b'] }])
    await clock.advance(250)
    expect(only(events, 'sync-settled')).toEqual([])
    lastCall().answer([])
    await clock.advance(0)
    expect(only(events, 'sync-settled')).toEqual([{ type: 'sync-settled', ids: ['a', 'b'], duration: 350 }])
  })

  it('events: a call that did not fail has no error, not even one that is undefined', async () => {
    const { cache, clock, events } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const [settled] = only(events, 'sync-settled')
    expect(settled).toBeDefined()
    expect(Object.keys(settled ?? {}).sort()).toEqual(['duration', 'ids', 'type'])
  })

  it('events: a call that failed has its error', async () => {
    const { cache, clock, events, lastCall } = world({ answer: () => 'wait' })
    const error = new Error('down')
    cache.start().getOrCreate('a', running())
    await clock.advance(20)
    lastCall().fail(error)
    await clock.advance(0)
    expect(only(events, 'sync-settled')).toEqual([{ type: 'sync-settled', ids: ['a'], duration: 20, error }])
  })

  it('events: a call that failed with undefined has an error that is undefined', async () => {
    const { cache, clock, events, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    lastCall().fail(undefined)
    await clock.advance(0)
    const [settled] = only(events, 'sync-settled')
    expect(settled).toHaveProperty('error', undefined)
  })

  it('events: a call that answers nothing iterable has an error', async () => {
    const { cache, clock, events } = world({ answer: () => untyped(5) })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const [settled] = only(events, 'sync-settled')
    expect(settled).toHaveProperty('error')
    expect(cache.getSnapshot('a').error).toBeInstanceOf(Error)
  })

  it('events: a call that timed out is settled then, once, with TIMEOUT', async () => {
    const { cache, clock, events, calls } = world({ timeout: 100, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    expect(only(events, 'sync-settled')).toMatchObject([
      { ids: ['a'], duration: 100, error: { code: 'TIMEOUT' } },
    ])
    calls[0]?.answer([])
    await clock.advance(0)
    expect(only(events, 'sync-settled')).toHaveLength(1)
  })

  it('events: a `fail` of an item is no error of the call', async () => {
    const { cache, clock, events } = world({
      answer: (batch) => batch.map(({ id }) => ({ id, action: 'fail', error: 1 })),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(only(events, 'sync-settled')).toEqual([{ type: 'sync-settled', ids: ['a'], duration: 0 }])
  })

  it('events: every call that starts settles once, also where calls overlap', async () => {
    const { cache, clock, events, calls } = world({ batchSize: 1, parallelism: 3, answer: () => 'wait' })
    cache.start()
    for (const id of ['a', 'b', 'c']) cache.getOrCreate(id, running())
    await clock.advance(10)
    calls[1]?.answer([])
    await clock.advance(10)
    calls[0]?.fail(new Error('down'))
    calls[2]?.answer([])
    await clock.advance(10)
    expect(types(only(events, 'sync-started', 'sync-settled'))).toEqual([
      'sync-started',
      'sync-started',
      'sync-started',
      'sync-settled',
      'sync-settled',
      'sync-settled',
    ])
    expect(only(events, 'sync-settled')).toMatchObject([
      { ids: calls[1]?.ids, duration: 10 },
      { ids: calls[0]?.ids, duration: 20, error: { message: 'down' } },
      { ids: calls[2]?.ids, duration: 20 },
    ])
  })

  it('events: the ids are kept, whatever becomes of the batch', async () => {
    const { cache, clock, events } = world({
      answer: (batch) => {
        cache.delete('a')
        return unchanged(batch)
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(only(events, 'sync-started', 'sync-settled')).toMatchObject([{ ids: ['a'] }, { ids: ['a'] }])
  })
})

describe('outages', () => {
  it('events: outage-started with the third failed call, outage-ended with the first that succeeds', async () => {
    let up = false
    const { cache, clock, events, calls } = world({
      retry: { factor: 1 },
      answer: (batch) => (up ? unchanged(batch) : Promise.reject(new Error('down'))),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(1999)
    expect(calls).toHaveLength(2)
    expect(only(events, 'outage-started', 'outage-ended')).toEqual([])
    await clock.advance(1)
    expect(only(events, 'outage-started', 'outage-ended')).toEqual([{ type: 'outage-started' }])
    await clock.advance(10_000)
    expect(only(events, 'outage-started', 'outage-ended')).toEqual([{ type: 'outage-started' }])
    up = true
    await clock.advance(10_000)
    expect(only(events, 'outage-started', 'outage-ended')).toEqual([
      { type: 'outage-started' },
      { type: 'outage-ended' },
    ])
  })
})

describe('unexpected responses', () => {
  const answering = async (...responses: unknown[]): Promise<World<Job>> => {
    const all = world({ answer: () => responses.map(untyped) })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(0)
    return all
  }

  it('events: a response for an id that is not in the batch, with the id', async () => {
    const response = { id: 'other', item: running(1) }
    const { events } = await answering({ id: 'a', action: 'unchanged' }, response)
    expect(only(events, 'unexpected-response')).toEqual([
      { type: 'unexpected-response', id: 'other', response },
    ])
  })

  it('events: a response without a usable id, with none', async () => {
    for (const response of [{ item: running(1) }, { id: 7, item: running(1) }, null, 'text']) {
      const { events } = await answering({ id: 'a', action: 'unchanged' }, response)
      expect(only(events, 'unexpected-response')).toEqual([
        { type: 'unexpected-response', id: undefined, response },
      ])
    }
  })

  it('events: none for responses that were expected', async () => {
    const { events } = await answering({ id: 'a', item: running(1) })
    expect(only(events, 'unexpected-response')).toEqual([])
  })
})

describe('callback errors', () => {
  it('events, F7: what callbacks throw, as it is', async () => {
    const captured = captureReports()
    try {
      const thrown = {
        isTerminal: new Error('isTerminal'),
        equals: 'a string',
        createBatches: new Error('batches'),
      }
      const fail = (name: keyof typeof thrown) => (): never => {
        throw thrown[name]
      }
      const { cache, clock, events } = world({
        answer: stepped,
        isTerminal: fail('isTerminal'),
        equals: fail('equals'),
        createBatches: fail('createBatches'),
      })
      cache.start().getOrCreate('a', running())
      await clock.advance(0)
      const errors = events.flatMap((event) => (event.type === 'callback-error' ? [event.error] : []))
      expect(new Set(errors)).toEqual(new Set(Object.values(thrown)))
      expect(captured.reports).toEqual(errors)
    } finally {
      captured.restore()
    }
  })

  it('events, F7: what an event listener throws, to the others, and it stays a listener', () => {
    const captured = captureReports()
    try {
      const { cache, events } = world()
      const error = new Error('of an event listener')
      let heard = 0
      cache.onEvent((event) => {
        if (event.type !== 'created') return
        heard += 1
        throw error
      })
      cache.getOrCreate('a', running())
      cache.getOrCreate('b', running())
      expect(heard).toBe(2)
      expect(types(events)).toEqual(['created', 'callback-error', 'created', 'callback-error'])
      expect(only(events, 'callback-error')[0]).toEqual({ type: 'callback-error', error })
      expect(captured.reports).toEqual([error, error])
    } finally {
      captured.restore()
    }
  })

  it('events, F7: a listener that throws at everything does not go on for ever', async () => {
    const captured = captureReports()
    try {
      const { cache, clock, events } = world({ answer: stepped })
      let heard = 0
      cache.onEvent(() => {
        heard += 1
        throw new Error('of an event listener')
      })
      cache.start().getOrCreate('a', running())
      await clock.advance(1000)
      expect(cache.get('a')).toEqual(running(2))
      expect(heard).toBeLessThan(100)
      expect(types(only(events, 'started', 'created', 'sync-started', 'updated'))).toEqual([
        'started',
        'created',
        'sync-started',
        'updated',
        'sync-started',
        'updated',
      ])
      expect(only(events, 'sync-settled')).toHaveLength(2)
    } finally {
      captured.restore()
    }
  })
})

describe('at once, in order, when the state is consistent', () => {
  it('events: told before the method returns', () => {
    const { cache, events } = world({ isTerminal })
    const seen: number[] = []
    const look = (): unknown => seen.push(events.length)
    cache.getOrCreate('a', running())
    look()
    cache.update('a', running(1))
    look()
    cache.delete('a')
    look()
    cache.start()
    look()
    expect(seen).toEqual([1, 2, 3, 4])
  })

  it('events: told before the listeners of the item', async () => {
    const { cache, clock } = world()
    const order: string[] = []
    cache.subscribe('a', () => order.push('listener'))
    cache.onEvent((event) => order.push(event.type))
    cache.getOrCreate('a', running())
    await clock.advance(0)
    expect(order).toEqual(['created', 'listener'])
  })

  it('events: in the order in which things happened', async () => {
    const { cache, clock, events } = world({ answer: stepped })
    cache.start()
    cache.getOrCreate('a', running())
    await clock.advance(0)
    cache.update('a', running(5))
    cache.delete('a')
    await cache.stop()
    expect(types(events).filter((type) => type !== 'sync-settled')).toEqual([
      'started',
      'created',
      'sync-started',
      'updated',
      'updated',
      'deleted',
      'stopped',
    ])
    expect(types(events).slice(3, 5).sort()).toEqual(['sync-settled', 'updated'])
  })

  it('events: the values of a call are told after its start', async () => {
    const { cache, clock, events } = world({
      isTerminal,
      answer: (batch) => batch.map(({ id }) => ({ id, item: done() })),
    })
    cache.start()
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(0)
    const order = types(events)
    expect(order.indexOf('sync-started')).toBeLessThan(order.indexOf('terminal'))
    expect(order.filter((type) => type === 'terminal')).toHaveLength(2)
  })

  it('events: sync-settled comes after what the call did to its items', async () => {
    const { cache, clock, events } = world({
      isTerminal,
      answer: () => [
        { id: 'a', item: running(1) },
        { id: 'b', item: done() },
        { id: 'c', action: 'delete' },
        { id: 'other', action: 'delete' },
      ],
    })
    cache.start()
    for (const id of ['a', 'b', 'c']) cache.getOrCreate(id, running())
    await clock.advance(0)
    expect(types(events)).toEqual(
      expect.arrayContaining(['updated', 'terminal', 'deleted', 'unexpected-response']),
    )
    expect(events.at(-1)?.type).toBe('sync-settled')
  })

  it('events: an eviction is told, and the creation that it made room for', () => {
    const { cache, events } = world({ capacity: 1 })
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', running())
    expect(types(events).sort()).toEqual(['created', 'created', 'evicted'])
  })

  it('events: who listens to them sees the state that they tell of', async () => {
    const { cache, clock } = world({
      isTerminal,
      capacity: 3,
      maxAge: 5000,
      terminalTtl: 1000,
      answer: (batch, call) =>
        batch.map(({ id }) => ({ id, item: call.at < 2000 ? running(call.at) : done() })),
    })
    const wrong: unknown[] = []
    const seen = new Set<string>()
    const check = (event: Event, holds: boolean): void => {
      if (!holds) wrong.push(event)
    }
    cache.onEvent((event) => {
      seen.add(event.type)
      check(
        event,
        [...cache.ids()].length === cache.size && cache.stats().size === cache.size && cache.size <= 3,
      )
      const snapshot = 'id' in event && event.id !== undefined ? cache.getSnapshot(event.id) : undefined
      switch (event.type) {
        case 'started':
          return check(event, cache.isRunning)
        case 'stopped':
          return check(event, !cache.isRunning)
        case 'created':
        case 'updated':
          return check(event, snapshot?.item === event.item && cache.has(event.id))
        case 'terminal':
          return check(event, snapshot?.status === 'terminal' && snapshot.item === event.item)
        case 'expired':
          return check(event, snapshot?.status === 'expired' && snapshot.item === event.item)
        case 'deleted':
        case 'evicted':
          return check(event, snapshot?.status === 'missing' && !cache.has(event.id))
        case 'sync-started':
          return check(
            event,
            event.ids.every((id) => cache.getSnapshot(id).isRefreshing && cache.inProcessing(id)),
          )
        case 'sync-settled':
          return check(
            event,
            event.ids.every((id) => !cache.getSnapshot(id).isRefreshing),
          )
      }
    })
    cache.getOrCreate('old', running())
    cache.start()
    cache.getOrCreate('a', running())
    await clock.advance(1500)
    cache.getOrCreate('b', running())
    cache.getOrCreate('c', running())
    cache.update('c', running(1))
    await clock.advance(2500)
    cache.getOrCreate('d', running())
    cache.delete('d')
    await clock.advance(5000)
    await cache.stop()
    expect(wrong).toEqual([])
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'started',
        'stopped',
        'created',
        'updated',
        'terminal',
        'deleted',
        'evicted',
        'sync-started',
      ]),
    )
  })

  it('events: after sync-settled the next refresh is planned', async () => {
    const planned: unknown[] = []
    const { cache, clock } = world()
    cache.onEvent((event) => {
      if (event.type === 'sync-settled') planned.push(cache.getSnapshot('a').nextRefreshAt)
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(planned).toEqual([clock.epoch() + 1000])
  })

  it('events: what a listener causes is told after what it was told of, to all in the same order', () => {
    const { cache } = world()
    const heard: [string[], string[], string[]] = [[], [], []]
    const keep = (index: 0 | 1 | 2) => (event: Event) =>
      heard[index].push('id' in event ? `${event.type} ${event.id}` : event.type)
    cache.onEvent(keep(0))
    cache.onEvent((event) => {
      keep(1)(event)
      if (event.type === 'created' && event.id === 'a') {
        cache.getOrCreate('b', running())
        cache.update('a', running(1))
      }
      if (event.type === 'created' && event.id === 'b') cache.delete('a')
    })
    cache.onEvent(keep(2))
    cache.getOrCreate('a', running())
    expect(heard[0]).toEqual(['created a', 'created b', 'updated a', 'deleted a'])
    expect(heard[1]).toEqual(heard[0])
    expect(heard[2]).toEqual(heard[0])
  })

  it('events: many that are caused one by the other overflow no stack', () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    cache.onEvent((event) => {
      if (event.type === 'updated' && event.item.step < 20_000)
        cache.update('a', running(event.item.step + 1))
    })
    cache.update('a', running(1))
    expect(cache.get('a')).toEqual(running(20_000))
  })
})

describe('listening', () => {
  it('events: nobody is told after the unsubscribe returned', () => {
    const { cache } = world()
    const heard: string[] = []
    const leave = cache.onEvent((event) => heard.push(event.type))
    cache.getOrCreate('a', running())
    leave()
    leave()
    cache.delete('a')
    expect(heard).toEqual(['created'])
  })

  it('events: a listener that leaves while it is told keeps no other from being told', () => {
    const { cache } = world()
    const heard: string[] = []
    for (const name of ['first', 'second', 'third']) {
      const leave = cache.onEvent(() => {
        heard.push(name)
        leave()
      })
    }
    cache.getOrCreate('a', running())
    cache.delete('a')
    expect(heard.sort()).toEqual(['first', 'second', 'third'])
  })

  it('events: of two listeners that end each other one is told', () => {
    const { cache } = world()
    const heard: string[] = []
    const leave: (() => void)[] = []
    const add = (name: string, other: number): void => {
      leave.push(
        cache.onEvent(() => {
          heard.push(name)
          leave[other]?.()
        }),
      )
    }
    add('first', 1)
    add('second', 0)
    cache.getOrCreate('a', running())
    expect(heard).toHaveLength(1)
  })

  it('events: the same function may listen twice, and leaves once at a time', () => {
    const { cache } = world()
    let heard = 0
    const listener = (): void => void (heard += 1)
    const leave = cache.onEvent(listener)
    cache.onEvent(listener)
    leave()
    leave()
    cache.getOrCreate('a', running())
    expect(heard).toBe(1)
  })

  it('events: a listener of events does not observe items', async () => {
    const { cache, clock, calls } = world({ refreshUnobserved: false })
    cache.start().getOrCreate('a', running())
    await clock.advance(5000)
    expect(calls).toEqual([])
    expect(cache.stats().subscribers).toBe(0)
  })

  it('events: two caches tell their own', () => {
    const one = world()
    const other = world()
    one.cache.getOrCreate('a', running())
    expect(one.events).toHaveLength(1)
    expect(other.events).toEqual([])
  })
})
