import { AutoRefreshError, customBatches, type SyncResponse } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, failed, log, manyIds, oneEach, typesOf, untyped } from './scheduling.ts'
import { done, isTerminal, running, unchanged, world, type Job, type World } from './world.ts'

const ids = ['a', 'b', 'c'] as const

type Responses = readonly SyncResponse<Job>[]

/** Three items in one call, which is answered so. */
async function answered(
  responses: Responses,
  options: Parameters<typeof world<Job>>[0] = {},
): Promise<World<Job>> {
  const w = world({ answer: () => responses, ...options })
  w.cache.start()
  createAll(w.cache, ids)
  await w.clock.advance(0)
  return w
}

const counts = ({ cache }: World<Job>): number[] => ids.map((id) => cache.getSnapshot(id).failureCount)

const codeOf = ({ cache }: World<Job>, id: string): string | undefined => {
  const { error } = cache.getSnapshot(id)
  return error instanceof AutoRefreshError ? error.code : undefined
}

const unexpected = ({ events }: World<Job>): unknown[] =>
  events.flatMap((event) => (event.type === 'unexpected-response' ? [event.id] : []))

describe('an id that an answer leaves out', () => {
  it('F4: is unchanged by default, which is a success', async () => {
    const w = await answered([])
    expect(counts(w)).toEqual([0, 0, 0])
    expect(w.cache.getSnapshot('a')).toMatchObject({
      unchangedCount: 1,
      refreshedAt: 1_000_000,
      item: running(),
    })
  })

  it('F4: fails with `missing: "fail"`, INVALID_RESPONSE', async () => {
    const w = await answered([{ id: 'b', action: 'unchanged' }], { missing: 'fail' })
    expect(counts(w)).toEqual([1, 0, 1])
    expect(codeOf(w, 'a')).toBe('INVALID_RESPONSE')
    expect(w.cache.stats().syncErrors).toBe(0)
  })

  it('F4: is removed with `missing: "delete"`', async () => {
    const w = await answered([{ id: 'b', action: 'unchanged' }], { missing: 'delete' })
    expect([...w.cache.ids()]).toEqual(['b'])
    expect(w.events.filter(({ type }) => type === 'deleted')).toMatchObject([
      { id: 'a', reason: 'gone' },
      { id: 'c', reason: 'gone' },
    ])
  })

  it('F4: with `missing: "delete"` an empty answer removes all', async () => {
    const w = await answered([], { missing: 'delete' })
    expect(w.cache.size).toBe(0)
    expect(w.clock.timers).toBe(0)
  })

  it('F4: only those of the call: nobody else is removed', async () => {
    const w = await answered([], {
      missing: 'delete',
      policies: [customBatches(oneEach)],
      answer: (batch, call) => (call.ids.includes('a') ? [] : unchanged(batch)),
    })
    expect([...w.cache.ids()].sort()).toEqual(['b', 'c'])
  })

  it.each<[string, Parameters<typeof world<Job>>[0]]>([
    ['fails', { answer: () => Promise.reject(new Error('down')) }],
    ['times out', { timeout: 100, answer: () => 'wait' }],
  ])('F4: a call that %s removes nothing', async (_, options) => {
    const w = await answered([], { missing: 'delete', ...options })
    await w.clock.advance(100)
    w.lastCall().answer([])
    await w.clock.advance(0)
    expect(w.cache.size).toBe(3)
    expect(counts(w)).toEqual([1, 1, 1])
  })

  it('F4, W6: an item that was updated or created again during the call is not removed', async () => {
    const w = await answered([], { missing: 'delete', answer: () => 'wait' })
    w.cache.update('a', running(5))
    w.cache.delete('b')
    w.cache.getOrCreate('b', running(5))
    w.calls[0]?.answer([])
    await w.clock.advance(0)
    expect([...w.cache.ids()].sort()).toEqual(['a', 'b'])
  })
})

