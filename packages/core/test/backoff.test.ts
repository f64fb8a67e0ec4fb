import { describe, expect, it } from 'vitest'
import { createAll, failed, log, oneEach, outcomeOf, times, timesOf, untyped } from './scheduling-helpers.ts'
import { running, unchanged, world, type Job } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

const error = new Error('down')

/** A cache whose item `a` fails by its own `fail`, always. */
function failing(options: Options = {}, retryAfter?: number) {
  const all = world({ answer: (batch) => batch.map(({ id }) => failed(id, error, retryAfter)), ...options })
  all.cache.start().getOrCreate('a', running())
  return all
}

/** The gaps between calls. */
const gaps = (at: readonly number[]): number[] => at.slice(1).map((time, index) => time - (at[index] ?? 0))

describe('an item that fails by itself', () => {
  it('F2: is due after interval × factor^(n−1)', async () => {
    const { clock, calls } = failing()
    await clock.advance(31_000)
    expect(times(calls)).toEqual([0, 1000, 3000, 7000, 15_000, 31_000])
  })

  it('F2: at most maxDelay, 60,000 ms by default', async () => {
    const { clock, calls } = failing()
    await clock.advance(300_000)
    expect(gaps(times(calls)).slice(5)).toEqual([32_000, 60_000, 60_000, 60_000])
  })

  it('F2: at most the maxDelay of the options', async () => {
    const { clock, calls } = failing({ retry: { maxDelay: 3000 } })
    await clock.advance(12_000)
    expect(gaps(times(calls))).toEqual([1000, 2000, 3000, 3000, 3000])
  })

  it('F2: the interval holds where it is longer than maxDelay', async () => {
    const { clock, calls } = failing({ interval: 10_000, retry: { maxDelay: 3000 } })
    await clock.advance(40_000)
    expect(gaps(times(calls))).toEqual([10_000, 10_000, 10_000, 10_000])
  })

  it('F2: by the factor of the options', async () => {
    const { clock, calls } = failing({ retry: { factor: 3 } })
    await clock.advance(40_000)
    expect(gaps(times(calls))).toEqual([1000, 3000, 9000, 27_000])
  })

  it('F2: with factor 1 it keeps its interval', async () => {
    const { clock, calls } = failing({ retry: { factor: 1 } })
    await clock.advance(5000)
    expect(times(calls)).toEqual([0, 1000, 2000, 3000, 4000, 5000])
  })

  it('F2: a delay too large for a number is maxDelay', async () => {
    const { clock, calls } = failing({ retry: { factor: 1e200, maxDelay: 2000 } })
    await clock.advance(11_000)
    expect(gaps(times(calls))).toEqual([1000, 2000, 2000, 2000, 2000, 2000])
  })

  it('F2: failures delay, they never stop', async () => {
    const { clock, calls } = failing({ interval: 100, retry: { maxDelay: 100 } })
    await clock.advance(150_000)
    expect(calls).toHaveLength(1501)
  })

  it('F2: times 1 to 1 + retry.jitter', async () => {
    const { clock, calls } = failing({ random: () => 0.5 })
    await clock.advance(8000)
    expect(times(calls)).toEqual([0, 1125, 3375, 7875])
  })

  it('F2: the jitter comes on top of maxDelay', async () => {
    const { clock, calls } = failing({ random: () => 0.5, jitter: 0, retry: { maxDelay: 1000, jitter: 1 } })
    await clock.advance(4500)
    expect(gaps(times(calls))).toEqual([1500, 1500, 1500])
  })

  it('F2: without retry.jitter retries come exactly', async () => {
    const { clock, calls } = failing({ random: () => 0.9, jitter: 0, retry: { jitter: 0 } })
    await clock.advance(7000)
    expect(times(calls)).toEqual([0, 1000, 3000, 7000])
  })

  it('F2: the jitter is drawn once a batch', async () => {
    let draws = 0
    const { cache, clock } = failing({ random: () => (draws += 1) / 100, coalesce: 0 })
    createAll(cache, ['b', 'c'])
    await clock.advance(0)
    expect(new Set(['a', 'b', 'c'].map((id) => cache.getSnapshot(id).nextRefreshAt)).size).toBe(1)
    expect(cache.getSnapshot('a').nextRefreshAt).toBeGreaterThan(1_001_000)
  })

  it('F2: the interval is that of the item after the failure', async () => {
    const { clock, calls } = failing({ interval: ({ failureCount }) => 100 * failureCount })
    await clock.advance(1700)
    expect(times(calls)).toEqual([0, 100, 500, 1700])
  })

  it('F2: after a success the next failure is the first again', async () => {
    let nth = 0
    const { clock, calls } = failing({
      answer: (batch) => ((nth += 1) === 3 ? unchanged(batch) : batch.map(({ id }) => failed(id))),
    })
    await clock.advance(7000)
    expect(gaps(times(calls))).toEqual([1000, 2000, 1000, 1000, 2000])
  })

  it('F2: each item has its own count', async () => {
    let up = false
    const { cache, clock, calls } = failing({
      coalesce: 0,
      answer: (batch) => batch.map(({ id }) => (id === 'b' && up ? { id, action: 'unchanged' } : failed(id))),
    })
    cache.getOrCreate('b', running())
    await clock.advance(500)
    up = true
    await clock.advance(6500)
    expect(timesOf(calls, 'a')).toEqual([0, 1000, 3000, 7000])
    expect(timesOf(calls, 'b')).toEqual([0, 1000, 2000, 3000, 4000, 5000, 6000, 7000])
  })

  it('F2, W3: local writes do not shorten a backoff', async () => {
    const { cache, clock, calls } = failing()
    for (let step = 0; step < 70; step++) {
      cache.update('a', running(step))
      await clock.advance(100)
    }
    expect(times(calls)).toEqual([0, 1000, 3000, 7000])
  })

  it('F2: a malformed entry is a failure of the item', async () => {
    const { clock, calls } = failing({ answer: () => [untyped({ id: 'a' })] })
    await clock.advance(7000)
    expect(times(calls)).toEqual([0, 1000, 3000, 7000])
  })
})

