import { customBatches, expiry, rateLimit } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { describe, expect, it } from 'vitest'
import { createAll, failed, manyIds, oneEach, times, timesOf } from './scheduling.ts'
import { done, isTerminal, running, unchanged, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

const MINUTE = 60_000

/** `tick` every 10 s, so that a timer looks at the clock; the others as they say. Each item goes alone. It is 5 s. */
async function ticking(
  intervals: Readonly<Record<string, number>>,
  options: Options = {},
): Promise<World<Job>> {
  const w = world<Job>({
    policies: [customBatches(oneEach)],
    concurrency: 50,
    interval: (_, id) => intervals[id] ?? 10_000,
    ...options,
  })
  createAll(w.cache.start(), ['tick', ...Object.keys(intervals)])
  await w.clock.advance(5000)
  return w
}

describe('the wall clock', () => {
  it.each([
    ['a day back', -86_400_000],
    ['a year back', -31_536_000_000],
    ['30 s forward', 30_000],
  ])('T6: setting it %s moves nothing', async (_, by) => {
    const w = await ticking({ slow: 20 * MINUTE })
    w.clock.setEpoch(w.clock.epoch() + by)
    await w.clock.advance(20 * MINUTE)
    expect(timesOf(w.calls, 'tick').slice(0, 4)).toEqual([0, 10_000, 20_000, 30_000])
    expect(timesOf(w.calls, 'slow')).toEqual([0, 20 * MINUTE])
  })

  it('T6: setting it back and forth within 30 s moves nothing', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    for (const by of [25_000, -86_400_000, 29_000, 5, -3, 30_000]) {
      w.clock.setEpoch(w.clock.epoch() + by)
      await w.clock.advance(500)
    }
    expect(times(w.calls)).toEqual([0, 1000, 2000, 3000])
  })

  it('T6: setting it back hides no later sleep', async () => {
    const w = await ticking({ slow: 20 * MINUTE })
    w.clock.setEpoch(w.clock.epoch() - 86_400_000)
    await w.clock.advance(5000)
    w.clock.sleep(20 * MINUTE)
    await w.clock.advance(10_000)
    expect(timesOf(w.calls, 'slow')).toEqual([0, 20_000])
  })

  it('T6: setting it forward by more counts as sleep', async () => {
    const w = await ticking({ slow: 20 * MINUTE })
    w.clock.setEpoch(w.clock.epoch() + 20 * MINUTE)
    await w.clock.advance(5000)
    expect(timesOf(w.calls, 'slow')).toEqual([0, 10_000])
  })

  it('T6: epoch times in snapshots are those of the wall clock at that moment', async () => {
    const w = await ticking({ slow: 20 * MINUTE })
    w.clock.setEpoch(w.clock.epoch() - 86_400_000)
    await w.clock.advance(5000)
    expect(w.cache.getSnapshot('tick')).toMatchObject({
      refreshedAt: w.clock.epoch(),
      nextRefreshAt: w.clock.epoch() + 10_000,
    })
    w.clock.sleep(5 * MINUTE)
    await w.clock.advance(10_000)
    expect(w.cache.getSnapshot('tick')).toMatchObject({
      refreshedAt: w.clock.epoch(),
      nextRefreshAt: w.clock.epoch() + 10_000,
    })
    expect(w.cache.getStatus().lastSuccessAt).toBe(w.clock.epoch())
    w.cache.getOrCreate('new', running())
    expect(w.cache.getSnapshot('new').createdAt).toBe(w.clock.epoch())
  })
})

