import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CacheTime } from './cache-time.ts'
import type { Clock } from './clock.ts'

/** A clock that shows what a test sets, and counts how often it is read. */
class ScriptedClock implements Clock {
  monotonic: unknown
  wall: unknown
  reads = 0

  constructor(epoch = 0, monotonic = 0) {
    this.monotonic = monotonic
    this.wall = epoch
  }

  /** Both clocks run. */
  advance(by: number): void {
    this.monotonic = Number(this.monotonic) + by
    this.sleep(by)
  }

  /** The wall clock runs alone. */
  sleep(by: number): void {
    this.wall = Number(this.wall) + by
  }

  setEpoch(epoch: number): void {
    this.wall = epoch
  }

  now(): number {
    return this.#read(this.monotonic)
  }
  epoch(): number {
    return this.#read(this.wall)
  }
  setTimeout(): void {}
  clearTimeout(): void {}

  /** Throws errors, returns everything else. */
  #read(value: unknown): number {
    this.reads += 1
    if (value instanceof Error) throw value
    return value as number
  }
}

const ms = fc.double({ min: 0, max: 1e7, noNaN: true })
/** One thing that happens to the clocks of a machine. */
const step = fc.oneof(
  ms.map((by) => ({ type: 'run', by }) as const),
  ms.map((by) => ({ type: 'sleep', by }) as const),
  fc.double({ min: -1e7, max: 1e7, noNaN: true }).map((by) => ({ type: 'set', by }) as const),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((to) => ({ type: 'replace', to }) as const),
  fc.tuple(ms, ms).map(([ago, delay]) => ({ type: 'fire', ago, delay }) as const),
  fc
    .constantFrom<unknown>(Number.NaN, Infinity, -Infinity, undefined, new Error('no clock'))
    .chain((value) =>
      fc.constantFrom('monotonic', 'wall').map((which) => ({ type: 'break', which, value }) as const),
    ),
)
const { NaN: none } = Number

describe('the time of a cache', () => {
  it('L6: the constructor reads no clock', () => {
    const clock = new ScriptedClock()
    expect(new CacheTime(clock).lastMissed).toBe(-Infinity)
    expect(clock.reads).toBe(0)
  })

  it('T2: is that of both clocks while nothing is missed', () => {
    const clock = new ScriptedClock(5000)
    const time = new CacheTime(clock)
    expect(time.read()).toEqual({ now: 0, epoch: 5000 })
    clock.advance(86_400_000)
    expect(time.read()).toEqual({ now: 86_400_000, epoch: 86_405_000 })
    expect(time.lastMissed).toBe(-Infinity)
  })

  it('T2: one object stands for one time', () => {
    const clock = new ScriptedClock()
    const time = new CacheTime(clock)
    const first = time.read()
    expect(time.read()).toBe(first)
    clock.setEpoch(1)
    expect(time.read()).toEqual({ now: 0, epoch: 1 })
    clock.advance(1)
    expect(time.read()).toEqual({ now: 1, epoch: 2 })
    expect(first).toEqual({ now: 0, epoch: 0 })
  })

  it.each([
    [30_000, 0],
    [30_001, 30_001],
    [28_800_000, 28_800_000],
  ])('T2: a sleep of %i ms counts as %i ms', (sleep, counted) => {
    const clock = new ScriptedClock()
    const time = new CacheTime(clock)
    time.read()
    clock.advance(1000)
    clock.sleep(sleep)
    clock.advance(500)
    expect(time.read()).toEqual({ now: 1500 + counted, epoch: 1500 + sleep })
    expect(time.lastMissed).toBe(counted === 0 ? -Infinity : 1500 + counted)
  })

  it('T2: two sleeps count, and lastMissed is when the second was found', () => {
    const clock = new ScriptedClock()
    const time = new CacheTime(clock)
    time.read()
    clock.sleep(60_000)
    expect([time.read().now, time.lastMissed]).toEqual([60_000, 60_000])
    clock.advance(10)
    expect([time.read().now, time.lastMissed]).toEqual([60_010, 60_000])
    clock.sleep(40_000)
    expect([time.read().now, time.lastMissed]).toEqual([100_010, 100_010])
  })

  it('T2: a wall clock that gains slowly, in steps of at most 30 s, is no sleep', () => {
    const clock = new ScriptedClock()
    const time = new CacheTime(clock)
    for (let look = 0; look < 100; look++) {
      time.read()
      clock.sleep(30_000)
    }
    expect(time.read().now).toBe(0)
  })

  it('T2: a wall clock that is set back moves nothing, and hides no later sleep', () => {
    const clock = new ScriptedClock(1e12)
    const time = new CacheTime(clock)
    time.read()
    clock.setEpoch(5e11)
    expect(time.read()).toEqual({ now: 0, epoch: 5e11 })
    expect(time.lastMissed).toBe(-Infinity)
    clock.sleep(60_000)
    expect(time.read()).toEqual({ now: 60_000, epoch: 5e11 + 60_000 })
  })

  it('T2: a wall clock that is set forward by more than 30 s counts as sleep', () => {
    const clock = new ScriptedClock(1000)
    const time = new CacheTime(clock)
    time.read()
    clock.setEpoch(91_000)
    expect(time.read()).toEqual({ now: 90_000, epoch: 91_000 })
  })

  it('T2: a frozen page is no sleep: both clocks ran', () => {
    const clock = new ScriptedClock(1_700_000_000_000, 1000)
    const time = new CacheTime(clock)
    time.read()
    clock.monotonic = 3_601_000
    clock.wall = 1_700_003_600_000
    expect(time.read()).toEqual({ now: 3_601_000, epoch: 1_700_003_600_000 })
    expect(time.lastMissed).toBe(-Infinity)
  })

  it('T2: goes on from where it was if the monotonic clock starts anew, and that is no sleep', () => {
    const clock = new ScriptedClock(1_700_000_000_000, 1000)
    const time = new CacheTime(clock)
    clock.monotonic = 5_000_000
    expect(time.read().now).toBe(5_000_000)
    clock.monotonic = 0
    expect(time.read().now).toBe(5_000_000)
    clock.monotonic = 7
    clock.wall = 1_700_000_000_007
    expect(time.read().now).toBe(5_000_007)
    expect(time.lastMissed).toBe(-Infinity)
  })
})

