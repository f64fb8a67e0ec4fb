import { describe, expect, it } from 'vitest'
import {
  after,
  createAll,
  failed,
  log,
  manyIds,
  NarrowClock,
  outcomeOf,
  times,
  timesOf,
  typesOf,
} from './scheduling.ts'
import { done, running, stepped, unchanged, world, type Job, type World } from './world.ts'

const nothing = (): void => {}

/** Cases that other libraries of this field were measured to get wrong. */
describe('pitfalls of the peers', () => {
  it('S2: the interval function is not evaluated by renders (20 evaluations a second there)', async () => {
    let evaluations = 0
    const w = world({
      interval: () => {
        evaluations += 1
        return 1000
      },
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    for (let render = 0; render < 50; render++) {
      const leave = w.cache.subscribe('a', nothing)
      w.cache.getSnapshot('a')
      w.cache.getOrCreate('a', running())
      await w.clock.advance(10)
      leave()
    }
    expect(evaluations).toBe(1)
  })

  it('S2: new inline functions at every render restart nothing (1 fetch of 10 due ones there)', async () => {
    const w = world({ interval: 100 })
    w.cache.start().getOrCreate('a', running())
    let leave = nothing
    for (let render = 0; render < 50; render++) {
      leave()
      leave = w.cache.subscribe('a', () => {}, { activity: true })
      await w.clock.advance(20)
    }
    expect(times(w.calls)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000])
  })

  it('S9, P7: they restart nothing if the item belongs to its subscriptions', async () => {
    const w = world({ interval: 100 })
    w.cache.start()
    let leave = nothing
    for (let render = 0; render < 50; render++) {
      leave()
      leave = w.cache.subscribe('a', () => {}, { initialItem: running() })
      await w.clock.advance(20)
    }
    expect(times(w.calls)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000])
  })

  it('S2: no dedupe window caps the rate (1 fetch in 2 s instead of 10 there)', async () => {
    const w = world({ interval: 200 })
    w.cache.start().getOrCreate('a', running())
    w.cache.subscribe('a', nothing)
    await w.clock.advance(2100)
    expect(w.calls).toHaveLength(11)
  })

  it('W3: local writes do not starve the refresh (1 fetch instead of 10 there)', async () => {
    const w = world({ interval: 100 })
    w.cache.start().getOrCreate('a', running())
    for (let step = 0; step < 17; step++) {
      w.cache.update('a', running(step))
      await w.clock.advance(60)
    }
    expect(times(w.calls)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000])
  })

  it('S3: a local write during a call aborts no call and causes none (a second one aborts the first there)', async () => {
    const w = world({ answer: () => 'wait' })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(10)
    w.cache.update('a', running(5))
    await w.clock.advance(900)
    expect(w.calls).toHaveLength(1)
    expect(w.lastCall().signal.aborted).toBe(false)
    w.lastCall().answer([{ id: 'a', item: running(1) }])
    await w.clock.advance(999)
    expect(w.calls).toHaveLength(1)
    expect(w.cache.get('a')).toEqual(running(5))
  })

  it('S3: refresh aborts no slower predecessor', async () => {
    const w = world({ answer: () => 'wait' })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(10)
    outcomeOf(w.cache.refresh('a'))
    await w.clock.advance(10)
    expect(w.calls[0]?.signal.aborted).toBe(false)
  })

  it('F1: the loop does not die of a throw (after 2 calls there)', async () => {
    const w = world({
      answer: () => {
        throw new Error('always')
      },
      retry: { maxDelay: 1000 },
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(100_000)
    expect(w.calls.length).toBeGreaterThan(90)
  })

  it.each([
    ['null', null],
    ['undefined', undefined],
    ['a frozen object', Object.freeze({})],
    [
      'an error whose retryAfter throws',
      Object.defineProperty(new Error('hostile'), 'retryAfter', {
        get: () => {
          throw new Error('getter')
        },
      }),
    ],
    [
      'a proxy that throws for everything',
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('trap')
          },
          has: () => {
            throw new Error('trap')
          },
          getPrototypeOf: () => {
            throw new Error('trap')
          },
        },
      ),
    ],
  ])('F1: nor of what was thrown (%#)', async (_, thrown) => {
    const w = world({
      answer: () => {
        throw thrown
      },
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(1000)
    expect(times(w.calls)).toEqual([0, 1000])
    expect(w.cache.getSnapshot('a').failureCount).toBe(2)
  })

  it('F2: a failing item is neither hammered nor given up', async () => {
    const w = world({ interval: 50, answer: () => [failed('a')] })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(500)
    expect(w.calls.length).toBeLessThan(6)
    await w.clock.advance(600_000)
    const before = w.calls.length
    await w.clock.advance(60_000)
    expect(w.calls.length).toBe(before + 1)
  })

  it('S10: an interval of 2^31 ms does not flood the source (160 fetches in 200 ms there)', async () => {
    const clock = new NarrowClock()
    const w = world({ clock, interval: 2 ** 31 })
    w.cache.start().getOrCreate('a', running())
    await clock.advance(10_000)
    expect(w.calls).toHaveLength(1)
  })

  it('T1: a call that never settles does not hang for ever (all others do)', async () => {
    const w = world({ timeout: 1000, answer: (batch, call) => (call.at === 0 ? 'wait' : stepped(batch)) })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(2000)
    expect(w.cache.getSnapshot('a')).toMatchObject({ item: running(1), failureCount: 0 })
  })

  it('T1: not even if the sync function never looks at its signal, and has no timer', async () => {
    const w = world({ timeout: 1000, concurrency: 1, answer: () => 'wait' })
    w.cache.start()
    createAll(w.cache, manyIds(3))
    await w.clock.advance(60_000)
    expect(w.calls.length).toBeGreaterThan(3)
  })

  it('S5: rows mounted 5 ms apart cost one call a second, not 25', async () => {
    const w = world({ batchSize: 200 })
    w.cache.start()
    for (const id of manyIds(200)) {
      w.cache.getOrCreate(id, running())
      await w.clock.advance(5)
    }
    await w.clock.advance(4000)
    const before = w.calls.length
    await w.clock.advance(10_000)
    expect(w.calls.length - before).toBeLessThanOrEqual(20)
  })

  it('S3: four observers of an item cost as much as one', async () => {
    const w = world({ interval: 200 })
    w.cache.start()
    for (let mount = 0; mount < 4; mount++) {
      w.cache.getOrCreate('a', running())
      w.cache.subscribe('a', nothing)
      await w.clock.advance(50)
    }
    await w.clock.advance(800)
    expect(times(w.calls)).toEqual([0, 200, 400, 600, 800, 1000])
  })

  it('S9, P9: a StrictMode double mount causes no second call', async () => {
    const w = world({ answer: (batch) => batch.map(({ id }) => ({ id, item: running(1) })) })
    const mount = () => w.cache.subscribe('a', nothing, { create: true })
    w.cache.start()
    mount()()
    mount()
    await w.clock.advance(0)
    mount()()
    await w.clock.advance(500)
    expect(log(w.calls)).toEqual(['0 a'])
  })

  it('S9: a remount does not restart the phase (10 s polls land at 15–20 s there)', async () => {
    const w = world({ interval: 10_000 })
    const mount = () => w.cache.subscribe('a', nothing, { initialItem: running() })
    w.cache.start()
    let leave = mount()
    for (let remount = 0; remount < 8; remount++) {
      await w.clock.advance(4000)
      leave()
      leave = mount()
    }
    expect(times(w.calls)).toEqual([0, 10_000, 20_000, 30_000])
  })

  it('T3: after a while in the background, the overdue refresh comes at once, not in the old phase', async () => {
    const w = world({ interval: 400 })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(100)
    w.environment.setVisible(false)
    await w.clock.advance(900)
    w.environment.setVisible(true)
    await w.clock.advance(0)
    expect(times(w.calls)).toEqual([0, 1000])
  })

  it('F4: every batch gets its own responses, never those of the first (a stale index there)', async () => {
    const w = world({ answer: stepped, isTerminal: (job) => job.done })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(0)
    w.cache.getOrCreate('c', running(10))
    await w.clock.advance(0)
    w.cache.delete('a')
    w.cache.getOrCreate('a', running(100))
    await w.clock.advance(0)
    expect(['a', 'b', 'c'].map((id) => w.cache.get(id)?.step)).toEqual([101, 1, 11])
    await w.clock.advance(1000)
    expect(['a', 'b', 'c'].map((id) => w.cache.get(id)?.step)).toEqual([102, 2, 12])
  })

  it('F4: responses in any order reach the right items', async () => {
    const w = world({ answer: (batch) => [...stepped(batch)].reverse() })
    w.cache.start()
    for (const [index, id] of ['a', 'b', 'c'].entries()) w.cache.getOrCreate(id, running(index * 10))
    await w.clock.advance(0)
    expect(['a', 'b', 'c'].map((id) => w.cache.get(id)?.step)).toEqual([1, 11, 21])
  })

  it('S2: a sync function that answers at once is not called again at once', async () => {
    const w = world({ answer: stepped, interval: 1000 })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(999)
    expect(w.cache.get('a')).toEqual(running(1))
  })

  it('S2: a tiny interval does not block the program', async () => {
    const w: World<Job> = world({
      interval: Number.MIN_VALUE,
      answer: (batch) => after(w.clock, 1, unchanged(batch)),
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(10)
    expect(w.calls.length).toBeLessThanOrEqual(11)
  })

  it('S6: a sync function that mutates its batch harms nobody', async () => {
    const w = world({
      answer: (batch) => {
        const responses = unchanged(batch)
        Reflect.set(batch, 'length', 0)
        return responses
      },
    })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(2000)
    expect(log(w.calls)).toEqual(['0 a b', '1000 a b', '2000 a b'])
  })

  it('S3: stop while a call runs, start again, and its late answer changes nothing', async () => {
    const w = world({ answer: () => 'wait' })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(10)
    const stopped = w.cache.stop()
    w.cache.start()
    w.calls[0]?.answer([{ id: 'a', item: running(9) }])
    await w.clock.advance(0)
    await stopped
    expect(w.cache.get('a')).toEqual(running(0))
    expect(w.cache.getSnapshot('a').failureCount).toBe(0)
    expect(typesOf(w.events)).not.toContain('outage-started')
  })

  it('L5: the sync function may stop the cache, and no timer stays', async () => {
    const w: World<Job> = world({
      answer: (batch) => {
        void w.cache.stop()
        return stepped(batch)
      },
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(5000)
    expect(w.calls).toHaveLength(1)
    expect(w.cache.get('a')).toEqual(running(0))
    expect(w.clock.timers).toBe(0)
  })

  it('S3: the sync function may delete what it is asked about', async () => {
    const w: World<Job> = world({
      answer: (batch) => {
        for (const { id } of batch) w.cache.delete(id)
        return stepped(batch)
      },
    })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(5000)
    expect(w.calls).toHaveLength(1)
    expect(w.cache.size).toBe(0)
  })

  it('S3: an event listener may start, stop and write in the middle of everything', async () => {
    const w = world({ answer: stepped, isTerminal: ({ step }) => step > 3 })
    let restarts = 0
    w.cache.onEvent((event) => {
      if (event.type === 'sync-settled' && restarts < 3) {
        restarts += 1
        void w.cache.stop()
        w.cache.start()
      }
      if (event.type === 'terminal' && event.id === 'a') w.cache.getOrCreate('next', done(9))
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(20_000)
    expect(w.cache.getSnapshot('a').status).toBe('terminal')
    expect(w.cache.has('next')).toBe(true)
    expect(timesOf(w.calls, 'a').length).toBeGreaterThanOrEqual(4)
    expect(w.clock.timers).toBe(0)
  })
})