describe('a response that nobody asked for', () => {
  it('F4: is ignored and reported, and fails nobody', async () => {
    const w = await answered([
      { id: 'other', item: running(9) },
      { id: 'a', item: running(1) },
    ])
    expect(w.cache.has('other')).toBe(false)
    expect(w.cache.get('a')).toEqual(running(1))
    expect(w.events).toContainEqual({
      type: 'unexpected-response',
      id: 'other',
      response: { id: 'other', item: running(9) },
    })
    expect(counts(w)).toEqual([0, 0, 0])
    expect(w.cache.stats().syncErrors).toBe(0)
  })

  it.each<SyncResponse<Job>>([
    { id: 'other', item: running(9) },
    { id: 'other', action: 'delete' },
    { id: 'other', action: 'unchanged', validator: 'v' },
    failed('other'),
  ])('F4: also if the cache has the id, in no running call (%o)', async (response) => {
    const w = world({ isTerminal, answer: (batch) => [...unchanged(batch), response] })
    w.cache.getOrCreate('other', done(4))
    w.cache.start().getOrCreate('a', running())
    const before = w.cache.getSnapshot('other')
    await w.clock.advance(0)
    expect(w.cache.getSnapshot('other')).toBe(before)
    expect(unexpected(w)).toEqual(['other'])
  })

  it('F4: is ignored if the id is in another running call', async () => {
    const w: World<Job> = world({ batchSize: 1, answer: () => 'wait' })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(0)
    w.calls[0]?.answer(['a', 'b'].map((id) => ({ id, item: running(1) })))
    await w.clock.advance(0)
    const [first] = w.calls[0]?.ids ?? []
    expect(['a', 'b'].filter((id) => w.cache.getSnapshot(id).isRefreshing)).toHaveLength(1)
    expect(['a', 'b'].filter((id) => w.cache.get(id)?.step === 1)).toEqual([first])
  })
})

const malformed: readonly (readonly [string, unknown])[] = [
  ['no item', { id: 'b' }],
  ['an update without an item', { id: 'b', action: 'update' }],
  ['an item that is undefined', { id: 'b', item: undefined }],
  ['an item that is null', { id: 'b', item: null }],
  ['an update to null', { id: 'b', action: 'update', item: null }],
  ['an unknown action', { id: 'b', action: 'explode', item: { done: false, step: 5 } }],
  ['an action that is null', { id: 'b', action: null, item: { done: false, step: 5 } }],
  ['an action that is a number', { id: 'b', action: 1 }],
  ['an action of Object.prototype', { id: 'b', action: 'constructor', item: { done: false, step: 5 } }],
]

const withoutId: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['undefined', undefined],
  ['a string', 'b'],
  ['a number', 7],
  ['an array', ['b']],
  ['no id', { item: { done: false, step: 5 } }],
  ['an id that is NaN', { id: NaN, action: 'unchanged' }],
  ['an id that is infinite', { id: Infinity, action: 'delete' }],
  ['an id that is null', { id: null, action: 'delete' }],
  ['an id that is an object', { id: { toString: () => 'b' }, action: 'delete' }],
]

describe('a malformed entry', () => {
  it.each(malformed)('F4: %s fails that id alone, INVALID_RESPONSE', async (_, entry) => {
    const w = await answered([{ id: 'a', item: running(1) }, untyped(entry), { id: 'c', item: running(3) }])
    expect(counts(w)).toEqual([0, 1, 0])
    expect(codeOf(w, 'b')).toBe('INVALID_RESPONSE')
    expect(ids.map((id) => w.cache.get(id)?.step)).toEqual([1, 0, 3])
    expect(w.cache.stats().syncErrors).toBe(0)
  })

  it('F4: removes nothing, whatever `missing` says', async () => {
    const w = await answered([untyped({ id: 'b', action: 'explode' })], { missing: 'delete' })
    expect([...w.cache.ids()]).toEqual(['b'])
    expect(w.cache.getSnapshot('b').failureCount).toBe(1)
  })

  it.each(withoutId)('F4: without a usable id (%s) it is only reported', async (_, entry) => {
    const w = await answered([{ id: 'a', item: running(1) }, untyped(entry), { id: 'c', item: running(3) }])
    expect(counts(w)).toEqual([0, 0, 0])
    expect(ids.map((id) => w.cache.get(id)?.step)).toEqual([1, 0, 3])
    expect(unexpected(w)).toEqual([undefined])
  })

  it('F4: for an id that nobody asked for it is reported with the id', async () => {
    const w = await answered([untyped({ id: 'other', action: 'explode' })])
    expect(unexpected(w)).toEqual(['other'])
    expect(counts(w)).toEqual([0, 0, 0])
  })

  it('F4: a property that throws when it is read fails that id alone', async () => {
    const unreadable = {
      id: 'b',
      get item(): Job {
        throw new Error('revoked')
      },
    }
    const w = await answered([{ id: 'a', item: running(1) }, unreadable, { id: 'c', item: running(3) }])
    expect(counts(w)).toEqual([0, 1, 0])
    expect(codeOf(w, 'b')).toBe('INVALID_RESPONSE')
  })
})

