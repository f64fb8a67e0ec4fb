import { InMemoryAutoRefresh, type Clock } from '@auto-refresh/core'
import { VirtualClock, VirtualEnvironment } from '@auto-refresh/core/testing'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { replace, running, unchanged, world, type Job } from './world.ts'

afterEach(() => {
  vi.useRealTimers()
})

describe('the time of a VirtualClock', () => {
  it('VirtualClock: starts at 0, on both clocks', () => {
    const clock: Clock = new VirtualClock()
    expect(clock.now()).toBe(0)
    expect(clock.epoch()).toBe(0)
  })

  it('VirtualClock: the wall clock starts where it was set', () => {
    const clock = new VirtualClock(1_700_000_000_000)
    expect(clock.now()).toBe(0)
    expect(clock.epoch()).toBe(1_700_000_000_000)
  })

  it('VirtualClock: stands still by itself', async () => {
    const clock = new VirtualClock(5)
    for (let turn = 0; turn < 10; turn++) await Promise.resolve()
    expect([clock.now(), clock.epoch()]).toEqual([0, 5])
  })

  it('VirtualClock: advance moves both clocks, without timers, too', async () => {
    const clock = new VirtualClock(100)
    await clock.advance(50)
    await clock.advance(0.5)
    await clock.advance(0)
    expect([clock.now(), clock.epoch()]).toEqual([50.5, 150.5])
  })

  it('VirtualClock: two clocks are two times', async () => {
    const one = new VirtualClock()
    const other = new VirtualClock()
    one.setTimeout(() => {}, 10)
    await one.advance(5)
    expect([other.now(), other.timers]).toEqual([0, 0])
  })

  it('VirtualClock: advance takes no time but a finite one of at least 0', async () => {
    const clock = new VirtualClock()
    for (const ms of [-1, Infinity, -Infinity, Number.NaN]) {
      await expect(clock.advance(ms)).rejects.toBeInstanceOf(RangeError)
    }
    expect(clock.now()).toBe(0)
  })

  it('VirtualClock: in a sleep of the machine only the wall clock moves', async () => {
    const clock = new VirtualClock(1000)
    let ran = false
    clock.setTimeout(() => (ran = true), 10)
    clock.sleep(60_000)
    expect([clock.now(), clock.epoch()]).toEqual([0, 61_000])
    await clock.advance(9)
    expect(ran).toBe(false)
    await clock.advance(1)
    expect(ran).toBe(true)
    expect([clock.now(), clock.epoch()]).toEqual([10, 61_010])
  })

  it('VirtualClock: setEpoch sets the wall clock alone', async () => {
    const clock = new VirtualClock(1000)
    await clock.advance(10)
    clock.setEpoch(5)
    expect([clock.now(), clock.epoch()]).toEqual([10, 5])
    await clock.advance(10)
    expect([clock.now(), clock.epoch()]).toEqual([20, 15])
  })
})

describe('a frozen page', () => {
  it('VirtualClock: freeze moves both clocks, and runs nothing', async () => {
    const clock = new VirtualClock(1000)
    const ran: number[] = []
    clock.setTimeout(() => ran.push(clock.now()), 100)
    clock.freeze(5000)
    await Promise.resolve()
    expect([clock.now(), clock.epoch(), clock.timers, ran]).toEqual([5000, 6000, 1, []])
  })

  it('VirtualClock: after it, what fell due runs late, in order', async () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    for (const delay of [300, 100, 6000])
      clock.setTimeout(() => ran.push(`${delay} at ${clock.now()}`), delay)
    clock.freeze(5000)
    await clock.advance(0)
    expect(ran).toEqual(['100 at 5000', '300 at 5000'])
    await clock.advance(1000)
    expect(ran).toEqual(['100 at 5000', '300 at 5000', '6000 at 6000'])
  })

  it('VirtualClock: a callback that freezes longer than the advance does not set time back', async () => {
    const clock = new VirtualClock()
    clock.setTimeout(() => clock.freeze(500), 10)
    await clock.advance(100)
    expect([clock.now(), clock.epoch()]).toEqual([510, 510])
  })

  it('VirtualClock: freeze takes no time but a finite one of at least 0', () => {
    const clock = new VirtualClock()
    for (const ms of [-1, Infinity, Number.NaN]) expect(() => clock.freeze(ms)).toThrow(RangeError)
    expect(clock.now()).toBe(0)
  })
})