describe('an item that fails alone in its call', () => {
  /** `a` and `ok` each in a call of its own, so that no outage comes of it. */
  const alone = (options: Options = {}) => {
    const all = failing({
      createBatches: oneEach,
      coalesce: 0,
      answer: (batch, call) => (call.ids.includes('ok') ? unchanged(batch) : Promise.reject(error)),
      ...options,
    })
    all.cache.getOrCreate('ok', running())
    return all
  }

  it('F2: backs off as by its own `fail`', async () => {
    const { clock, calls } = alone()
    await clock.advance(15_000)
    expect(timesOf(calls, 'a')).toEqual([0, 1000, 3000, 7000, 15_000])
  })

  it('F2: so does one that times out alone', async () => {
    const { clock, calls } = alone({
      timeout: 100,
      answer: (batch, call) => (call.ids.includes('ok') ? unchanged(batch) : 'wait'),
    })
    await clock.advance(8000)
    expect(timesOf(calls, 'a')).toEqual([0, 1100, 3200, 7300])
  })

  it('F2: never sooner than the retryAfter of the error thrown', async () => {
    const { clock, calls } = alone({
      answer: (batch, call) =>
        call.ids.includes('ok')
          ? unchanged(batch)
          : Promise.reject(Object.assign(new Error('429'), { retryAfter: 5000 })),
    })
    await clock.advance(18_000)
    expect(timesOf(calls, 'a')).toEqual([0, 5000, 10_000, 15_000])
  })
})

describe('a failed call of several items', () => {
  it('F2: delays them by one interval', async () => {
    const { cache, clock, calls } = failing({ answer: () => Promise.reject(error) })
    cache.getOrCreate('b', running())
    await clock.advance(1000)
    expect(log(calls)).toEqual(['0 a b', '1000 a b'])
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(1_002_000)
  })

  it('F2: each by its own interval', async () => {
    const { cache, clock } = failing({
      interval: (_, id) => (id === 'a' ? 700 : 4000),
      answer: () => Promise.reject(error),
    })
    cache.getOrCreate('b', running())
    await clock.advance(0)
    expect(['a', 'b'].map((id) => cache.getSnapshot(id).nextRefreshAt)).toEqual([1_000_700, 1_004_000])
  })

  it('F2: it is not the first in a row of failures that say something about the item', async () => {
    const { cache, clock, calls } = failing({
      coalesce: 0,
      answer: (batch, call) =>
        call.at === 0
          ? Promise.reject(error)
          : batch.map(({ id }) => (id === 'a' ? failed(id) : { id, action: 'unchanged' })),
    })
    cache.getOrCreate('b', running())
    await clock.advance(4000)
    expect(timesOf(calls, 'a')).toEqual([0, 1000, 2000, 4000])
    expect(cache.getSnapshot('a').failureCount).toBe(4)
  })

  it('F2: it waits longer where the error carries a retryAfter, all of it', async () => {
    const { cache, clock, calls } = failing({
      answer: (batch, call) =>
        call.at === 0
          ? Promise.reject(Object.assign(new Error('429'), { retryAfter: 5000 }))
          : unchanged(batch),
    })
    cache.getOrCreate('b', running())
    await clock.advance(5000)
    expect(log(calls)).toEqual(['0 a b', '5000 a b'])
  })

  it('F2: a retryAfter of the error that is shorter than the interval shortens nothing', async () => {
    const { cache, clock, calls } = failing({
      answer: () => Promise.reject(Object.assign(new Error('429'), { retryAfter: 10 })),
    })
    cache.getOrCreate('b', running())
    await clock.advance(1000)
    expect(log(calls)).toEqual(['0 a b', '1000 a b'])
  })

  it.each(['5000', NaN, null, {}, 5000n])('F2: one that is no number (%s) is none', async (retryAfter) => {
    const { cache, clock, calls } = failing({
      answer: () => Promise.reject(Object.assign(new Error('429'), { retryAfter })),
    })
    cache.getOrCreate('b', running())
    await clock.advance(1000)
    expect(log(calls)).toEqual(['0 a b', '1000 a b'])
  })

  it('F2: what is thrown need not be an Error to carry one', async () => {
    const { cache, clock, calls } = failing({ answer: () => Promise.reject(untyped({ retryAfter: 3000 })) })
    cache.getOrCreate('b', running())
    await clock.advance(3000)
    expect(log(calls)).toEqual(['0 a b', '3000 a b'])
  })
})