describe('an entry that is fine', () => {
  it('F4: `action: undefined` is an update', async () => {
    const w = await answered([{ id: 'a', action: undefined, item: running(1) }])
    expect(w.cache.get('a')).toEqual(running(1))
    expect(counts(w)).toEqual([0, 0, 0])
  })

  it('F4: an item may be falsy', async () => {
    for (const item of [0, '', false]) {
      const w = world<unknown>({ answer: () => [{ id: 'a', item }] })
      w.cache.start().getOrCreate('a', 'before')
      await w.clock.advance(0)
      expect(w.cache.get('a')).toBe(item)
    }
  })

  it('L7: ids that are names of Object.prototype are ids', async () => {
    const odd = ['', '__proto__', 'constructor', 'toString']
    const w = world({ answer: () => odd.map((id, step) => ({ id, item: running(step + 1) })) })
    w.cache.start()
    createAll(w.cache, odd)
    await w.clock.advance(0)
    expect(odd.map((id) => w.cache.get(id)?.step)).toEqual([1, 2, 3, 4])
  })

  it('F4: entries are applied whatever their neighbours are', async () => {
    const w = world({
      isTerminal,
      answer: () => [
        untyped(null),
        { id: 'i0', item: running(1) },
        failed('i1'),
        { id: 'i2', action: 'delete' },
        untyped({ id: 'i3', action: 'explode' }),
        { id: 'unknown', item: running(1) },
        { id: 'i4', item: done() },
        { id: 'i5', action: 'unchanged' },
      ],
    })
    w.cache.start()
    createAll(w.cache, manyIds(6))
    await w.clock.advance(0)
    expect(w.cache.get('i0')).toEqual(running(1))
    expect(w.cache.has('i2')).toBe(false)
    expect(w.cache.getSnapshot('i4').status).toBe('terminal')
    expect(w.cache.getSnapshot('i5').unchangedCount).toBe(1)
    expect(['i0', 'i1', 'i3', 'i5'].map((id) => w.cache.getSnapshot(id).failureCount)).toEqual([0, 1, 1, 0])
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 i0 i1 i2 i3 i4 i5', '1000 i0 i1 i3 i5'])
  })
})

describe('two entries for one id', () => {
  const update: SyncResponse<Job> = { id: 'a', item: running(1) }

  it.each<[string, Responses, number, number]>([
    ['an update after an update', [update, { id: 'a', item: running(2) }], 2, 0],
    ['`fail` after an update', [update, failed('a')], 0, 1],
    ['an update after `fail`', [failed('a'), update], 1, 0],
    ['a malformed one after an update', [update, untyped({ id: 'a', action: 'explode' })], 0, 1],
    ['an update after a malformed one', [untyped({ id: 'a' }), update], 1, 0],
    [
      '`unchanged` after `delete`',
      [
        { id: 'a', action: 'delete' },
        { id: 'a', action: 'unchanged' },
      ],
      0,
      0,
    ],
  ])('F4: the last counts: %s', async (_, responses, step, failureCount) => {
    const w = await answered(responses)
    expect(w.cache.getSnapshot('a')).toMatchObject({ item: running(step), failureCount })
    expect(w.events.filter(({ type }) => type === 'updated')).toHaveLength(step === 0 ? 0 : 1)
  })

  it('F4: the last counts: `delete` after an update', async () => {
    const w = await answered([update, { id: 'a', action: 'delete' }])
    expect(w.cache.has('a')).toBe(false)
    expect(typesOf(w.events)).not.toContain('updated')
  })
})