describe('the timers of a VirtualClock', () => {
  it('VirtualClock: any timers, set and cleared, run in the order of time and setting', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: 20 }), fc.boolean()), { maxLength: 40 }),
        async (timers) => {
          const clock = new VirtualClock()
          const ran: number[] = []
          const handles = timers.map(([delay], index) => clock.setTimeout(() => ran.push(index), delay))
          for (const [index, [, isCleared]] of timers.entries())
            if (isCleared) clock.clearTimeout(handles[index])
          const kept = [...timers.keys()].filter((index) => timers[index]?.[1] === false)
          expect(clock.timers).toBe(kept.length)
          await clock.advance(20)
          const at = (index: number): number => timers[index]?.[0] ?? 0
          expect(ran).toEqual(kept.sort((a, b) => at(a) - at(b)))
        },
      ),
    )
  })

  it('VirtualClock: a delay that is no number is 0', async () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    clock.setTimeout(() => ran.push('later'), 1)
    clock.setTimeout(() => ran.push('no number'), Number.NaN)
    await clock.advance(1)
    expect(ran).toEqual(['no number', 'later'])
  })

  it('VirtualClock: a timer runs once, when it falls due, and shows its time', async () => {
    const clock = new VirtualClock(1000)
    const ran: number[][] = []
    clock.setTimeout(() => ran.push([clock.now(), clock.epoch()]), 100)
    await clock.advance(99)
    expect(ran).toEqual([])
    await clock.advance(1000)
    expect(ran).toEqual([[100, 1100]])
    expect(clock.now()).toBe(1099)
  })

  it('VirtualClock: timers run in the order of their times, whatever the order of their setting', async () => {
    const clock = new VirtualClock()
    const ran: number[] = []
    for (const delay of [30, 10, 20]) clock.setTimeout(() => ran.push(delay), delay)
    await clock.advance(30)
    expect(ran).toEqual([10, 20, 30])
  })

  it('VirtualClock: of timers of one time the one that was set first runs first', async () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    clock.setTimeout(() => ran.push('first'), 20)
    clock.setTimeout(() => ran.push('early'), 10)
    await clock.advance(10)
    clock.setTimeout(() => ran.push('second'), 10)
    await clock.advance(10)
    expect(ran).toEqual(['early', 'first', 'second'])
  })

  it('VirtualClock: a timer that is set on the way runs, if it falls due within the advance', async () => {
    const clock = new VirtualClock()
    const ran: number[] = []
    const again = (): void => {
      ran.push(clock.now())
      clock.setTimeout(again, 10)
    }
    clock.setTimeout(again, 10)
    await clock.advance(35)
    expect(ran).toEqual([10, 20, 30])
    expect(clock.timers).toBe(1)
    await clock.advance(5)
    expect(ran).toEqual([10, 20, 30, 40])
  })

  it('VirtualClock: a delay of 0 or below runs with advance(0), not before', async () => {
    const clock = new VirtualClock()
    const ran: number[] = []
    clock.setTimeout(() => ran.push(0), 0)
    clock.setTimeout(() => ran.push(-5), -5)
    for (let turn = 0; turn < 10; turn++) await Promise.resolve()
    expect(ran).toEqual([])
    await clock.advance(0)
    expect(ran).toEqual([0, -5])
    expect(clock.now()).toBe(0)
  })

  it('VirtualClock: a timer that is cleared does not run, also where another one clears it', async () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    const first = clock.setTimeout(() => ran.push('cleared'), 10)
    clock.setTimeout(() => clock.clearTimeout(last), 20)
    const last = clock.setTimeout(() => ran.push('cleared on the way'), 20)
    clock.clearTimeout(first)
    expect(clock.timers).toBe(2)
    await clock.advance(100)
    expect(ran).toEqual([])
    expect(clock.timers).toBe(0)
  })

  it('VirtualClock: clearing what is no timer, or no timer any more, does nothing', async () => {
    const clock = new VirtualClock()
    const handle = clock.setTimeout(() => {}, 10)
    await clock.advance(10)
    clock.setTimeout(() => {}, 10)
    for (const nothing of [handle, undefined, null, 'text']) clock.clearTimeout(nothing)
    expect(clock.timers).toBe(1)
  })

  it('VirtualClock: two timers of one callback are two', async () => {
    const clock = new VirtualClock()
    let ran = 0
    const callback = (): void => void (ran += 1)
    const first = clock.setTimeout(callback, 10)
    clock.setTimeout(callback, 10)
    clock.clearTimeout(first)
    await clock.advance(10)
    expect(ran).toBe(1)
  })

  it('VirtualClock: a delay of more than 31 bits is what it says; Infinity is never', async () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    clock.setTimeout(() => ran.push('long'), 2 ** 31 + 5)
    clock.setTimeout(() => ran.push('never'), Infinity)
    await clock.advance(2 ** 31 + 4)
    expect(ran).toEqual([])
    await clock.advance(2 ** 40)
    expect(ran).toEqual(['long'])
  })
})

