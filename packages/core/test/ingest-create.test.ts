import { AutoRefreshError, lru, type SyncResponse } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { log, times, typesOf, untyped } from './scheduling.ts'
import { done, isTerminal, running, world, type Job } from './world.ts'

const create = { create: true }

const thrownBy = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}

describe('a push that creates', () => {
  it('W14: an update creates an absent item, refreshed now, with its validator', async () => {
    const { cache, clock, events, lastCall } = world({ isTerminal })
    const item = running(5)
    cache.start().ingest([{ id: 'a', item, validator: 'v5' }], create)
    expect(cache.getSnapshot('a')).toMatchObject({
      status: 'active',
      item,
      createdAt: 1_000_000,
      changedAt: 1_000_000,
      refreshedAt: 1_000_000,
      nextRefreshAt: 1_001_000,
    })
    expect(events.at(-1)).toEqual({ type: 'created', id: 'a', item })
    await clock.advance(1000)
    expect(lastCall().batch).toEqual([{ id: 'a', item, validator: 'v5' }])
  })

  it.each([{}, { syncOnCreate: false }])('W14: it is due one interval from now (%o)', async (options) => {
    const { cache, clock, calls } = world(options)
    cache.start()
    await clock.advance(300)
    cache.ingest([{ id: 'a', item: running(5) }], create)
    await clock.advance(5000)
    expect(times(calls).slice(0, 2)).toEqual([1300, 2300])
  })

  it('W14: a terminal one is told as terminal, too, and not polled', async () => {
    const { cache, clock, calls, events } = world({ isTerminal })
    cache.start().ingest([{ id: 'a', item: done(5) }], create)
    expect(typesOf(events).slice(1)).toEqual(['created', 'terminal'])
    await clock.advance(5000)
    expect(calls).toEqual([])
  })

  it('W14: present items are written as by every push, and keep what is not theirs', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running(1))
    cache.getOrCreate('b', running(1))
    await clock.advance(400)
    cache.ingest(
      [
        { id: 'a', item: running(5) },
        { id: 'c', item: running(5) },
      ],
      create,
    )
    expect(['a', 'b', 'c'].map((id) => cache.get(id)?.step)).toEqual([5, 1, 5])
    await clock.advance(600)
    expect(log(calls)).toEqual(['0 a b', '1000 a b c'])
  })

  it('W14: an item that it creates, or that an update names, belongs to the application', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start()
    const leave = ['named', 'unchanged'].map((id) =>
      cache.subscribe(id, () => {}, { initialItem: running(1) }),
    )
    cache.ingest(
      [
        { id: 'new', item: running(5) },
        { id: 'named', item: running(1) },
        { id: 'unchanged', action: 'unchanged' },
      ],
      create,
    )
    for (const each of leave) each()
    await clock.advance(5000)
    expect([...cache.ids()].sort()).toEqual(['named', 'new'])
  })

  it.each([undefined, {}, { create: false }])('W10: nothing is created with options %o', (options) => {
    const { cache } = world()
    cache.ingest([{ id: 'a', item: running(5) }], options)
    expect(cache.size).toBe(0)
  })

  it.each<[string, SyncResponse<Job>]>([
    ['`unchanged`', { id: 'a', action: 'unchanged', validator: 'v' }],
    ['a deletion', { id: 'a', action: 'delete' }],
    ['a failure', { id: 'a', action: 'fail', error: 'busy' }],
    ['an update without an item', untyped({ id: 'a' })],
    ['an update with null', untyped({ id: 'a', item: null })],
    ['an unknown action', untyped({ id: 'a', action: 'upsert', item: running(5) })],
  ])('W14: %s creates nothing, and is reported', (_, response) => {
    const { cache, events } = world()
    cache.ingest([response, { id: 'b', item: running(5) }], create)
    expect([...cache.ids()]).toEqual(['b'])
    expect(events).toContainEqual({ type: 'unexpected-response', id: 'a', response })
  })

  it('W14, F4: the last of two entries for one absent id counts', () => {
    const { cache, events } = world()
    cache.ingest(
      [
        { id: 'a', item: running(5) },
        { id: 'a', item: running(6) },
      ],
      create,
    )
    expect(cache.get('a')).toEqual(running(6))
    expect(typesOf(events).filter((type) => type === 'created')).toHaveLength(1)
  })
})

describe('a push that creates more than there is room for', () => {
  it('W14: the rest is applied, then CAPACITY is thrown', () => {
    const { cache } = world<Job>({ policies: [lru(2)] })
    for (const id of ['a', 'b']) {
      cache.getOrCreate(id, running(1))
      cache.subscribe(id, () => {})
    }
    const error = thrownBy(() =>
      cache.ingest(
        [
          { id: 'new', item: running(5) },
          { id: 'a', item: running(5) },
          { id: 'newer', item: running(5) },
          { id: 'b', item: running(6) },
        ],
        create,
      ),
    )
    expect(error).toBeInstanceOf(AutoRefreshError)
    expect(error).toMatchObject({ code: 'CAPACITY' })
    expect([cache.size, cache.get('a'), cache.get('b')]).toEqual([2, running(5), running(6)])
  })

  it('W14, C1: room is made by eviction if something can go', () => {
    const { cache, events } = world<Job>({ policies: [lru(1)] })
    cache.getOrCreate('old', running(1))
    cache.ingest([{ id: 'new', item: running(5) }], create)
    expect([...cache.ids()]).toEqual(['new'])
    expect(typesOf(events)).toContain('evicted')
  })
})
