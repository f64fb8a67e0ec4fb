import { expiry, lru, type AutoRefreshEvent } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { typesOf } from './scheduling.ts'
import { isTerminal, done, running, stepped, world, type Job } from './world.ts'

type Event = AutoRefreshEvent<Job>

describe('the order of events', () => {
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
    expect(typesOf(events).filter((type) => type !== 'sync-settled')).toEqual([
      'started',
      'created',
      'sync-started',
      'updated',
      'updated',
      'deleted',
      'stopped',
    ])
    expect(typesOf(events).slice(3, 5).sort()).toEqual(['sync-settled', 'updated'])
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
    const order = typesOf(events)
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
    expect(typesOf(events)).toEqual(
      expect.arrayContaining(['updated', 'terminal', 'deleted', 'unexpected-response']),
    )
    expect(events.at(-1)?.type).toBe('sync-settled')
  })

  it('events: an eviction is told, and the creation that it made room for', () => {
    const { cache, events } = world({ policies: [lru(1)] })
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', running())
    expect(typesOf(events).sort()).toEqual(['created', 'created', 'evicted'])
  })

  it('events: a listener sees the state that the event tells of', async () => {
    const { cache, clock } = world({
      isTerminal,
      policies: [lru(3), expiry({ maxAge: 5000, terminalTtl: 1000 })],
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

  it('events: after sync-settled the next refresh is scheduled', async () => {
    const scheduled: unknown[] = []
    const { cache, clock } = world()
    cache.onEvent((event) => {
      if (event.type === 'sync-settled') scheduled.push(cache.getSnapshot('a').nextRefreshAt)
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(scheduled).toEqual([clock.epoch() + 1000])
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

describe('event listeners', () => {
  it('events: no listener is told after the unsubscribe returned', () => {
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
    const { cache, clock, calls } = world()
    cache.start().subscribe('a', () => undefined, { create: true })()
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
