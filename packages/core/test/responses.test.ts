import { AutoRefreshError, type SyncResponse } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, failed, log, manyIds, oneEach, times, typesOf, untyped } from './scheduling-helpers.ts'
import { done, running, unchanged, world, type Job, type World } from './world.ts'

const ids = ['a', 'b', 'c'] as const

type Responses = Iterable<SyncResponse<Job>>

/** Three items in one call, which is answered so. */
async function answered(
  responses: Responses | (() => Responses),
  options: Parameters<typeof world<Job>>[0] = {},
): Promise<World<Job>> {
  const w = world({ answer: () => (typeof responses === 'function' ? responses() : responses), ...options })
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

describe('an id that a response leaves out', () => {
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
  })

  it('F4: is removed with `missing: "delete"`', async () => {
    const w = await answered([{ id: 'b', action: 'unchanged' }], { missing: 'delete' })
    expect([...w.cache.ids()]).toEqual(['b'])
    expect(w.events.filter(({ type }) => type === 'deleted')).toMatchObject([
      { id: 'a', reason: 'gone' },
      { id: 'c', reason: 'gone' },
    ])
  })

  it('F4: with `missing: "delete"` an empty response removes all', async () => {
    const w = await answered([], { missing: 'delete' })
    expect(w.cache.size).toBe(0)
    expect(w.clock.timers).toBe(0)
  })

  it('F4: only of its batch: nobody else is removed', async () => {
    const w = await answered([], {
      missing: 'delete',
      createBatches: oneEach,
      answer: (batch, call) => (call.ids.includes('a') ? [] : unchanged(batch)),
    })
    expect([...w.cache.ids()].sort()).toEqual(['b', 'c'])
  })

  it('F4: a call that fails removes nothing', async () => {
    const w = await answered(
      () => {
        throw new Error('down')
      },
      { missing: 'delete' },
    )
    expect(w.cache.size).toBe(3)
    expect(counts(w)).toEqual([1, 1, 1])
  })

  it('F4: nor does one that times out', async () => {
    const w = await answered([], { missing: 'delete', timeout: 100, answer: () => 'wait' })
    await w.clock.advance(100)
    w.lastCall().answer([])
    await w.clock.advance(0)
    expect(w.cache.size).toBe(3)
  })

  it('F4, W6: an item that was updated during the call is not removed', async () => {
    const w = await answered([], { missing: 'delete', answer: () => 'wait' })
    w.cache.update('a', running(5))
    w.lastCall().answer([])
    await w.clock.advance(0)
    expect([...w.cache.ids()]).toEqual(['a'])
  })

  it('F4, W6: nor is one that was created again during the call', async () => {
    const w = await answered([], { missing: 'delete', answer: () => 'wait' })
    w.cache.delete('a')
    w.cache.getOrCreate('a', running(5))
    w.calls[0]?.answer([])
    await w.clock.advance(0)
    expect([...w.cache.ids()]).toEqual(['a'])
  })
})

