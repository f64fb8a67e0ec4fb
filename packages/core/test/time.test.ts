import { VirtualClock } from '@auto-refresh/core/testing'
import { describe, expect, it } from 'vitest'
import { createAll, failed, manyIds, timesOf, times } from './scheduling-helpers.ts'
import { running, unchanged, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

const MINUTE = 60_000

/** `tick` every 10 s, so that a timer looks at the clocks; the others as their names say. Nobody comes early. */
function ticking(intervals: Readonly<Record<string, number>>, options: Options = {}): World<Job> {
  const w = world({
    coalesce: 0,
    createBatches: (due) => due.map((entry) => [entry]),
    parallelism: 10,
    interval: (_, id) => intervals[id] ?? 10_000,
    ...options,
  })
  w.cache.start()
  createAll(w.cache, ['tick', ...Object.keys(intervals)])
  return w
}

describe('the wall clock', () => {
  it.each([
    ['a day back', -86_400_000],
    ['a year back', -31_536_000_000],
    ['29 s forward', 29_000],
    ['30 s forward', 30_000],
  ])('T2: setting it %s moves nothing', async (_, by) => {
    const w = ticking({ slow: 20 * MINUTE })
    await w.clock.advance(5000)
    w.clock.setEpoch(w.clock.epoch() + by)
    await w.clock.advance(20 * MINUTE)
    expect(timesOf(w.calls, 'tick').slice(0, 4)).toEqual([0, 10_000, 20_000, 30_000])
    expect(timesOf(w.calls, 'slow')).toEqual([0, 20 * MINUTE])
  })

  it('T2: setting it often moves nothing', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    for (const epoch of [5, 1e12, 7, 1e12 + 5, 0]) {
      w.clock.setEpoch(epoch)
      await w.clock.advance(500)
    }
    expect(times(w.calls)).toEqual([0, 1000, 2000])
  })

  it('T2: setting it back disturbs no timeout, no backoff and no rate limit', async () => {
    const w = world({ timeout: 1000, answer: () => 'wait' })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(500)
    w.clock.setEpoch(0)
    await w.clock.advance(1500)
    expect(times(w.calls)).toEqual([0, 2000])
    expect(w.cache.getSnapshot('a').failureCount).toBe(1)
  })
})