describe('sleep', () => {
  it('T2: an item that is overdue by the wall clock is due when a timer finds it', async () => {
    const w = await ticking({ slow: 20 * MINUTE })
    w.clock.sleep(20 * MINUTE)
    await w.clock.advance(4999)
    expect(timesOf(w.calls, 'slow')).toEqual([0])
    await w.clock.advance(1)
    expect(timesOf(w.calls, 'slow')).toEqual([0, 10_000])
  })

  it.each<[string, (w: World<Job>) => unknown]>([
    ['a creation', ({ cache }) => cache.getOrCreate('new', running())],
    ['a refresh', ({ cache }) => void cache.refresh('tick')],
    ['a page that is seen again', ({ environment }) => [false, true].map((to) => environment.setVisible(to))],
  ])('T2: whatever uses the clock finds it: %s', async (_, use) => {
    const w = await ticking({ slow: 20 * MINUTE })
    w.clock.sleep(20 * MINUTE)
    use(w)
    await w.clock.advance(0)
    expect(timesOf(w.calls, 'slow')).toEqual([0, 5000])
  })

  it('T2: it takes more than 30 s since the last look', async () => {
    for (const [ms, expected] of [
      [30_000, [0]],
      [30_001, [0, 10_000]],
    ] as const) {
      const w = await ticking({ slow: 35_000 })
      w.clock.sleep(ms)
      await w.clock.advance(5000)
      expect(timesOf(w.calls, 'slow')).toEqual(expected)
    }
  })

  it('T2: short ones with a look in between do not add up', async () => {
    const w = await ticking({ slow: 10 * MINUTE })
    for (let nap = 0; nap < 50; nap++) {
      w.clock.sleep(29_000)
      await w.clock.advance(10_000)
    }
    expect(timesOf(w.calls, 'slow')).toEqual([0])
  })

  it('T6: an item that is not overdue by it waits that much less', async () => {
    const w = await ticking({ slow: 60 * MINUTE })
    w.clock.sleep(20 * MINUTE)
    await w.clock.advance(40 * MINUTE - 5001)
    expect(timesOf(w.calls, 'slow')).toEqual([0])
    await w.clock.advance(1)
    expect(timesOf(w.calls, 'slow')).toEqual([0, 40 * MINUTE])
  })

  it('T6: the timer is set anew: what falls due before the old one would fire is on time', async () => {
    const { cache, clock, calls } = world({ interval: 60 * MINUTE })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    clock.sleep(20 * MINUTE)
    cache.getOrCreate('new', running())
    await clock.advance(40 * MINUTE - 1000)
    expect(timesOf(calls, 'a')).toEqual([0, 40 * MINUTE])
  })

  it('T6: an overdue item is refreshed once, not once per missed interval', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(500)
    w.clock.sleep(600 * MINUTE)
    await w.clock.advance(2500)
    expect(times(w.calls)).toEqual([0, 1000, 2000, 3000])
  })

  it('T6: it ends the wait of an item failure, of a retryAfter and of a retry group', async () => {
    const answer: Options['answer'] = (batch, call) => {
      if (call.at > 0 || call.ids.includes('tick')) return unchanged(batch)
      return call.ids.includes('thrown')
        ? Promise.reject(new Error('down'))
        : [failed('said', 'busy', 20 * MINUTE)]
    }
    const w = await ticking(
      { said: 15_000, thrown: 20 * MINUTE },
      { answer, retry: { maxDelay: 20 * MINUTE } },
    )
    w.clock.sleep(20 * MINUTE)
    await w.clock.advance(5000)
    expect(w.cache.getSnapshot('said').failureCount).toBe(0)
    expect(timesOf(w.calls, 'said')).toEqual([0, 10_000])
    expect(w.cache.getSnapshot('thrown').failureCount).toBe(0)
  })

  it('T6: lifetimes have run out: maxAge, terminalTtl and gcTime', async () => {
    const w = await ticking(
      { old: 60 * MINUTE },
      {
        isTerminal: (job) => job.done,
        gcTime: 5 * MINUTE,
        policies: [expiry({ maxAge: 10 * MINUTE, terminalTtl: 5 * MINUTE })],
      },
    )
    w.cache.getOrCreate('end', { done: true, step: 0 })
    w.cache.subscribe('left', () => {}, { initialItem: running() })()
    w.clock.sleep(11 * MINUTE)
    await w.clock.advance(5000)
    expect(w.cache.getSnapshot('old').status).toBe('expired')
    expect([w.cache.has('end'), w.cache.has('left')]).toEqual([false, false])
  })

  it('T6: a hold-off, the pause before a probe, a batchWindow and a mark have passed', async () => {
    const down = new Error('down')
    const throttled = Object.assign(new Error('429'), { retryAfter: 10 * MINUTE })
    for (const [error, before] of [
      [throttled, [0]],
      [down, [0, 1000, 2000, 4000, 8000]],
    ] as const) {
      let isDown = true
      const w = world({
        isTerminal,
        interval: 2 * MINUTE,
        retry: { maxDelay: 20 * MINUTE },
        answer: (batch) => (isDown ? Promise.reject(error) : unchanged(batch)),
      })
      createAll(w.cache.start(), ['a', 'b'])
      await w.clock.advance(9000)
      expect(times(w.calls)).toEqual(before)
      isDown = false
      w.clock.sleep(11 * MINUTE)
      w.cache.getOrCreate('a look at the clock', done())
      await w.clock.advance(0)
      expect(w.calls.length).toBeGreaterThan(before.length)
    }
    const w = world({ isTerminal, batchWindow: MINUTE, interval: 5 * MINUTE })
    w.cache.start().getOrCreate('waits', running())
    w.cache.ingest([{ id: 'marked', item: running() }], { create: true })
    w.cache.deleteDelayed('marked')
    await w.clock.advance(1000)
    w.clock.sleep(6 * MINUTE)
    w.cache.getOrCreate('a look at the clock', done())
    await w.clock.advance(0)
    expect(times(w.calls)).toEqual([1000])
    expect(w.cache.has('marked')).toBe(false)
  })

  it('T6, S4: overdue items are refreshed within the slots', async () => {
    const slow = manyIds(12)
    let [most, now] = [0, 0]
    const w = await ticking(Object.fromEntries(slow.map((id) => [id, 20 * MINUTE])), {
      concurrency: 3,
      answer: async (batch) => {
        now += 1
        most = Math.max(most, now)
        await Promise.resolve()
        now -= 1
        return unchanged(batch)
      },
    })
    w.clock.sleep(20 * MINUTE)
    await w.clock.advance(5000)
    expect(slow.map((id) => timesOf(w.calls, id))).toEqual(slow.map(() => [0, 10_000]))
    expect(most).toBe(3)
  })

  it('T6, S4: overdue items are refreshed within the rate limit, whose tokens came meanwhile', async () => {
    const w = world<Job>({
      batchSize: 1,
      interval: 20 * MINUTE,
      policies: [rateLimit({ calls: 1, per: 2000, burst: 3 })],
    })
    createAll(w.cache.start(), manyIds(5))
    await w.clock.advance(10_000)
    w.clock.sleep(20 * MINUTE)
    w.cache.getOrCreate('new', running())
    await w.clock.advance(0)
    const { length } = w.calls
    expect(length).toBe(5 + 3)
    await w.clock.advance(6000)
    expect(times(w.calls.slice(length))).toEqual([12_000, 14_000, 16_000])
  })

  it('T6: time that passed in a sleep while the cache was stopped, or before its start, has passed', async () => {
    for (const isStarted of [true, false]) {
      const w = world({ interval: 20 * MINUTE, syncOnCreate: false })
      if (isStarted) w.cache.start()
      w.cache.getOrCreate('a', running())
      await w.clock.advance(5000)
      if (isStarted) await w.cache.stop()
      w.clock.sleep(20 * MINUTE)
      w.cache.start()
      await w.clock.advance(0)
      expect(times(w.calls)).toEqual([5000])
    }
  })
})

