/* oxlint-disable unicorn/no-thenable */
import { AutoRefreshError } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { gaps } from './faulty-source.ts'
import { createAll, failed, log, outcomeOf, times, timesOf, untyped } from './scheduling.ts'
import { running, stepped, unchanged, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

const error = new Error('down')

const throws = (thrown: unknown) => (): never => {
  throw thrown
}

/** The ways in which a sync function can fail. */
const ways: readonly (readonly [string, () => PromiseLike<never> | never])[] = [
  ['a rejection', () => Promise.reject(error)],
  ['a throw', throws(error)],
  [
    'a thenable that rejects',
    () => untyped({ then: (_: unknown, reject: (reason: unknown) => void) => reject(error) }),
  ],
  ['a thenable whose then throws', () => untyped({ then: throws(error) })],
]

/** A cache whose item `a` fails by its own `fail`, always. */
function failing(options: Options = {}, retryAfter?: number): World<Job> {
  const w = world({ answer: (batch) => batch.map(({ id }) => failed(id, error, retryAfter)), ...options })
  w.cache.start().getOrCreate('a', running())
  return w
}

describe('effects of a failure on an item', () => {
  it.each(ways)('F1: %s fails every item of the call', async (_, answer) => {
    const { cache, clock, events } = world({ answer })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(0)
    for (const id of ['a', 'b']) expect(cache.getSnapshot(id)).toMatchObject({ error, failureCount: 1 })
    expect(cache.stats().syncErrors).toBe(1)
    expect(events.find(({ type }) => type === 'sync-settled')).toMatchObject({ ids: ['a', 'b'], error })
  })

  it('F1, T1: a timeout fails every item of the call with TIMEOUT', async () => {
    const { cache, clock } = world({ timeout: 100, answer: () => 'wait' })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(100)
    for (const id of ['a', 'b']) {
      expect(cache.getSnapshot(id).failureCount).toBe(1)
      expect(cache.getSnapshot(id).error).toBeInstanceOf(AutoRefreshError)
      expect(cache.getSnapshot(id).error).toHaveProperty('code', 'TIMEOUT')
    }
  })

  it.each([null, 0, '', false, Symbol('reason')])('F1: a rejection with %s is a failure', async (reason) => {
    const { cache, clock, events } = world({ answer: () => Promise.reject(reason) })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 1, error: reason, refreshedAt: undefined })
    expect(events.find(({ type }) => type === 'sync-settled')).toHaveProperty('error')
    expect(cache.stats().syncErrors).toBe(1)
  })

  it('F1: the item keeps its value', async () => {
    const { cache, clock } = world({ answer: () => Promise.reject(error) })
    const item = running(3)
    cache.start().getOrCreate('a', item)
    await clock.advance(0)
    expect(cache.get('a')).toBe(item)
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'active', item, changedAt: 1_000_000 })
  })

  it('F1: failureCount rises by one each time, and the error is that of the last failure', async () => {
    let nth = 0
    const { cache, clock } = failing({ answer: () => [failed('a', (nth += 1))] })
    const seen: unknown[] = []
    for (const wait of [0, 1000, 2000, 4000]) {
      await clock.advance(wait)
      const { failureCount, error: last } = cache.getSnapshot('a')
      seen.push([failureCount, last])
    }
    expect(seen).toEqual([1, 2, 3, 4].map((count) => [count, count]))
  })

  it('F1: `fail` fails one item, and not the call', async () => {
    const { cache, clock, events } = world({
      answer: () => [failed('b', error), { id: 'a', item: running(1) }],
    })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 0, error: undefined, item: running(1) })
    expect(cache.getSnapshot('b')).toMatchObject({ failureCount: 1, error, item: running(0) })
    expect(cache.stats().syncErrors).toBe(0)
    expect(events.find(({ type }) => type === 'sync-settled')).not.toHaveProperty('error')
  })

  it('F1: `fail` without an error gives the item an Error', async () => {
    const { cache, clock } = failing({ answer: () => [{ id: 'a', action: 'fail', error: undefined }] })
    await clock.advance(0)
    expect(cache.getSnapshot('a').failureCount).toBe(1)
    expect(cache.getSnapshot('a').error).toBeInstanceOf(Error)
  })

  it('F1: a failure is told to subscribers, once', async () => {
    let told = 0
    const { cache, clock } = failing({ answer: () => Promise.reject(error) })
    await clock.advance(500)
    cache.subscribe('a', () => (told += 1))
    await clock.advance(500)
    expect(told).toBe(1)
  })

  it.each<[string, (cache: World<Job>['cache']) => void, number]>([
    ['created again', (cache) => void (cache.delete('a') && cache.getOrCreate('a', running(1))), 0],
    ['only updated', (cache) => void cache.update('a', running(1)), 1],
  ])('F1, W6: a failed call counts for an item %s meanwhile by its generation', async (_, change, count) => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    change(cache)
    lastCall().fail(error)
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: count, item: running(1) })
  })
})