describe('retryAfter of an item', () => {
  it('F2: never sooner than it', async () => {
    const { clock, calls } = failing({}, 5000)
    await clock.advance(10_000)
    expect(times(calls)).toEqual([0, 5000, 10_000])
  })

  it('F2: one that is shorter than the backoff shortens nothing', async () => {
    const { clock, calls } = failing({}, 1500)
    await clock.advance(7500)
    expect(times(calls)).toEqual([0, 1500, 3500, 7500])
  })

  it('F2: it may be longer than maxDelay', async () => {
    const { clock, calls } = failing({ retry: { maxDelay: 2000 } }, 90_000)
    await clock.advance(90_000)
    expect(times(calls)).toEqual([0, 90_000])
  })

  it('F2: it holds for its item alone', async () => {
    const { cache, clock, calls } = failing({
      answer: (batch) =>
        batch.map(({ id }) => (id === 'a' ? failed(id, error, 3000) : { id, action: 'unchanged' })),
      coalesce: 0,
    })
    cache.getOrCreate('b', running())
    await clock.advance(3000)
    expect(log(calls)).toEqual(['0 a b', '1000 b', '2000 b', '3000 a b'])
  })

  it('F2: it is over with the next success', async () => {
    const { clock, calls } = failing({
      answer: (batch, call) => (call.at === 0 ? [failed('a', error, 5000)] : unchanged(batch)),
    })
    await clock.advance(7000)
    expect(times(calls)).toEqual([0, 5000, 6000, 7000])
  })

  it.each([NaN, -5000, untyped('5000'), untyped(null), untyped(5000n)])(
    'F2: %s is none',
    async (retryAfter) => {
      const { clock, calls } = failing({}, retryAfter)
      await clock.advance(3000)
      expect(times(calls)).toEqual([0, 1000, 3000])
    },
  )

  it.each([86_400_001, 2 ** 31, 1e300, Infinity])('F2: of %d ms a day counts', async (retryAfter) => {
    const { clock, calls } = failing({}, retryAfter)
    await clock.advance(2 * 86_400_000)
    expect(times(calls)).toEqual([0, 86_400_000, 2 * 86_400_000])
  })

  it('F2: a pushed `fail` delays its item', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    cache.ingest([failed('a', error, 4000)])
    await clock.advance(4500)
    expect(times(calls)).toEqual([0, 4500])
    expect(cache.getSnapshot('a').failureCount).toBe(0)
  })

  it('F2: pushed failures back off as those of calls do', async () => {
    const { cache, clock } = world({ interval: 1000 })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    const planned: (number | undefined)[] = []
    for (let nth = 0; nth < 3; nth++) {
      cache.ingest([failed('a', error)])
      planned.push(cache.getSnapshot('a').nextRefreshAt)
    }
    expect(planned).toEqual([1_001_100, 1_002_100, 1_004_100])
  })

  it('F2, S8: refresh by hand does not forget the backoff', async () => {
    const { cache, clock, calls } = failing()
    await clock.advance(1500)
    outcomeOf(cache.refresh('a'))
    await clock.advance(4000)
    expect(times(calls)).toEqual([0, 1000, 1500, 5500])
  })
})
