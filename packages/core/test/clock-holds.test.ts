import type { Policy } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { describe, expect, it } from 'vitest'
import { createAll, log, typesOf } from './scheduling.ts'
import { running, unchanged, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

/** `a` is refreshed every minute, `b` every second. It is 1000, and `b` is due. */
async function due(options: Options): Promise<World<Job>> {
  const w = world<Job>({ interval: (_, id) => (id === 'a' ? 60_000 : 1000), ...options })
  createAll(w.cache.start(), ['a', 'b'])
  await w.clock.advance(999)
  expect(log(w.calls)).toEqual(['0 a b'])
  return w
}

describe('a call that was asked for', () => {
  it('C4: takes nothing along that a policy holds back by the clock', async () => {
    const quietHours: Policy = () => ({
      startAt: (now, isAsked) => (isAsked || now < 500 ? now : 10_000),
    })
    const { cache, clock, calls } = await due({ policies: [quietHours] })
    await clock.advance(1001)
    void cache.refresh('a')
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a b', '2000 a'])
    await clock.advance(8000)
    expect(log(calls)).toEqual(['0 a b', '2000 a', '10000 b'])
  })

  it('C4: takes along what is due if a policy lets it start now', async () => {
    const now: Policy = () => ({ startAt: (at) => at })
    const { cache, clock, calls } = await due({ policies: [now] })
    void cache.refresh('a')
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a b', '999 a b'])
  })

  it('F8: takes nothing along that a hold-off holds back', async () => {
    const { cache, clock, calls } = await due({
      answer: (batch, { ids }) =>
        ids.includes('x')
          ? Promise.reject(Object.assign(new Error('429'), { retryAfter: 20_000 }))
          : unchanged(batch),
      batchSize: 2,
    })
    createAll(cache, ['x', 'y'])
    await clock.advance(1001)
    void cache.refresh('a')
    await clock.advance(0)
    expect(log(calls).slice(0, 3)).toEqual(['0 a b', '999 x y', '2000 a'])
    // Its success ended the hold-off.
    expect(log(calls).slice(3).sort()).toEqual(['2000 b', '2000 x y'])
  })
})

describe('a call after a time without a timer', () => {
  it('T1, T5: times out as usual, because no timer was late', async () => {
    const { cache, clock } = world<Job>({
      interval: Infinity,
      timeout: 500,
      answer: (batch, { at }) => (at === 0 ? unchanged(batch) : 'wait'),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(10_000)
    expect(clock.timers).toBe(0)
    void cache.refresh('a')
    await clock.advance(499)
    expect(cache.getSnapshot('a').failureCount).toBe(0)
    await clock.advance(1)
    expect(cache.getSnapshot('a').failureCount).toBe(1)
  })
})

describe('a call over a sleep', () => {
  it('T5: has a second after it, although its timeout passed only a moment ago', async () => {
    const { cache, clock } = world<Job>({ timeout: 39_500, answer: () => 'wait' })
    cache.start().getOrCreate('a', running(1))
    await clock.advance(0)
    clock.sleep(40_000)
    // A change looks at the clock.
    cache.getOrCreate('b', running())
    await clock.advance(900)
    expect(cache.getSnapshot('a').failureCount).toBe(0)
    await clock.advance(100)
    expect(cache.getSnapshot('a').failureCount).toBe(1)
  })
})

describe('a clock that stands still between timers', () => {
  /** Its timers fire, but it never moves by itself, as if only the timers had been replaced. */
  class StillClock extends VirtualClock {
    override now(): number {
      return 0
    }

    override epoch(): number {
      return 1_000_000
    }
  }

  /** A cache on such a clock, with the times of its calls on its own clock. */
  function still(interval: number) {
    const clock = new StillClock()
    const started: number[] = []
    const { cache } = world<Job>({
      clock,
      interval,
      policies: [() => ({ callStarted: (now) => started.push(now) })],
    })
    cache.start().getOrCreate('a', running())
    return { clock, started }
  }

  it('T2, S10: a delay of more than 31 bits passes in several steps', async () => {
    const { clock, started } = still(2 ** 32)
    await clock.advance(2 ** 32 - 1)
    expect(started).toEqual([0])
    await clock.advance(1)
    expect(started).toEqual([0, 2 ** 32])
  })

  it('T2, S10: when a timer fires, its whole delay has passed, which was rounded up', async () => {
    const { clock, started } = still(1000.5)
    await clock.advance(2500)
    expect(started).toEqual([0, 1001, 2002])
  })
})

describe('resume', () => {
  it('G5: tells nothing if there was no pause', () => {
    const { cache, events } = world()
    cache.start().resume()
    expect(typesOf(events)).toEqual(['started'])
    cache.pause()
    cache.resume()
    cache.resume()
    expect(typesOf(events)).toEqual(['started', 'paused', 'resumed'])
  })
})

describe('subscribeIds', () => {
  it('G3: nobody is told of what came before the subscription', async () => {
    const { cache, clock } = world()
    let told = 0
    cache.getOrCreate('a', running())
    cache.subscribeIds(() => (told += 1))
    await clock.advance(0)
    expect(told).toBe(0)
    cache.getOrCreate('b', running())
    await clock.advance(0)
    expect(told).toBe(1)
  })
})