/** Runs `then` when a chain of promises has run through. */
async function chain(length: number, then: () => void): Promise<void> {
  for (let link = 0; link < length; link++) await Promise.resolve()
  then()
}

describe('the promises of a VirtualClock', () => {
  it('VirtualClock: promises settle before the first timer', async () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    clock.setTimeout(() => ran.push('timer'), 0)
    void chain(100, () => ran.push('promise'))
    await clock.advance(0)
    expect(ran).toEqual(['promise', 'timer'])
  })

  it('VirtualClock: promises settle between two timers, though they are of one time', async () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    clock.setTimeout(() => void chain(100, () => ran.push(`promise at ${clock.now()}`)), 10)
    clock.setTimeout(() => ran.push('second'), 10)
    clock.setTimeout(() => ran.push('third'), 11)
    await clock.advance(20)
    expect(ran).toEqual(['promise at 10', 'second', 'third'])
  })

  it('VirtualClock: promises settle after the last timer', async () => {
    const clock = new VirtualClock()
    let settled = false
    clock.setTimeout(() => void chain(100, () => (settled = true)), 10)
    await clock.advance(10)
    expect(settled).toBe(true)
  })

  it('VirtualClock: a timer that a promise sets runs in its turn', async () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    clock.setTimeout(() => ran.push('late'), 20)
    void chain(20, () => clock.setTimeout(() => ran.push('early'), 10))
    await clock.advance(20)
    expect(ran).toEqual(['early', 'late'])
  })
})

describe('if a test runner has replaced the global timers', () => {
  it('VirtualClock: advance does its work, and moves nothing else', async () => {
    vi.useFakeTimers()
    const clock = new VirtualClock()
    const ran: string[] = []
    setTimeout(() => ran.push('global'), 5)
    clock.setTimeout(() => void chain(20, () => ran.push('virtual')), 10)
    await clock.advance(10)
    expect(ran).toEqual(['virtual'])
  })

  it('VirtualClock: a cache on it refreshes', async () => {
    vi.useFakeTimers()
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(2000)
    expect(calls.map((call) => call.at)).toEqual([0, 1000, 2000])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('L6: the default clock works with fake timers, those of a cache that was made before included', async () => {
    const sizes: number[] = []
    const cache = new InMemoryAutoRefresh<Job>({
      interval: 1000,
      jitter: 0,
      environment: new VirtualEnvironment(),
      sync: (batch) => {
        sizes.push(batch.length)
        return unchanged(batch)
      },
    })
    vi.useFakeTimers()
    cache.start().getOrCreate('a', running())
    await vi.advanceTimersByTimeAsync(999)
    expect(sizes).toEqual([1])
    await vi.advanceTimersByTimeAsync(1)
    expect(sizes).toEqual([1, 1])
    await cache.stop()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('without message channels', () => {
  it('VirtualClock: promises settle all the same', async () => {
    const restore = replace(globalThis, 'MessageChannel', undefined)
    try {
      const { cache, clock, calls } = world({
        async answer(batch) {
          for (let step = 0; step < 20; step++) await Promise.resolve()
          return unchanged(batch)
        },
      })
      cache.start().getOrCreate('a', running())
      await clock.advance(1000)
      expect(calls.map(({ at }) => at)).toEqual([0, 1000])
      expect(cache.stats().runningCalls).toBe(0)
    } finally {
      restore()
    }
  })
})