describe('a timer that fired', () => {
  it('T2: proves its time if the clocks stand still', () => {
    const time = new CacheTime(new ScriptedClock())
    for (let round = 0; round < 3; round++) time.fired(time.read().now, 1000)
    expect(time.read().now).toBe(3000)
    expect(time.lastMissed).toBe(-Infinity)
  })

  it('T2: proves nothing if the clock ran, too', () => {
    const clock = new ScriptedClock()
    const time = new CacheTime(clock)
    time.read()
    clock.advance(1200)
    time.fired(0, 1000)
    expect(time.read().now).toBe(1200)
  })

  it('T2: a clock that is rounded does not make time run ahead', () => {
    const clock = new ScriptedClock()
    const time = new CacheTime(clock)
    const { now } = time.read()
    clock.advance(900)
    time.fired(now, 1000)
    expect(time.read().now).toBe(1000)
    clock.advance(100)
    expect(time.read().now).toBe(1000)
    clock.advance(100)
    expect(time.read().now).toBe(1100)
  })

  it('T2: a sleep is found first, and not counted twice', () => {
    const clock = new ScriptedClock()
    const time = new CacheTime(clock)
    time.read()
    clock.sleep(40_000)
    time.fired(0, 40_000)
    expect([time.read().now, time.lastMissed]).toEqual([40_000, 40_000])
  })

  it('T2: a sleep counts in full where timers had proved more than the clock', () => {
    const clock = new ScriptedClock()
    const time = new CacheTime(clock)
    time.fired(time.read().now, 3_600_000)
    clock.sleep(60_000)
    expect(time.read().now).toBe(3_660_000)
  })

  it.each([
    [none, 1],
    [0, none],
    [0, Infinity],
    [0, -1],
  ])('T2: set at %d, for %d ms, proves nothing', (setAt, delay) => {
    const time = new CacheTime(new ScriptedClock())
    time.fired(setAt, delay)
    expect(time.read().now).toBe(0)
  })
})