describe('sleep', () => {
  it('T2: what is overdue by the wall clock is due when a timer finds it', async () => {
    const w = ticking({ slow: 20 * MINUTE })
    await w.clock.advance(5000)
    w.clock.sleep(20 * MINUTE)
    await w.clock.advance(4999)
    expect(timesOf(w.calls, 'slow')).toEqual([0])
    await w.clock.advance(1)
    expect(timesOf(w.calls, 'slow')).toEqual([0, 10_000])
  })

  it('T2: it is a timer that finds it, not what the application does', async () => {
    const w = world({ interval: MINUTE, coalesce: 0 })
    w.cache.start()
    createAll(w.cache, ['a'])
    await w.clock.advance(10_000)
    w.clock.sleep(MINUTE)
    createAll(w.cache, ['b'])
    await w.clock.advance(0)
    expect(timesOf(w.calls, 'a')).toEqual([0])
    expect(timesOf(w.calls, 'b')).toEqual([10_000])
  })

  it('T2: what is not overdue by it does not move', async () => {
    const w = ticking({ slow: 20 * MINUTE, slower: 60 * MINUTE })
    await w.clock.advance(5000)
    w.clock.sleep(20 * MINUTE)
    await w.clock.advance(60 * MINUTE)
    expect(timesOf(w.calls, 'slower')).toEqual([0, 60 * MINUTE])
    expect(timesOf(w.calls, 'slow').slice(0, 3)).toEqual([0, 10_000, 10_000 + 20 * MINUTE])
  })

  it('T2: more than 30 s it takes', async () => {
    for (const [ms, expected] of [
      [30_000, [0]],
      [30_001, [0, 10_000]],
    ] as const) {
      const w = ticking({ slow: 35_000 })
      await w.clock.advance(5000)
      w.clock.sleep(ms)
      await w.clock.advance(5000)
      expect(timesOf(w.calls, 'slow')).toEqual(expected)
    }
  })

  it('T2: short sleeps add up since `start`', async () => {
    const w = ticking({ slow: 55_000 })
    await w.clock.advance(5000)
    w.clock.sleep(20_000)
    await w.clock.advance(10_000)
    expect(timesOf(w.calls, 'slow')).toEqual([0])
    w.clock.sleep(20_000)
    await w.clock.advance(5000)
    expect(timesOf(w.calls, 'slow')).toEqual([0, 20_000])
  })

  it('T2: from the last find they are counted anew', async () => {
    const w = ticking({ slow: 55_000 })
    await w.clock.advance(5000)
    w.clock.sleep(60_000)
    await w.clock.advance(5000)
    expect(timesOf(w.calls, 'slow')).toEqual([0, 10_000])
    await w.clock.advance(30_000)
    w.clock.sleep(25_000)
    await w.clock.advance(20_000)
    expect(timesOf(w.calls, 'slow')).toEqual([0, 10_000])
    await w.clock.advance(5000)
    expect(timesOf(w.calls, 'slow')).toEqual([0, 10_000, 65_000])
  })

  it('T2: what the wall clock did before `start` counts for nothing', async () => {
    const w = world({
      coalesce: 0,
      syncOnCreate: false,
      interval: (_, id) => (id === 'slow' ? 20 * MINUTE : 10_000),
    })
    createAll(w.cache, ['tick', 'slow'])
    w.clock.sleep(20 * MINUTE)
    w.cache.start()
    await w.clock.advance(20 * MINUTE)
    expect(timesOf(w.calls, 'tick')[0]).toBe(10_000)
    expect(timesOf(w.calls, 'slow')).toEqual([20 * MINUTE])
  })

  it('T2: nor does a wall clock that was set back before it hide a sleep after it', async () => {
    const w = ticking({ slow: 20 * MINUTE, slower: 60 * MINUTE })
    await w.clock.advance(5000)
    await w.cache.stop()
    w.clock.setEpoch(w.clock.epoch() - 86_400_000)
    w.cache.start()
    w.clock.sleep(20 * MINUTE)
    await w.clock.advance(5000)
    expect(timesOf(w.calls, 'slow')).toEqual([0, 10_000])
    await w.clock.advance(60 * MINUTE - 10_000)
    expect(timesOf(w.calls, 'slower')).toEqual([0, 60 * MINUTE])
  })

  it.each([
    ['a sleep that a timer found', (w: World<Job>) => w.clock.sleep(20 * MINUTE)],
    [
      'a start',
      (w: World<Job>) => {
        void w.cache.stop()
        w.clock.setEpoch(w.clock.epoch() - 86_400_000)
        w.cache.start()
      },
    ],
  ])('T2, O1: after %s it is told by the wall clock as it is when the next refresh is', async (_, change) => {
    const w = ticking({ slow: 60 * MINUTE })
    await w.clock.advance(5000)
    const before = w.cache.getSnapshot('slow')
    let told = 0
    w.cache.subscribe('slow', () => (told += 1), { activity: true })
    change(w)
    await w.clock.advance(5000)
    expect(w.cache.getSnapshot('slow')).toEqual({
      ...before,
      nextRefreshAt: w.clock.epoch() + 60 * MINUTE - 10_000,
    })
    expect(told).toBe(1)
  })

  it('T2, O1: a start after the wall clock was corrected by some ms changes no snapshot', async () => {
    const w = ticking({ slow: 60 * MINUTE })
    await w.clock.advance(5000)
    await w.cache.stop()
    const before = w.cache.getSnapshot('slow')
    w.clock.setEpoch(w.clock.epoch() + 20)
    w.cache.start()
    expect(w.cache.getSnapshot('slow')).toBe(before)
  })

  it('T2: nor does it when a sleep is found later', async () => {
    const w = world({
      coalesce: 0,
      syncOnCreate: false,
      interval: (_, id) => (id === 'slow' ? 20 * MINUTE : 10_000),
    })
    createAll(w.cache, ['tick', 'slow'])
    w.clock.sleep(20 * MINUTE)
    w.cache.start()
    await w.clock.advance(MINUTE)
    w.clock.sleep(MINUTE)
    await w.clock.advance(19 * MINUTE - 1)
    expect(timesOf(w.calls, 'slow')).toEqual([])
    await w.clock.advance(1)
    expect(timesOf(w.calls, 'slow')).toEqual([20 * MINUTE])
  })

  it('T2: what it did while the cache was stopped counts for nothing', async () => {
    const w = ticking({ slow: 20 * MINUTE })
    await w.clock.advance(5000)
    await w.cache.stop()
    w.clock.sleep(20 * MINUTE)
    w.cache.start()
    await w.clock.advance(MINUTE)
    expect(timesOf(w.calls, 'slow')).toEqual([0])
  })

  it('T2: every overdue item is refreshed once, not once a missed interval', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(500)
    w.clock.sleep(10 * 60 * MINUTE)
    await w.clock.advance(2500)
    expect(times(w.calls)).toEqual([0, 1000, 2000, 3000])
  })

  it('T2: it ends the wait for a retryAfter that is over', async () => {
    const w = ticking(
      { slow: 10_000 },
      {
        answer: (batch, call) =>
          call.ids.includes('slow') && call.at === 0
            ? [failed('slow', new Error('busy'), 20 * MINUTE)]
            : unchanged(batch),
      },
    )
    await w.clock.advance(15_000)
    expect(timesOf(w.calls, 'slow')).toEqual([0])
    w.clock.sleep(20 * MINUTE)
    await w.clock.advance(5000)
    expect(timesOf(w.calls, 'slow')).toEqual([0, 20_000])
  })

  it('T2: it times out no running call', async () => {
    const w = ticking(
      { slow: 10_000 },
      {
        timeout: 30_000,
        answer: (batch, call) => (call.ids.includes('slow') ? 'wait' : unchanged(batch)),
      },
    )
    await w.clock.advance(5000)
    w.clock.sleep(20 * MINUTE)
    await w.clock.advance(24_999)
    expect(w.cache.getSnapshot('slow')).toMatchObject({ isRefreshing: true, failureCount: 0 })
    await w.clock.advance(1)
    expect(w.cache.getSnapshot('slow').failureCount).toBe(1)
  })

  it('T2: maxAge follows the monotonic clock', async () => {
    const w = ticking({ slow: 20 * MINUTE }, { maxAge: 5 * MINUTE })
    await w.clock.advance(5000)
    w.clock.sleep(20 * MINUTE)
    await w.clock.advance(5 * MINUTE - 5001)
    expect(w.cache.getSnapshot('slow').status).toBe('active')
    await w.clock.advance(1)
    expect(w.cache.getSnapshot('slow').status).toBe('expired')
  })

  it('T2: so does terminalTtl', async () => {
    const w = ticking({}, { terminalTtl: 5 * MINUTE, isTerminal: (job) => job.done })
    w.cache.getOrCreate('end', { done: true, step: 0 })
    await w.clock.advance(5000)
    w.clock.sleep(20 * MINUTE)
    await w.clock.advance(5 * MINUTE - 5001)
    expect(w.cache.has('end')).toBe(true)
    await w.clock.advance(1)
    expect(w.cache.has('end')).toBe(false)
  })

  it('T2: so does gcTime', async () => {
    const w = ticking({ slow: 20 * MINUTE }, { gcTime: 5 * MINUTE })
    w.cache.subscribe('tick', () => {})
    await w.clock.advance(5000)
    w.clock.sleep(20 * MINUTE)
    await w.clock.advance(5 * MINUTE - 5001)
    expect(w.cache.has('slow')).toBe(true)
    await w.clock.advance(1)
    expect(w.cache.has('slow')).toBe(false)
  })

  it('T2: an unobserved or terminal item is not due by it', async () => {
    const w = ticking(
      { slow: 20 * MINUTE, end: 20 * MINUTE },
      { refreshUnobserved: false, isTerminal: (job) => job.done },
    )
    w.cache.subscribe('tick', () => {})
    w.cache.subscribe('end', () => {})
    await w.clock.advance(5000)
    w.cache.update('end', { done: true, step: 0 })
    w.clock.sleep(20 * MINUTE)
    await w.clock.advance(MINUTE)
    expect(timesOf(w.calls, 'slow')).toEqual([])
    expect(timesOf(w.calls, 'end')).toEqual([0])
  })

  it('T2, S4: within the slots', async () => {
    const slow = manyIds(12)
    let most = 0
    const w: World<Job> = ticking(Object.fromEntries(slow.map((id) => [id, 20 * MINUTE])), {
      parallelism: 3,
      answer: (batch) => {
        most = Math.max(most, w.cache.stats().runningCalls)
        return Promise.resolve(unchanged(batch))
      },
    })
    await w.clock.advance(5000)
    w.clock.sleep(20 * MINUTE)
    await w.clock.advance(5000)
    expect(slow.map((id) => timesOf(w.calls, id))).toEqual(slow.map(() => [0, 10_000]))
    expect(most).toBeLessThanOrEqual(3)
  })

  it('T2, S4: within the rate limit', async () => {
    const slow = manyIds(5)
    const w = ticking(Object.fromEntries(slow.map((id) => [id, 20 * MINUTE])), {
      rateLimit: { calls: 1, per: 2000, burst: 6 },
    })
    await w.clock.advance(15_000)
    w.clock.sleep(20 * MINUTE)
    await w.clock.advance(5000)
    expect(w.calls.filter((call) => call.at === 20_000).length).toBeLessThanOrEqual(6)
    await w.clock.advance(20_000)
    expect(slow.map((id) => timesOf(w.calls, id).length)).toEqual(slow.map(() => 2))
  })
})

