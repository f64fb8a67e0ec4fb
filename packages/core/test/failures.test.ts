/* oxlint-disable unicorn/no-thenable */
import { AutoRefreshError } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, failed, log, oneEach, sizes, times, typesOf, untyped } from './scheduling-helpers.ts'
import { running, stepped, unchanged, world, type Job } from './world.ts'

const error = new Error('down')

const throws = (thrown: unknown) => (): never => {
  throw thrown
}

/** Every way in which a call can fail as a whole. */
const ways: readonly (readonly [string, () => PromiseLike<never> | never])[] = [
  ['a rejection', () => Promise.reject(error)],
  ['a throw', throws(error)],
  [
    'a thenable that rejects',
    () => untyped({ then: (_: unknown, reject: (reason: unknown) => void) => reject(error) }),
  ],
  ['a thenable whose then throws', () => untyped({ then: throws(error) })],
]

const notIterable: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['a number', 5],
  ['an object', {}],
  ['an array-like', { length: 0 }],
  ['a function', () => []],
  ['an async iterable', { async *[Symbol.asyncIterator]() {} }],
]

describe('a call that fails', () => {
  it.each(ways)('F1: %s fails every item in it', async (_, answer) => {
    const { cache, clock } = world({ answer })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(0)
    for (const id of ['a', 'b']) expect(cache.getSnapshot(id)).toMatchObject({ error, failureCount: 1 })
  })

  it.each(notIterable)('F1: an answer that is not iterable (%s) fails the call', async (_, answer) => {
    const { cache, clock, events } = world({ answer: () => untyped(answer) })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.getSnapshot('a').failureCount).toBe(1)
    expect(cache.getSnapshot('a').error).toBeInstanceOf(AutoRefreshError)
    expect(cache.getSnapshot('a').error).toHaveProperty('code', 'INVALID_RESPONSE')
    expect(cache.stats().syncErrors).toBe(1)
    expect(events.find(({ type }) => type === 'sync-settled')).toHaveProperty('error')
  })

  it.each(notIterable)('F1: so does a promise of it (%s)', async (_, answer) => {
    const { cache, clock } = world({ answer: () => untyped(Promise.resolve(answer)) })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.getSnapshot('a').failureCount).toBe(1)
  })

  it('F1: a timeout fails every item in it', async () => {
    const { cache, clock } = world({ timeout: 100, answer: () => 'wait' })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(100)
    for (const id of ['a', 'b']) {
      expect(cache.getSnapshot(id).failureCount).toBe(1)
      expect(cache.getSnapshot(id).error).toBeInstanceOf(AutoRefreshError)
    }
  })

  it.each([undefined, null, 0, '', false, Symbol('reason')])(
    'F1: a rejection with %s is a failure',
    async (reason) => {
      const { cache, clock, events } = world({ answer: () => Promise.reject(reason) })
      cache.start().getOrCreate('a', running())
      await clock.advance(0)
      expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 1, error: reason, refreshedAt: undefined })
      expect(events.find(({ type }) => type === 'sync-settled')).toHaveProperty('error')
      expect(cache.stats().syncErrors).toBe(1)
    },
  )

  it('F1: the item keeps its value', async () => {
    const { cache, clock } = world({ answer: () => Promise.reject(error) })
    const item = running(3)
    cache.start().getOrCreate('a', item)
    await clock.advance(0)
    expect(cache.get('a')).toBe(item)
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'active', item, changedAt: 1_000_000 })
  })

  it('F1: failureCount rises by one each time', async () => {
    const { cache, clock } = world({ answer: () => [failed('a', error)] })
    cache.start().getOrCreate('a', running())
    const counts: number[] = []
    for (const wait of [0, 1000, 2000, 4000]) {
      await clock.advance(wait)
      counts.push(cache.getSnapshot('a').failureCount)
    }
    expect(counts).toEqual([1, 2, 3, 4])
  })

  it('F1: the error is that of the last failure', async () => {
    let nth = 0
    const { cache, clock } = world({ answer: () => [failed('a', (nth += 1))] })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    expect(cache.getSnapshot('a').error).toBe(2)
  })

  it('F1: `fail` fails one', async () => {
    const { cache, clock } = world({ answer: () => [failed('b', error), { id: 'a', item: running(1) }] })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 0, error: undefined, item: running(1) })
    expect(cache.getSnapshot('b')).toMatchObject({ failureCount: 1, error, item: running(0) })
  })

  it('F1: `fail` without an error is a failure', async () => {
    const { cache, clock } = world({ answer: () => [{ id: 'a', action: 'fail', error: undefined }] })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 1, error: undefined })
  })

  it('F1: a call that fails touches no item outside it', async () => {
    const { cache, clock } = world({
      createBatches: oneEach,
      answer: (batch, call) => (call.ids.includes('b') ? Promise.reject(error) : unchanged(batch)),
    })
    cache.start()
    createAll(cache, ['a', 'b', 'c'])
    await clock.advance(0)
    expect(['a', 'b', 'c'].map((id) => cache.getSnapshot(id).failureCount)).toEqual([0, 1, 0])
  })

  it('F1, W6: a failure is no failure of an item that was created again meanwhile', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.delete('a')
    cache.getOrCreate('a', running(1))
    calls[0]?.fail(error)
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 0, error: undefined })
  })

  it('F1, W6: it is one of an item that was only updated meanwhile', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.update('a', running(1))
    calls[0]?.fail(error)
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 1, error, item: running(1) })
  })

  it('F1: a refresh that fails is retried', async () => {
    const { cache, clock, calls } = world({ answer: throws(error) })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    expect(times(calls)).toEqual([0, 1000])
  })
})