describe('a clock that is broken', () => {
  it.each<[string, unknown]>([
    ['NaN', none],
    ['Infinity', Infinity],
    ['undefined', undefined],
    ['an error', new Error('no clock')],
  ])('T2: counts as standing still while it shows %s', (_, value) => {
    const clock = new ScriptedClock(1_700_000_000_000, 1000)
    const time = new CacheTime(clock)
    const first = time.read()
    clock.monotonic = value
    expect(time.read()).toBe(first)
    clock.wall = value
    expect(time.read()).toBe(first)
    Object.assign(clock, { monotonic: 1500, wall: 1_700_000_000_500 })
    expect(time.read()).toEqual({ now: 1500, epoch: 1_700_000_000_500 })
    expect(time.lastMissed).toBe(-Infinity)
  })

  it('T2: has a time, though it never showed one', () => {
    const time = new CacheTime(Object.assign(new ScriptedClock(), { monotonic: none, wall: none }))
    expect(time.read()).toEqual({ now: 0, epoch: 0 })
    time.fired(0, 10)
    expect(time.read()).toEqual({ now: 10, epoch: 0 })
  })

  it('T2: a sleep is found once it can be read again', () => {
    const clock = new ScriptedClock(1_700_000_000_000, 1000)
    const time = new CacheTime(clock)
    time.read()
    Object.assign(clock, { monotonic: none, wall: 1_700_000_060_000 })
    expect(time.read()).toEqual({ now: 1000, epoch: 1_700_000_060_000 })
    clock.monotonic = 1000
    expect(time.read().now).toBe(61_000)
  })

  it('T2: a sleep in which the wall clock could not be read is found once it can be read again', () => {
    const clock = new ScriptedClock(1_700_000_000_000, 1000)
    const time = new CacheTime(clock)
    time.read()
    Object.assign(clock, { monotonic: 1500, wall: none })
    expect(time.read().now).toBe(1500)
    Object.assign(clock, { monotonic: 2000, wall: 1_700_000_061_000 })
    expect(time.read().now).toBe(62_000)
  })

  it('T2: a wall clock that shows after a break what it showed before hides no later sleep', () => {
    const clock = new ScriptedClock(1_700_000_000_000, 0)
    const time = new CacheTime(clock)
    time.read()
    Object.assign(clock, { monotonic: 60_000, wall: none })
    expect(time.read().now).toBe(60_000)
    clock.wall = 1_700_000_000_000
    expect(time.read().now).toBe(60_000)
    clock.sleep(40_000)
    expect(time.read().now).toBe(100_000)
  })
})

describe('any clock', () => {
  it('T2: time is finite, never goes back, and runs no faster than clock, sleeps and timers together', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const clock = new ScriptedClock(1_700_000_000_000, 1000)
        let [monotonic, wall] = [1000, 1_700_000_000_000]
        const time = new CacheTime(clock)
        let last = time.read()
        for (const happening of steps) {
          let most = last.now
          if (happening.type === 'run' || happening.type === 'sleep') wall += happening.by
          if (happening.type === 'run') monotonic += happening.by
          if (happening.type === 'set') wall += happening.by
          if (happening.type === 'replace') monotonic = happening.to
          Object.assign(clock, { monotonic, wall })
          if (happening.type === 'break') Object.assign(clock, { [happening.which]: happening.value })
          if (happening.type === 'fire') {
            time.fired(last.now - happening.ago, happening.delay)
            most = Math.max(most, last.now - happening.ago + happening.delay)
          }
          if (happening.type === 'run' || happening.type === 'sleep' || happening.type === 'set')
            most += Math.abs(happening.by)
          if (happening.type === 'replace' || happening.type === 'break') most = Infinity
          const next = time.read()
          expect(Number.isFinite(next.now) && Number.isFinite(next.epoch)).toBe(true)
          expect(next.now).toBeGreaterThanOrEqual(last.now)
          expect(next.now).toBeLessThanOrEqual(most + 0.01)
          expect(time.lastMissed).toBeLessThanOrEqual(next.now)
          expect(time.read()).toBe(next)
          last = next
        }
      }),
      { numRuns: 500 },
    )
  })

  it('T2: run and slept time add up, however it is divided, if looked at after each', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(ms, ms), { maxLength: 30 }), (steps) => {
        const clock = new ScriptedClock(1_700_000_000_000, 1000)
        let [monotonic, wall, expected] = [1000, 1_700_000_000_000, 1000]
        const time = new CacheTime(clock)
        time.read()
        for (const [run, sleep] of steps) {
          monotonic += run
          wall += run + sleep
          Object.assign(clock, { monotonic, wall })
          if (Math.abs(sleep - 30_000) < 0.01) return
          expected += run + (sleep > 30_000 ? sleep : 0)
          expect(Math.abs(time.read().now - expected)).toBeLessThan(0.1)
        }
      }),
      { numRuns: 500 },
    )
  })
})