describe('effects of a success', () => {
  const successes: readonly (readonly [string, NonNullable<Options['answer']>])[] = [
    ['an update', stepped],
    ['unchanged', unchanged],
    ['left out', () => []],
    ['an equal update', () => [{ id: 'a', item: running(0) }]],
  ]

  it.each(successes)('F3: %s sets failureCount to 0 and error to undefined', async (_, answer) => {
    const { cache, clock } = failing({
      answer: (batch, call) => (call.at === 0 ? [failed('a', error)] : answer(batch, call)),
    })
    await clock.advance(999)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 1, error })
    await clock.advance(1)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 0, error: undefined })
  })

  it('F3, W6: a call whose value lost against a local write sets them, too', async () => {
    const { cache, clock, lastCall } = failing({
      answer: (_, call) => (call.at === 0 ? [failed('a', error)] : 'wait'),
    })
    await clock.advance(1000)
    cache.update('a', running(9))
    lastCall().answer(stepped(lastCall().batch))
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 0, error: undefined, item: running(9) })
  })

  it('F3: a local write does not, a pushed value does', async () => {
    const { cache, clock } = failing()
    await clock.advance(100)
    cache.update('a', running(9))
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 1, error })
    cache.ingest([{ id: 'a', item: running(10) }])
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 0, error: undefined })
  })
})

describe('the delay after an item failure', () => {
  const delays: readonly (readonly [string, Options, readonly number[]])[] = [
    ['its interval × factor^(n−1), up to a minute', {}, [1, 2, 4, 8, 16, 32, 60, 60]],
    ['up to the maxDelay of the options', { retry: { maxDelay: 3000 } }, [1, 2, 3, 3]],
    ['the interval if maxDelay is shorter', { interval: 10_000, retry: { maxDelay: 3000 } }, [3, 6, 10, 10]],
    ['by the factor of the options', { retry: { factor: 3 } }, [1, 3, 9, 27, 60]],
    ['with factor 1 the interval', { retry: { factor: 1 } }, [1, 1, 1, 1]],
    ['maxDelay if it is too large for a number', { retry: { factor: 1e200, maxDelay: 2000 } }, [1, 2, 2]],
    ['maxDelay if the interval is endless', { interval: Infinity, retry: { maxDelay: 5000 } }, [5, 5, 5]],
  ]

  it.each(delays)('F2: %s', async (_, options, seconds) => {
    const { clock, calls } = failing(options)
    await clock.advance(seconds.reduce((sum, one) => sum + one, 0) * 1000)
    expect(gaps(times(calls))).toEqual(seconds.map((one) => one * 1000))
  })

  it('F2, S2: the interval is that of the snapshot after the failure', async () => {
    const { clock, calls } = failing({ interval: ({ failureCount }) => 100 * failureCount })
    await clock.advance(1700)
    expect(times(calls)).toEqual([0, 100, 500, 1700])
  })

  it('F2: failures delay, they never stop', async () => {
    const { clock, calls } = failing({ interval: 100, retry: { maxDelay: 100 } })
    await clock.advance(150_000)
    expect(calls).toHaveLength(1501)
  })

  it.each([
    ['1 to 1 + retry.jitter', {}, [0, 1125, 3375, 7875]],
    ['1 without it', { jitter: 0, retry: { jitter: 0 } }, [0, 1000, 3000, 7000]],
    ['that beyond maxDelay, too', { jitter: 0, retry: { maxDelay: 1000, jitter: 1 } }, [0, 1500, 3000, 4500]],
  ])('F16: the delay is multiplied by %s', async (_, options, at) => {
    const { clock, calls } = failing({ random: () => 0.5, ...options })
    await clock.advance(7900)
    expect(times(calls).slice(0, 4)).toEqual(at)
  })

  it('F16: the factor is drawn once per call', async () => {
    let draws = 0
    const { cache, clock } = failing({ random: () => (draws += 1) / 100 })
    createAll(cache, ['b', 'c'])
    await clock.advance(0)
    expect(new Set(['a', 'b', 'c'].map((id) => cache.getSnapshot(id).nextRefreshAt)).size).toBe(1)
    expect(cache.getSnapshot('a').nextRefreshAt).toBeGreaterThan(1_001_000)
  })

  it('F2: each item has its own count, which begins anew after a success', async () => {
    const { cache, clock, calls } = failing({
      answer: (batch, { at }) =>
        batch.map(({ id }) =>
          id === 'b' && at < 15_000 && at !== 0 ? { id, action: 'unchanged' } : failed(id),
        ),
    })
    cache.getOrCreate('b', running())
    await clock.advance(25_000)
    expect(timesOf(calls, 'a')).toEqual([0, 1000, 3000, 7000, 15_000])
    expect(gaps(timesOf(calls, 'b')).slice(0, 15)).toEqual(Array.from({ length: 15 }, () => 1000))
    expect(gaps(timesOf(calls, 'b')).slice(15)).toEqual([1000, 2000, 4000])
  })

  it('F2: failed calls count as failures in the row', async () => {
    const { clock, calls } = failing({
      answer: (_, { at }) => (at === 0 ? Promise.reject(error) : [failed('a')]),
    })
    await clock.advance(7000)
    expect(times(calls)).toEqual([0, 1000, 3000, 7000])
  })

  it('F2, S5: the item stays in the normal batches, and comes early with others', async () => {
    const { cache, clock, calls } = failing({
      interval: () => 1000,
      answer: (batch) => batch.map(({ id }) => (id === 'a' ? failed(id) : { id, action: 'unchanged' })),
    })
    await clock.advance(600)
    cache.getOrCreate('b', running())
    await clock.advance(6400)
    expect(log(calls)).toEqual([
      '0 a',
      '600 b',
      '1000 a',
      '1600 b',
      '2600 a b',
      '3600 b',
      '4600 b',
      '5600 b',
      '6600 a b',
    ])
  })

  it('F2, W3: local writes do not shorten it', async () => {
    const { cache, clock, calls } = failing()
    for (let step = 0; step < 70; step++) {
      cache.update('a', running(step))
      await clock.advance(100)
    }
    expect(times(calls)).toEqual([0, 1000, 3000, 7000])
  })

  it('F2, S8: a refresh by hand comes at once, and does not begin the row anew', async () => {
    const { cache, clock, calls } = failing()
    await clock.advance(1500)
    outcomeOf(cache.refresh('a'))
    await clock.advance(4000)
    expect(times(calls)).toEqual([0, 1000, 1500, 5500])
  })
})