/** A page that is frozen: time passes, and its timers come late. */
class FrozenClock extends VirtualClock {
  #lost = 0

  freeze(ms: number): void {
    this.#lost += ms
    this.sleep(ms)
  }

  override now(): number {
    return super.now() + this.#lost
  }
}

describe('a frozen page', () => {
  function frozen(options: Options = {}) {
    const clock = new FrozenClock(1_000_000)
    const starts: string[] = []
    const { cache, environment } = world({
      clock,
      answer: (batch) => {
        starts.push([clock.now(), ...batch.map(({ id }) => id).sort()].join(' '))
        return unchanged(batch)
      },
      ...options,
    })
    cache.start()
    return { cache, clock, starts, environment }
  }

  it('T2: every overdue item is refreshed once, and then in its interval', async () => {
    const { cache, clock, starts } = frozen()
    cache.getOrCreate('a', running())
    await clock.advance(500)
    clock.freeze(100_000)
    await clock.advance(1500)
    expect(starts).toEqual(['0 a', '101000 a', '102000 a'])
  })

  it('T2: many items come in batches', async () => {
    const { cache, clock, starts } = frozen({ batchSize: 10, interval: (_, id) => 1000 + id.length * 100 })
    for (const id of manyIds(30)) {
      cache.getOrCreate(id, running())
      await clock.advance(10)
    }
    const before = starts.length
    clock.freeze(100_000)
    await clock.advance(1000)
    expect(starts.length - before).toBeLessThanOrEqual(6)
  })

  it('T2: a call that ran is timed out, as it took its time', async () => {
    const { cache, clock } = frozen({ timeout: 5000, answer: () => 'wait' })
    cache.getOrCreate('a', running())
    await clock.advance(1000)
    clock.freeze(100_000)
    await clock.advance(4000)
    expect(cache.getSnapshot('a').failureCount).toBe(1)
  })

  it('T2: a timer that comes late is no reason to look again at once', async () => {
    const { cache, clock, starts } = frozen()
    cache.getOrCreate('a', running())
    await clock.advance(100)
    clock.freeze(450)
    await clock.advance(2000)
    expect(starts).toEqual(['0 a', '1450 a', '2450 a'])
  })
})