describe('a response that nobody asked for', () => {
  it('F4: is ignored and reported', async () => {
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
  })

  it.each<SyncResponse<Job>>([
    { id: 'other', item: running(9) },
    { id: 'other', action: 'delete' },
    { id: 'other', action: 'unchanged', validator: 'v' },
    failed('other'),
  ])('F4: also where the cache has the id, in no running call (%o)', async (response) => {
    const w = world({
      isTerminal: (job) => job.done,
      answer: (batch) => [...unchanged(batch), response],
    })
    w.cache.getOrCreate('other', done(4))
    w.cache.start().getOrCreate('a', running())
    const before = w.cache.getSnapshot('other')
    await w.clock.advance(0)
    expect(w.cache.getSnapshot('other')).toBe(before)
    expect(unexpected(w)).toEqual(['other'])
  })

  it('F4: is ignored where the id is in another running call', async () => {
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

  it('F4: it fails neither the call nor its items', async () => {
    const w = await answered([{ id: 'other', action: 'delete' }])
    expect(counts(w)).toEqual([0, 0, 0])
    expect(w.cache.stats().syncErrors).toBe(0)
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
  ['an id that is a number', { id: 5, action: 'unchanged' }],
  ['an id that is null', { id: null, action: 'delete' }],
]

describe('a malformed entry', () => {
  it.each(malformed)('F4: %s fails that id alone, INVALID_RESPONSE', async (_, entry) => {
    const w = await answered([{ id: 'a', item: running(1) }, untyped(entry), { id: 'c', item: running(3) }])
    expect(counts(w)).toEqual([0, 1, 0])
    expect(codeOf(w, 'b')).toBe('INVALID_RESPONSE')
    expect(ids.map((id) => w.cache.get(id)?.step)).toEqual([1, 0, 3])
  })

  it.each(malformed)('F4: %s does not fail the call', async (_, entry) => {
    const w = await answered([untyped(entry)])
    expect(w.cache.stats().syncErrors).toBe(0)
    await w.clock.advance(20_000)
    expect(typesOf(w.events)).not.toContain('outage-started')
  })

  it.each(malformed)('F4: %s removes nothing, whatever `missing` says', async (_, entry) => {
    const w = await answered([untyped(entry)], { missing: 'delete' })
    expect([...w.cache.ids()]).toEqual(['b'])
    expect(w.cache.getSnapshot('b').failureCount).toBe(1)
  })

  it.each(withoutId)('F4: one without a usable id (%s) is only reported', async (_, entry) => {
    const w = await answered([{ id: 'a', item: running(1) }, untyped(entry), { id: 'c', item: running(3) }])
    expect(counts(w)).toEqual([0, 0, 0])
    expect(ids.map((id) => w.cache.get(id)?.step)).toEqual([1, 0, 3])
    expect(unexpected(w)).toHaveLength(1)
    expect(unexpected(w)).toEqual([undefined])
  })

  it('F4: a malformed entry for an id that nobody asked for is reported with the id', async () => {
    const w = await answered([untyped({ id: 'other', action: 'explode' })])
    expect(unexpected(w)).toEqual(['other'])
    expect(counts(w)).toEqual([0, 0, 0])
  })

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

  it('F4: ids that are names of Object.prototype are ids', async () => {
    const odd = ['', '__proto__', 'constructor', 'toString']
    const w = world({ answer: () => odd.map((id, step) => ({ id, item: running(step + 1) })) })
    w.cache.start()
    createAll(w.cache, odd)
    await w.clock.advance(0)
    expect(odd.map((id) => w.cache.get(id)?.step)).toEqual([1, 2, 3, 4])
  })
})

describe('two entries for one id', () => {
  it('F4: the last counts', async () => {
    const w = await answered([
      { id: 'a', item: running(1) },
      { id: 'a', item: running(2) },
    ])
    expect(w.cache.get('a')).toEqual(running(2))
    expect(w.events.filter(({ type }) => type === 'updated')).toHaveLength(1)
  })

  it('F4: a `fail` at last: the value before it is not applied', async () => {
    const w = await answered([{ id: 'a', item: running(1) }, failed('a')])
    expect(w.cache.getSnapshot('a')).toMatchObject({ item: running(0), failureCount: 1 })
  })

  it('F4: a value at last: the `fail` before it is none', async () => {
    const w = await answered([failed('a'), { id: 'a', item: running(1) }])
    expect(w.cache.getSnapshot('a')).toMatchObject({ item: running(1), failureCount: 0, error: undefined })
  })

  it('F4: a `delete` that is not the last deletes nothing', async () => {
    const w = await answered([
      { id: 'a', action: 'delete' },
      { id: 'a', action: 'unchanged' },
    ])
    expect(w.cache.has('a')).toBe(true)
  })

  it('F4: a `delete` at last deletes', async () => {
    const w = await answered([
      { id: 'a', item: running(1) },
      { id: 'a', action: 'delete' },
    ])
    expect(w.cache.has('a')).toBe(false)
    expect(typesOf(w.events)).not.toContain('updated')
  })

  it('F4: a malformed one at last fails', async () => {
    const w = await answered([{ id: 'a', item: running(1) }, untyped({ id: 'a', action: 'explode' })])
    expect(w.cache.getSnapshot('a')).toMatchObject({ item: running(0), failureCount: 1 })
  })

  it('F4: a malformed one before is forgotten', async () => {
    const w = await answered([untyped({ id: 'a' }), { id: 'a', item: running(1) }])
    expect(w.cache.getSnapshot('a')).toMatchObject({ item: running(1), failureCount: 0 })
  })
})

describe('an answer without an end', () => {
  /** A response for `a`, and then so many that nobody asked for. */
  function* surplus(count: number): Generator<SyncResponse<Job>> {
    yield { id: 'a', item: running(1) }
    for (let index = 0; index < count; index++) yield { id: 'x', action: 'unchanged' }
  }

  it('F4: a million more than were asked for: what was read is applied, the rest fails', async () => {
    const w = await answered(() => surplus(Infinity))
    expect(counts(w)).toEqual([0, 1, 1])
    expect(w.cache.get('a')).toEqual(running(1))
    expect(w.cache.getSnapshot('b').error).toMatchObject({ code: 'INVALID_RESPONSE' })
    expect(w.cache.stats().syncErrors).toBe(0)
  })

  it('F4: as many are read', async () => {
    const w = await answered(() => surplus(1_000_002))
    expect(counts(w)).toEqual([0, 0, 0])
  })
})

describe('an iteration that throws halfway', () => {
  const error = new Error('halfway')
  function* halfway(): Generator<SyncResponse<Job>> {
    yield { id: 'a', item: running(1) }
    throw error
  }

  it('F4: what was read is applied, the rest fails', async () => {
    const w = await answered(halfway)
    expect(counts(w)).toEqual([0, 1, 1])
    expect(w.cache.get('a')).toEqual(running(1))
    expect(w.cache.getSnapshot('b').error).toBe(error)
  })

  it('F4: the rest fails as by `fail`: it backs off', async () => {
    const w = await answered(halfway, { coalesce: 0 })
    await w.clock.advance(7000)
    expect(times(w.calls.filter((call) => call.ids.includes('b')))).toEqual([0, 1000, 3000, 7000])
  })

  it('F4: it is no failed call, and makes no outage', async () => {
    const w = await answered(halfway)
    await w.clock.advance(600_000)
    expect(w.cache.stats().syncErrors).toBe(0)
    expect(typesOf(w.events)).not.toContain('outage-started')
  })

  it('F4: the rest is not removed, whatever `missing` says', async () => {
    const w = await answered(halfway, { missing: 'delete' })
    expect(w.cache.size).toBe(3)
    expect(counts(w)).toEqual([0, 1, 1])
  })

  it('F4: also where nothing was read', async () => {
    const w = await answered(() => ({
      [Symbol.iterator]() {
        throw error
      },
    }))
    expect(w.cache.size).toBe(3)
    expect(counts(w)).toEqual([1, 1, 1])
  })

  it('F4: also where `next` of a foreign iterator throws', async () => {
    let reads = 0
    const w = await answered(() => ({
      [Symbol.iterator]: () => ({
        next() {
          reads += 1
          if (reads > 1) throw error
          return { done: false, value: { id: 'c', item: running(3) } }
        },
      }),
    }))
    expect(counts(w)).toEqual([1, 1, 0])
    expect(w.cache.get('c')).toEqual(running(3))
  })

  it('F4: an entry that throws when it is read harms nobody else', async () => {
    const hostile = {
      get id(): string {
        throw error
      },
    }
    const w = await answered([{ id: 'a', item: running(1) }, untyped(hostile), { id: 'c', item: running(3) }])
    expect(w.cache.get('a')).toEqual(running(1))
    await w.clock.advance(1000)
    expect(w.calls).not.toHaveLength(1)
    expect(w.cache.stats().runningCalls).toBe(0)
  })
})

describe('entries that are fine', () => {
  it('F4: are applied whatever their neighbours are', async () => {
    const all = manyIds(6)
    const w = world({
      isTerminal: (job) => job.done,
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
    createAll(w.cache, all)
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

describe('a response that cannot be read', () => {
  it('F4: a property that throws fails that id alone, with what it threw as the cause', async () => {
    const cause = new Error('revoked')
    const unreadable = {
      id: 'a',
      get item(): Job {
        throw cause
      },
    }
    const { cache, clock } = world({ answer: () => [unreadable, { id: 'b', item: running(1) }] })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ item: running(), failureCount: 1 })
    expect(cache.getSnapshot('a').error).toMatchObject({ code: 'INVALID_RESPONSE', cause })
    expect(cache.getSnapshot('b')).toMatchObject({ item: running(1), failureCount: 0 })
  })
})