describe('retryAfter of an item failure', () => {
  it.each([
    ['it delays longer', 5000, {}, [5000, 10_000, 15_000]],
    ['it shortens nothing', 1500, {}, [1500, 3500, 7500]],
    ['it may be longer than maxDelay', 90_000, { retry: { maxDelay: 2000 } }, [90_000, 180_000, 270_000]],
    ['of two days a day counts', 172_800_000, {}, [86_400_000, 172_800_000, 259_200_000]],
    ['of 1e300 ms a day counts', 1e300, {}, [86_400_000, 172_800_000, 259_200_000]],
  ])('F2: %s', async (_, retryAfter, options, at) => {
    const { clock, calls } = failing(options, retryAfter)
    await clock.advance(at[2] ?? 0)
    expect(times(calls)).toEqual([0, ...at])
  })

  it('F2, S5: the item does not come early before it, and its neighbours do not wait', async () => {
    const { cache, clock, calls } = failing({
      answer: (batch) =>
        batch.map(({ id }) => (id === 'a' ? failed(id, error, 3000) : { id, action: 'unchanged' })),
    })
    await clock.advance(600)
    cache.getOrCreate('b', running())
    await clock.advance(2400)
    expect(log(calls)).toEqual(['0 a', '600 b', '1600 b', '2600 b', '3000 a'])
  })

  it('F2: it is over with the next success', async () => {
    const { clock, calls } = failing({
      answer: (batch, call) => (call.at === 0 ? [failed('a', error, 5000)] : unchanged(batch)),
    })
    await clock.advance(7000)
    expect(times(calls)).toEqual([0, 5000, 6000, 7000])
  })

  it.each([NaN, Infinity, 0, -5000, untyped('5000'), untyped(null), untyped(5000n)])(
    'F13: %s is none',
    async (retryAfter) => {
      const { clock, calls } = failing({}, retryAfter)
      await clock.advance(3000)
      expect(times(calls)).toEqual([0, 1000, 3000])
    },
  )
})
