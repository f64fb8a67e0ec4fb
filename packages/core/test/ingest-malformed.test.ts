import { AutoRefreshError, type SyncResponse } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { times, untyped } from './scheduling.ts'
import { running, world, type Job, type World } from './world.ts'

const codeOf = (error: unknown): unknown => (error instanceof AutoRefreshError ? error.code : error)

/** A response whose id throws when it is read. */
const unreadable = (): unknown => ({
  get id(): never {
    throw new Error('revoked')
  },
  item: running(5),
})

/** Items `a` and `b` of step 1, synced at 0, due at 1000. It is 400 now. */
async function fresh(): Promise<World<Job>> {
  const all = world()
  all.cache.start()
  for (const id of ['a', 'b']) all.cache.getOrCreate(id, running(1))
  await all.clock.advance(400)
  return all
}

describe('a push that is not as it should be', () => {
  const noArray: readonly (readonly [string, unknown])[] = [
    ['undefined', undefined],
    ['null', null],
    ['a number', 5],
    ['a string', 'ab'],
    ['one response', { id: 'a', item: running(5) }],
    ['a promise', Promise.resolve([])],
    ['a function', () => []],
    ['a Set', new Set([{ id: 'a', item: running(5) }])],
    ['an object with a length', { length: 1, 0: { id: 'a', item: running(5) } }],
  ]

  it.each(noArray)('W10: %s is a TypeError, and changes nothing', async (_, argument) => {
    const all = await fresh()
    const count = all.events.length
    expect(() => all.cache.ingest(untyped(argument))).toThrow(TypeError)
    expect(all.cache.get('a')).toEqual(running(1))
    expect(all.events).toHaveLength(count)
    await all.clock.advance(600)
    expect(times(all.calls)).toEqual([0, 1000])
  })

  const malformed: readonly (readonly [string, unknown])[] = [
    ['no item', { id: 'a' }],
    ['undefined for an item', { id: 'a', item: undefined }],
    ['null for an item', { id: 'a', action: 'update', item: null }],
    ['an unknown action', { id: 'a', action: 'upsert', item: running(5) }],
  ]

  it.each(malformed)('W10, D15: %s fails that id alone, INVALID_RESPONSE', async (_, entry) => {
    const { cache } = await fresh()
    cache.ingest([untyped(entry), { id: 'b', item: running(6) }])
    expect(cache.get('a')).toEqual(running(1))
    expect(cache.getSnapshot('a').failureCount).toBe(1)
    expect(codeOf(cache.getSnapshot('a').error)).toBe('INVALID_RESPONSE')
    expect(cache.getSnapshot('b')).toMatchObject({ item: running(6), failureCount: 0 })
  })

  it.each([
    undefined,
    null,
    5,
    'a',
    {},
    { id: NaN, item: running(5) },
    { id: Infinity, item: running(5) },
    { item: running(5) },
  ])('W10: an entry without a usable id is only reported: %o', async (entry) => {
    const { cache, events } = await fresh()
    cache.ingest([untyped(entry), { id: 'b', item: running(6) }])
    expect(cache.get('b')).toEqual(running(6))
    expect(cache.getSnapshot('a').failureCount).toBe(0)
    expect(events.filter((event) => event.type === 'unexpected-response')).toHaveLength(1)
  })

  it('W10: an entry whose id cannot be read is ignored', async () => {
    const { cache, events } = await fresh()
    cache.ingest([untyped(unreadable()), { id: 'b', item: running(6) }])
    expect(cache.get('b')).toEqual(running(6))
    expect(events.filter((event) => event.type === 'unexpected-response')).toMatchObject([{ id: undefined }])
  })

  it('W10, F17: a number as an id is that id as a string', async () => {
    const { cache } = await fresh()
    cache.getOrCreate('5', running(1))
    cache.ingest([untyped({ id: 5, item: running(6) })])
    expect(cache.get('5')).toEqual(running(6))
  })

  it('W10: an id that is not there is reported', async () => {
    const { cache, events } = await fresh()
    const response = { id: 'x', item: running(5) }
    cache.ingest([response])
    expect(events.at(-1)).toEqual({ type: 'unexpected-response', id: 'x', response })
  })

  const twice: readonly (readonly [string, SyncResponse<Job>[], Job | undefined])[] = [
    [
      'two values',
      [
        { id: 'a', item: running(5) },
        { id: 'a', item: running(6) },
      ],
      running(6),
    ],
    [
      'a value and a deletion',
      [
        { id: 'a', item: running(5) },
        { id: 'a', action: 'delete' },
      ],
      undefined,
    ],
    [
      'a deletion and a value',
      [
        { id: 'a', action: 'delete' },
        { id: 'a', item: running(6) },
      ],
      running(6),
    ],
    [
      'a value and a failure',
      [
        { id: 'a', item: running(5) },
        { id: 'a', action: 'fail', error: 1 },
      ],
      running(1),
    ],
    [
      'a failure and a value',
      [
        { id: 'a', action: 'fail', error: 1 },
        { id: 'a', item: running(6) },
      ],
      running(6),
    ],
  ]

  it.each(twice)('W10: the last of two entries for one id counts: %s', async (_, responses, expected) => {
    const { cache } = await fresh()
    cache.ingest(responses)
    expect(cache.get('a')).toEqual(expected)
    expect(cache.getSnapshot('a').failureCount).toBe(responses[1]?.action === 'fail' ? 1 : 0)
  })
})