describe('an answer that is fine', () => {
  it.each([
    ['an array', () => [{ id: 'a', item: running(7) }]],
    ['a set', () => new Set([{ id: 'a', item: running(7) }])],
    ['the values of a map', () => new Map([['a', { id: 'a', item: running(7) }]]).values()],
    [
      'a generator',
      function* () {
        yield { id: 'a', item: running(7) }
      },
    ],
    ['a promise of a set', () => Promise.resolve(new Set([{ id: 'a', item: running(7) }]))],
    [
      'a thenable',
      (): PromiseLike<{ id: string; item: Job }[]> =>
        untyped({ then: (resolve: (value: unknown) => void) => resolve([{ id: 'a', item: running(7) }]) }),
    ],
  ])('F1: %s is no failure', async (_, answer) => {
    const { cache, clock } = world({ answer })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 0, item: running(7) })
  })

  it('F1: a thenable that settles twice settles once', async () => {
    const { cache, clock } = world({
      answer: () =>
        untyped({
          then: (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => {
            resolve([{ id: 'a', item: running(7) }])
            reject(error)
            resolve([{ id: 'a', item: running(8) }])
          },
        }),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 0, item: running(7) })
  })
})

describe('a success', () => {
  /** Fails once, then answers. */
  const recovering = (answer: Parameters<typeof world<Job>>[0]) => {
    let calls = 0
    return world({
      ...answer,
      answer: (batch, call) => {
        calls += 1
        if (calls === 1) return [failed('a', error)]
        return answer?.answer?.(batch, call) ?? unchanged(batch)
      },
    })
  }

  it.each([
    ['an update', stepped],
    ['unchanged', unchanged<Job>],
    ['left out', () => []],
    ['an equal update', () => [{ id: 'a', item: running(0) }]],
  ])('F3: %s sets failureCount to 0 and error to undefined', async (_, answer) => {
    const { cache, clock } = recovering({ answer })
    cache.start().getOrCreate('a', running())
    await clock.advance(999)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 1, error })
    await clock.advance(1)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 0, error: undefined })
  })

  it('F3: a call whose result lost against a local write is a success, too', async () => {
    const { cache, clock, lastCall } = recovering({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    cache.update('a', running(9))
    lastCall().answer(stepped(lastCall().batch))
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 0, error: undefined, item: running(9) })
  })

  it('F3: a local write is no success', async () => {
    const { cache, clock } = recovering({})
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    cache.update('a', running(9))
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 1, error })
  })

  it('F3: a pushed value is a success', async () => {
    const { cache, clock } = recovering({})
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    cache.ingest([{ id: 'a', item: running(9) }])
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 0, error: undefined })
  })

  it('F3: the success of a neighbour is none of one’s own', async () => {
    const { cache, clock } = world({ answer: () => [failed('a', error)] })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(0)
    expect(cache.getSnapshot('a').failureCount).toBe(1)
    expect(cache.getSnapshot('b').failureCount).toBe(0)
  })
})

describe('what is counted and told', () => {
  it('F1: a `fail` of an item is no failure of the call', async () => {
    const { cache, clock, events } = world({ answer: () => [failed('a')] })
    cache.start().getOrCreate('a', running())
    await clock.advance(100_000)
    expect(cache.stats().syncErrors).toBe(0)
    expect(events.find(({ type }) => type === 'sync-settled')).not.toHaveProperty('error')
    expect(typesOf(events)).not.toContain('outage-started')
  })

  it('F1: the event of the call carries its error', async () => {
    const { cache, clock, events } = world({ answer: () => Promise.reject(error) })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(events.find(({ type }) => type === 'sync-settled')).toMatchObject({
      ids: ['a'],
      duration: 0,
      error,
    })
  })

  it('F1: a failure is told to subscribers, once', async () => {
    let told = 0
    const { cache, clock } = world({ answer: () => Promise.reject(error) })
    cache.subscribe('a', () => (told += 1))
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    told = 0
    await clock.advance(1000)
    expect(told).toBe(1)
  })

  it('F1: failures of some do not disturb the pace of others', async () => {
    const { cache, clock, calls } = world({
      coalesce: 0,
      answer: (batch) => batch.map(({ id }) => (id === 'bad' ? failed(id) : { id, action: 'unchanged' })),
    })
    cache.start()
    createAll(cache, ['bad', 'good'])
    await clock.advance(4000)
    expect(log(calls)).toEqual(['0 bad good', '1000 bad good', '2000 good', '3000 bad good', '4000 good'])
    expect(sizes(calls)).toHaveLength(5)
  })
})