describe('fake timers that leave the clocks alone', () => {
  /** Timers fire, and the monotonic clock stands still; the wall clock goes on, or does not either. */
  class StillClock extends VirtualClock {
    readonly #epochMoves: boolean

    constructor(epochMoves: boolean) {
      super(1_000_000)
      this.#epochMoves = epochMoves
    }

    override now(): number {
      return 0
    }

    override epoch(): number {
      return this.#epochMoves ? super.epoch() : 1_000_000
    }
  }

  it.each([true, false])(
    'T2: items are refreshed by their intervals (the wall clock moves: %s)',
    async (moves) => {
      const clock = new StillClock(moves)
      const { cache, calls } = world({ clock })
      cache.start().getOrCreate('a', running())
      await clock.advance(999)
      expect(calls).toHaveLength(1)
      await clock.advance(4001)
      expect(calls).toHaveLength(6)
    },
  )

  it('T2: timeouts, delays after failures and gcTime pass', async () => {
    const clock = new StillClock(false)
    const { cache, calls } = world({ clock, timeout: 3000, gcTime: 60_000, answer: () => 'wait' })
    cache.start().subscribe('a', () => {}, { create: true })()
    cache.getOrCreate('b', running())
    await clock.advance(3000)
    expect(cache.getSnapshot('b').failureCount).toBe(1)
    await clock.advance(4000)
    expect(calls.length).toBeGreaterThan(1)
    expect(cache.has('a')).toBe(true)
    await clock.advance(53_000)
    expect(cache.has('a')).toBe(false)
  })

  it('T2: a clock that stood still and goes on loses nothing and moves nothing twice', async () => {
    class HaltingClock extends VirtualClock {
      #halted: number | undefined

      halt(): void {
        this.#halted = super.now()
      }

      go(): void {
        this.#halted = undefined
      }

      override now(): number {
        return this.#halted ?? super.now()
      }
    }
    const clock = new HaltingClock(1_000_000)
    const { cache, calls } = world({ clock })
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    clock.halt()
    await clock.advance(3000)
    expect(calls).toHaveLength(4)
    clock.go()
    await clock.advance(3000)
    expect(calls).toHaveLength(7)
  })
})
