import { until, watch, type AutoRefreshEvent, type SyncResponse } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { done, running, stepped, unchanged, world, type Job, type SyncCall, type World } from './world.ts'

/** A value that a typed program could not pass, and an untyped one can. */
const untyped = (value: unknown): never => value as never

const isTerminal = (job: Job): boolean => job.done
const times = (calls: readonly SyncCall<Job>[]): number[] => calls.map((call) => call.at)

/** What was told about items, calls aside. */
const told = (events: readonly AutoRefreshEvent<Job>[]): string[] =>
  events.flatMap((event) => ('id' in event ? [`${event.type} ${event.id}`] : []))

describe('getOrCreate', () => {
  it('W1: it stores its argument where there is none, and returns it', () => {
    const { cache } = world()
    const item = running()
    expect(cache.getOrCreate('a', item)).toBe(item)
    expect(cache.get('a')).toBe(item)
    expect(cache.has('a')).toBe(true)
    expect(cache.size).toBe(1)
  })

  it('W1: it returns the present item, and ignores its argument', () => {
    const { cache, events } = world()
    const item = running(1)
    cache.getOrCreate('a', item)
    expect(cache.getOrCreate('a', running(2))).toBe(item)
    expect(cache.get('a')).toBe(item)
    expect(told(events)).toEqual(['created a'])
  })

  it('W1: it returns the newest item, not the one that it stored', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.getOrCreate('a', running())).toEqual(running(1))
  })

  it('W1: it ignores a terminal argument for a present item', async () => {
    const { cache, clock, calls } = world({ isTerminal })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('a', done())
    await clock.advance(1000)
    expect(cache.getSnapshot('a').status).toBe('active')
    expect(calls).toHaveLength(2)
  })

  it('W1: it returns present items that are terminal, and expired ones', async () => {
    const { cache, clock } = world({ isTerminal, maxAge: 500 })
    cache.start().getOrCreate('t', done(1))
    cache.getOrCreate('e', running(1))
    await clock.advance(600)
    expect(cache.getOrCreate('t', running(2))).toEqual(done(1))
    expect(cache.getOrCreate('e', running(2))).toEqual(running(1))
    expect(cache.getSnapshot('e').status).toBe('expired')
  })

  it('W1: after a delete it creates again', () => {
    const { cache, events } = world()
    cache.getOrCreate('a', running(1))
    cache.delete('a')
    expect(cache.getOrCreate('a', running(2))).toEqual(running(2))
    expect(told(events)).toEqual(['created a', 'deleted a', 'created a'])
  })

  it('W1, D20: an id is inserted once, though a listener of its creation creates it, too', () => {
    const { cache, events } = world()
    const results: Job[] = []
    cache.onEvent((event) => {
      if (event.type === 'created') results.push(cache.getOrCreate('a', running(2)))
    })
    results.push(cache.getOrCreate('a', running(1)))
    expect(results).toEqual([running(1), running(1)])
    expect(told(events)).toEqual(['created a'])
  })

  it('W1, D20: an id is inserted once, though isTerminal creates it while it is created', () => {
    let asked = false
    const all: World<Job> = world({
      isTerminal: (job) => {
        if (!asked) {
          asked = true
          all.cache.getOrCreate('a', running(2))
        }
        return job.done
      },
    })
    const outer = all.cache.getOrCreate('a', running(1))
    expect(all.cache.size).toBe(1)
    expect(all.cache.get('a')).toBe(outer)
    expect(told(all.events)).toEqual(['created a'])
  })

  it('W1, D20: an id is inserted once, though its interval creates it while it is created', () => {
    let asked = false
    const all: World<Job> = world({
      syncOnCreate: false,
      interval: () => {
        if (!asked) {
          asked = true
          all.cache.getOrCreate('a', running(2))
        }
        return 1000
      },
    })
    all.cache.start()
    const outer = all.cache.getOrCreate('a', running(1))
    expect(all.cache.get('a')).toBe(outer)
    expect(told(all.events)).toEqual(['created a'])
  })

  it('W1, D20: one that is created twice in a turn is sent once', async () => {
    const { cache, clock, batches } = world()
    cache.start()
    cache.getOrCreate('a', running(1))
    cache.getOrCreate('a', running(2))
    await clock.advance(0)
    expect(batches()).toEqual([['a']])
  })

  it('W1: the cache never mutates an item', async () => {
    const item = Object.freeze(running(1))
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', item)
    await clock.advance(1000)
    cache.ingest([{ id: 'a', item: Object.freeze(running(1)) }])
    expect(cache.get('a')).toBe(item)
    expect(calls[0]?.batch[0]?.item).toBe(item)
    expect(item).toEqual(running(1))
  })
})

describe('what is no item', () => {
  it.each([undefined, null])(
    'W1, D15: creating with %s is a TypeError, and stores nothing',
    async (value) => {
      const { cache, clock, calls, events } = world()
      cache.start()
      expect(() => cache.getOrCreate('a', untyped(value))).toThrow(TypeError)
      expect(cache.has('a')).toBe(false)
      expect(cache.size).toBe(0)
      await clock.advance(5000)
      expect(calls).toEqual([])
      expect(told(events)).toEqual([])
      expect(cache.getOrCreate('a', running())).toEqual(running())
    },
  )

  it.each([undefined, null])('W1, D15: updating to %s is a TypeError, and changes nothing', (value) => {
    const { cache, events } = world()
    cache.getOrCreate('a', running(1))
    expect(() => cache.update('a', untyped(value))).toThrow(TypeError)
    expect(cache.get('a')).toEqual(running(1))
    expect(told(events)).toEqual(['created a'])
  })

  it.each([0, '', false, Number.NaN])('W1: %o is an item', async (item) => {
    const { cache, clock, batches } = world<unknown>()
    cache.start()
    expect(cache.getOrCreate('a', item)).toBe(item)
    expect(cache.getOrCreate('a', 'another')).toBe(item)
    expect(cache.get('a')).toBe(item)
    expect(cache.getOrThrow('a')).toBe(item)
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(0)
    expect(batches()).toEqual([['a']])
    cache.getOrCreate('b', 'something')
    expect(cache.update('b', item)).toBe(true)
    expect(cache.get('b')).toBe(item)
  })
})

describe('update', () => {
  it('W2: it replaces a present item, and returns true', () => {
    const { cache, events } = world()
    cache.getOrCreate('a', running(1))
    const next = running(2)
    expect(cache.update('a', next)).toBe(true)
    expect(cache.get('a')).toBe(next)
    expect(events.at(-1)).toEqual({ type: 'updated', id: 'a', item: next })
  })

  it('W2: an item that equals the present one replaces it, too', () => {
    const { cache } = world()
    cache.getOrCreate('a', running(1))
    const next = running(1)
    expect(cache.update('a', next)).toBe(true)
    expect(cache.get('a')).toBe(next)
  })

  it('W2: updating to the present item returns true', () => {
    const { cache } = world()
    const item = cache.getOrCreate('a', running(1))
    expect(cache.update('a', item)).toBe(true)
    expect(cache.get('a')).toBe(item)
  })

  it('W2: an update of an absent id returns false, and stores nothing', async () => {
    const { cache, clock, calls, events } = world()
    cache.start()
    expect(cache.update('a', running(1))).toBe(false)
    expect(cache.has('a')).toBe(false)
    expect(cache.get('a')).toBeUndefined()
    expect(cache.size).toBe(0)
    expect([...cache.ids()]).toEqual([])
    await clock.advance(5000)
    expect(calls).toEqual([])
    expect(told(events)).toEqual([])
    expect(cache.getOrCreate('a', running(2))).toEqual(running(2))
  })

  it('W2: nor does one of a deleted id', () => {
    const { cache } = world()
    cache.getOrCreate('a', running(1))
    cache.delete('a')
    expect(cache.update('a', running(2))).toBe(false)
    expect(cache.has('a')).toBe(false)
  })

  it('W2: nor does one of an absent id that somebody observes', async () => {
    const { cache, clock } = world()
    let heard = 0
    cache.subscribe('a', () => (heard += 1))
    expect(cache.update('a', running(1))).toBe(false)
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
    expect(heard).toBe(0)
  })

  it('W2: it replaces terminal and expired items, too', async () => {
    const { cache, clock } = world({ isTerminal, maxAge: 500 })
    cache.start().getOrCreate('t', done(1))
    cache.getOrCreate('e', running(1))
    await clock.advance(600)
    expect(cache.update('t', done(2))).toBe(true)
    expect(cache.update('e', running(2))).toBe(true)
    expect(cache.get('t')).toEqual(done(2))
    expect(cache.get('e')).toEqual(running(2))
  })

  it('W2, D22: update and delete are there', () => {
    const { cache } = world()
    cache.getOrCreate('a', running(1))
    expect([cache.update('a', running(2)), cache.delete('a')]).toEqual([true, true])
  })
})

describe('delete', () => {
  it('W4: it removes at once, and returns true', () => {
    const { cache, events } = world()
    const item = cache.getOrCreate('a', running())
    expect(cache.delete('a')).toBe(true)
    expect(cache.get('a')).toBeUndefined()
    expect(cache.has('a')).toBe(false)
    expect(cache.size).toBe(0)
    expect([...cache.ids()]).toEqual([])
    expect(cache.getSnapshot('a').status).toBe('missing')
    expect(events.at(-1)).toEqual({ type: 'deleted', id: 'a', item, reason: 'deleted' })
  })

  it('W4: it returns false where there is nothing to remove', () => {
    const { cache, events } = world()
    expect(cache.delete('a')).toBe(false)
    cache.getOrCreate('a', running())
    cache.delete('a')
    expect(cache.delete('a')).toBe(false)
    expect(told(events)).toEqual(['created a', 'deleted a'])
  })

  it('W4: it leaves the others alone', async () => {
    const { cache, clock, batches } = world()
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    cache.delete('a')
    await clock.advance(0)
    expect(batches()).toEqual([['b']])
  })

  it('W4: what is deleted is never synced again', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    cache.delete('a')
    await clock.advance(10_000)
    expect(times(calls)).toEqual([0])
  })

  it('W4: it removes at once what is in a running call, waits for one, is terminal, or is marked', async () => {
    const { cache, clock, calls } = world({ isTerminal, batchSize: 1, parallelism: 1, answer: () => 'wait' })
    cache.start()
    for (const id of ['a', 'b', 'm']) cache.getOrCreate(id, running())
    cache.getOrCreate('t', done())
    await clock.advance(0)
    cache.deleteDelayed('m')
    for (const id of [...cache.ids()]) expect(cache.delete(id)).toBe(true)
    expect(cache.size).toBe(0)
    calls[0]?.answer([])
    await clock.advance(5000)
    expect(calls).toHaveLength(1)
  })
})

describe('update and the due time', () => {
  it('W3: it does not move the due time, however often it is called', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    for (let step = 0; step < 40; step++) {
      await clock.advance(73)
      cache.update('a', running(step))
    }
    expect(times(calls)).toEqual([0, 1000, 2000])
  })

  it('W3: nor does it bring it forward', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    cache.update('a', running(1))
    expect(cache.inProcessing('a')).toBe(false)
    await clock.advance(899)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 1000])
  })

  it('W3: it says so in the snapshot', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(300)
    cache.update('a', running(1))
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(1_001_000)
  })

  it('W3: it does not take an item out of the queue', async () => {
    const { cache, clock, calls } = world({ batchSize: 1, parallelism: 1, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(0)
    const waits = calls[0]?.ids[0] === 'a' ? 'b' : 'a'
    cache.update(waits, running(5))
    expect(cache.inProcessing(waits)).toBe(true)
    calls[0]?.answer([])
    await clock.advance(0)
    expect(calls[1]?.ids).toEqual([waits])
  })

  it('W3: it does not move the first refresh of a cache without syncOnCreate', async () => {
    const { cache, clock, calls } = world({ syncOnCreate: false })
    cache.start().getOrCreate('a', running())
    await clock.advance(900)
    cache.update('a', running(1))
    await clock.advance(100)
    expect(times(calls)).toEqual([1000])
  })

  it('W3: it does not evaluate the interval', async () => {
    let asked = 0
    const { cache, clock } = world({
      interval: () => {
        asked += 1
        return 1000
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    for (let step = 0; step < 10; step++) cache.update('a', running(step))
    expect(asked).toBe(1)
  })
})

describe('update and isTerminal', () => {
  it('W3: an item that is terminal now is refreshed no more', async () => {
    const { cache, clock, calls, events } = world({ isTerminal })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    cache.update('a', done())
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'terminal', nextRefreshAt: undefined })
    await clock.advance(10_000)
    expect(times(calls)).toEqual([0])
    expect(told(events)).toContain('terminal a')
  })

  it('W3: one that waits for its turn is not sent when it becomes terminal', async () => {
    const { cache, clock, calls } = world({ isTerminal })
    cache.start().getOrCreate('a', running())
    cache.update('a', done())
    await clock.advance(5000)
    expect(calls).toEqual([])
    expect(cache.inProcessing('a')).toBe(false)
  })

  it('W3: one that is terminal no more is due one interval after its last refresh', async () => {
    const { cache, clock, calls } = world({ isTerminal })
    cache.start().getOrCreate('a', running())
    await clock.advance(200)
    cache.update('a', done())
    await clock.advance(300)
    cache.update('a', running())
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(499)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 1000])
  })

  it('W3: at once where that is past', async () => {
    const { cache, clock, calls } = world({ isTerminal })
    cache.start().getOrCreate('a', running())
    await clock.advance(200)
    cache.update('a', done())
    await clock.advance(5000)
    cache.update('a', running())
    await clock.advance(0)
    expect(times(calls)).toEqual([0, 5200])
    await clock.advance(1000)
    expect(times(calls)).toEqual([0, 5200, 6200])
  })

  it('W3: at once where it was never refreshed', async () => {
    const { cache, clock, calls } = world({ isTerminal })
    cache.start().getOrCreate('a', done())
    await clock.advance(300)
    cache.update('a', running())
    await clock.advance(0)
    expect(times(calls)).toEqual([300])
  })

  it('W3: the interval that the last refresh gave still counts', async () => {
    let interval = 3000
    const { cache, clock, calls } = world({ isTerminal, interval: () => interval })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    interval = 10
    cache.update('a', done())
    cache.update('a', running())
    await clock.advance(2899)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 3000])
  })

  it('W3: but not before what its failures demand', async () => {
    const fail = (): never => {
      throw new Error('down')
    }
    const { cache, clock, calls } = world({ isTerminal, answer: fail })
    cache.start().getOrCreate('a', running())
    await clock.advance(1100)
    expect(times(calls)).toEqual([0, 1000])
    cache.update('a', done())
    await clock.advance(1500)
    cache.update('a', running())
    await clock.advance(399)
    expect(times(calls)).toEqual([0, 1000])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 1000, 3000])
  })

  it('W3: nor before a retryAfter', async () => {
    const { cache, clock, calls } = world({
      isTerminal,
      answer: (batch) => batch.map(({ id }) => ({ id, action: 'fail', error: 'busy', retryAfter: 7000 })),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    cache.update('a', done())
    await clock.advance(3000)
    cache.update('a', running())
    await clock.advance(3899)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 7000])
  })

  it('W3: an expired item stays expired, and is not refreshed', async () => {
    const { cache, clock, calls } = world({ isTerminal, maxAge: 500 })
    cache.start().getOrCreate('a', running())
    await clock.advance(600)
    cache.update('a', running(1))
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'expired', item: running(1) })
    await clock.advance(5000)
    expect(cache.getSnapshot('a').status).toBe('expired')
    expect(times(calls)).toEqual([0])
  })

  it('W3: unless its new value is terminal', async () => {
    const { cache, clock, events } = world({ isTerminal, maxAge: 500 })
    cache.start().getOrCreate('a', running())
    await clock.advance(600)
    cache.update('a', done(1))
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'terminal', item: done(1) })
    expect(told(events)).toContain('terminal a')
  })

  it('W3: a terminal item that comes back to life after its maxAge expires at once', async () => {
    const { cache, clock, calls, events } = world({ isTerminal, maxAge: 500 })
    cache.start().getOrCreate('a', done())
    await clock.advance(600)
    expect(cache.getSnapshot('a').status).toBe('terminal')
    cache.update('a', running())
    await clock.advance(0)
    expect(cache.getSnapshot('a').status).toBe('expired')
    expect(told(events)).toContain('expired a')
    await clock.advance(5000)
    expect(calls).toEqual([])
  })

  it('W3: an expired item that was made terminal, and comes back to life, expires at once', async () => {
    const { cache, clock, calls } = world({ isTerminal, maxAge: 500 })
    cache.start().getOrCreate('a', running())
    await clock.advance(600)
    cache.update('a', done())
    cache.update('a', running())
    await clock.advance(5000)
    expect(cache.getSnapshot('a').status).toBe('expired')
    expect(times(calls)).toEqual([0])
  })

  it('W3: one that comes back to life before its maxAge expires then', async () => {
    const { cache, clock } = world({ isTerminal, maxAge: 500 })
    cache.start().getOrCreate('a', done())
    await clock.advance(300)
    cache.update('a', running())
    await clock.advance(199)
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(1)
    expect(cache.getSnapshot('a').status).toBe('expired')
  })
})

describe('hits and misses', () => {
  it('W9: get and getOrThrow count them', () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    cache.get('a')
    cache.get('a')
    cache.getOrThrow('a')
    cache.get('b')
    expect(() => cache.getOrThrow('b')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    expect(cache.stats()).toMatchObject({ hits: 3, misses: 2 })
  })

  it('W9: falsy items are hits', () => {
    const { cache } = world<unknown>()
    cache.getOrCreate('a', 0)
    cache.getOrCreate('b', '')
    cache.get('a')
    cache.getOrThrow('b')
    expect(cache.stats()).toMatchObject({ hits: 2, misses: 0 })
  })

  it('W9: nothing else counts', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('a', running())
    cache.has('a')
    cache.has('b')
    cache.getSnapshot('a')
    cache.getSnapshot('b')
    cache.update('a', running(1))
    cache.update('b', running(1))
    cache.delete('b')
    cache.deleteDelayed('b')
    cache.inProcessing('a')
    cache.subscribe('a', () => {})
    cache.ingest([{ id: 'a', item: running(4) }])
    void [...cache.ids()]
    await cache.refresh('a')
    await clock.advance(5000)
    expect(cache.stats()).toMatchObject({ hits: 0, misses: 0 })
  })
})

describe('use', () => {
  type Touch = (all: World<Job>) => void | Promise<void>

  /** Whether an item survives many newer ones when this is done to it between two of them. */
  async function survives(touch: Touch): Promise<boolean> {
    const all = world({ capacity: 4, answer: stepped })
    all.cache.start().getOrCreate('it', running())
    await all.clock.advance(0)
    for (let step = 0; step < 20; step++) {
      await touch(all)
      all.cache.getOrCreate(`x${step}`, running())
      await all.clock.advance(10)
    }
    return all.cache.has('it')
  }

  const counting: readonly (readonly [string, Touch])[] = [
    ['get', ({ cache }) => void cache.get('it')],
    ['getOrThrow', ({ cache }) => void cache.getOrThrow('it')],
    ['getOrCreate', ({ cache }) => void cache.getOrCreate('it', running())],
    ['subscribe', ({ cache }) => cache.subscribe('it', () => {})()],
  ]

  it.each(counting)('W9: %s is use', async (_, touch) => {
    expect(await survives(touch)).toBe(true)
  })

  const notCounting: readonly (readonly [string, Touch])[] = [
    ['nothing', () => {}],
    ['has', ({ cache }) => void cache.has('it')],
    ['getSnapshot', ({ cache }) => void cache.getSnapshot('it')],
    ['ids', ({ cache }) => void [...cache.ids()]],
    ['update', ({ cache }) => void cache.update('it', running(3))],
    ['inProcessing', ({ cache }) => void cache.inProcessing('it')],
    ['ingest', ({ cache }) => cache.ingest([{ id: 'it', action: 'unchanged' }])],
    ['a pushed value', ({ cache }) => cache.ingest([{ id: 'it', item: running(Math.PI) }])],
    ['a background refresh', ({ clock }) => clock.advance(1000)],
    ['a refresh that was asked for', ({ cache }) => (cache.has('it') ? cache.refresh('it') : undefined)],
  ]

  it.each(notCounting)('W9, D12: %s is no use', async (_, touch) => {
    expect(await survives(touch)).toBe(false)
  })
})

describe('validators', () => {
  /** A cache whose calls answer what is next in line, and `unchanged` from then on. */
  function source(...answers: readonly SyncResponse<Job>[]) {
    const rest = [...answers]
    const all = world({
      answer: (batch) => {
        const next = rest.shift()
        return next === undefined ? unchanged(batch) : [next]
      },
    })
    all.cache.start().getOrCreate('a', running())
    return { ...all, validators: () => all.calls.map((call) => call.batch[0]?.validator) }
  }

  it('W11: a new item has none', async () => {
    const { clock, validators } = source()
    await clock.advance(1000)
    expect(validators()).toEqual([undefined, undefined])
  })

  it('W11: that of an update is sent with the next call, by reference', async () => {
    const etag = { weak: true }
    const { clock, validators } = source({ id: 'a', item: running(1), validator: etag })
    await clock.advance(1000)
    expect(validators()[1]).toBe(etag)
  })

  it.each([0, '', false])('W11: %o is one', async (validator) => {
    const { clock, validators } = source({ id: 'a', item: running(1), validator })
    await clock.advance(2000)
    expect(validators()).toEqual([undefined, validator, validator])
  })

  it('W11: an update that changes nothing carries one, too', async () => {
    const { clock, validators } = source({ id: 'a', item: running(), validator: 'v1' })
    await clock.advance(1000)
    expect(validators()).toEqual([undefined, 'v1'])
  })

  it('W11: `unchanged` with one replaces it', async () => {
    const { clock, validators } = source(
      { id: 'a', item: running(1), validator: 'v1' },
      { id: 'a', action: 'unchanged', validator: 'v2' },
    )
    await clock.advance(2000)
    expect(validators()).toEqual([undefined, 'v1', 'v2'])
  })

  it('W11: `unchanged` without one keeps it', async () => {
    const { clock, validators } = source({ id: 'a', item: running(1), validator: 'v1' })
    await clock.advance(3000)
    expect(validators()).toEqual([undefined, 'v1', 'v1', 'v1'])
  })

  it('W11: an update without one clears it', async () => {
    const { clock, validators } = source(
      { id: 'a', item: running(1), validator: 'v1' },
      { id: 'a', item: running(2) },
    )
    await clock.advance(2000)
    expect(validators()).toEqual([undefined, 'v1', undefined])
  })

  it('W11: so does one that changes nothing', async () => {
    const { clock, validators } = source(
      { id: 'a', item: running(1), validator: 'v1' },
      { id: 'a', action: 'update', item: running(1) },
    )
    await clock.advance(2000)
    expect(validators()).toEqual([undefined, 'v1', undefined])
  })

  it('W11: a failure keeps it', async () => {
    const { clock, validators } = source(
      { id: 'a', item: running(1), validator: 'v1' },
      { id: 'a', action: 'fail', error: new Error('busy') },
    )
    await clock.advance(2000)
    expect(validators()).toEqual([undefined, 'v1', 'v1'])
  })

  it('W11: an answer that leaves the id out keeps it', async () => {
    let call = 0
    const { cache, clock, calls } = world({
      answer: () => (call++ === 0 ? [{ id: 'a', item: running(1), validator: 'v1' }] : []),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(2000)
    expect(calls.map(({ batch }) => batch[0]?.validator)).toEqual([undefined, 'v1', 'v1'])
  })

  it('W11: a local update clears it', async () => {
    const { cache, clock, validators } = source({ id: 'a', item: running(1), validator: 'v1' })
    await clock.advance(500)
    cache.update('a', running(7))
    await clock.advance(500)
    expect(validators()).toEqual([undefined, undefined])
  })

  it('W11: so does a local update to an equal value, or to the present one', async () => {
    const { cache, clock, validators } = source(
      { id: 'a', item: running(1), validator: 'v1' },
      { id: 'a', item: running(1), validator: 'v2' },
    )
    await clock.advance(500)
    cache.update('a', running(1))
    await clock.advance(1000)
    cache.update('a', cache.getOrThrow('a'))
    await clock.advance(500)
    expect(validators()).toEqual([undefined, undefined, undefined])
  })

  it('W11: reading, observing, and getOrCreate do not', async () => {
    const { cache, clock, validators } = source({ id: 'a', item: running(1), validator: 'v1' })
    await clock.advance(500)
    cache.get('a')
    cache.getOrCreate('a', running(5))
    cache.subscribe('a', () => {})
    await clock.advance(500)
    expect(validators()).toEqual([undefined, 'v1'])
  })

  it('W11: an item that is created again has none', async () => {
    const { cache, clock, validators } = source({ id: 'a', item: running(1), validator: 'v1' })
    await clock.advance(500)
    cache.delete('a')
    cache.getOrCreate('a', running())
    await clock.advance(0)
    expect(validators()).toEqual([undefined, undefined])
  })

  it('W11: each item has its own', async () => {
    const { cache, clock, lastCall } = world({
      answer: (batch) => batch.map(({ id, item }) => ({ id, item, validator: `of ${id}` })),
    })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(1000)
    const sent = lastCall().batch.map(({ id, validator }) => [id, validator])
    expect(sent.sort()).toEqual([
      ['a', 'of a'],
      ['b', 'of b'],
    ])
  })
})

describe('terminalTtl', () => {
  it('W12: it counts from the creation of what is terminal then', async () => {
    const { cache, clock, events } = world({ isTerminal, terminalTtl: 500 })
    cache.start()
    await clock.advance(200)
    cache.getOrCreate('a', done())
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
    expect(events.at(-1)).toEqual({ type: 'deleted', id: 'a', item: done(), reason: 'terminal-ttl' })
  })

  const writes: readonly (readonly [string, (all: World<Job>) => void])[] = [
    ['a local update', ({ cache }) => void cache.update('a', done(1))],
    ['a pushed value', ({ cache }) => cache.ingest([{ id: 'a', item: done(1) }])],
    ['a refresh', ({ cache }) => void cache.refresh('a')],
  ]

  it.each(writes)('W12: it counts from the moment when %s made the item terminal', async (_, write) => {
    const all = world({
      isTerminal,
      terminalTtl: 500,
      answer: (batch, { at }) => (at === 0 ? unchanged(batch) : [{ id: 'a', item: done(1) }]),
    })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(800)
    write(all)
    await all.clock.advance(499)
    expect(all.cache.get('a')).toEqual(done(1))
    await all.clock.advance(1)
    expect(all.cache.has('a')).toBe(false)
  })

  it('W12: another write or refresh of a terminal item does not prolong it', async () => {
    const { cache, clock } = world({ isTerminal, terminalTtl: 500 })
    cache.start().getOrCreate('a', done())
    await clock.advance(200)
    cache.update('a', done(1))
    await cache.refresh('a')
    cache.ingest([{ id: 'a', item: done(2) }])
    await clock.advance(299)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: nor does who subscribes to it, and leaves', async () => {
    const { cache, clock } = world({ isTerminal, terminalTtl: 500, gcTime: 5000 })
    cache.start().getOrCreate('a', done())
    await clock.advance(200)
    const unsubscribe = cache.subscribe('a', () => {})
    await clock.advance(200)
    unsubscribe()
    await clock.advance(99)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: an item that came back to life is kept', async () => {
    const { cache, clock } = world({ isTerminal, terminalTtl: 500 })
    cache.start().getOrCreate('a', done())
    await clock.advance(300)
    cache.update('a', running())
    await clock.advance(5000)
    expect(cache.has('a')).toBe(true)
  })

  it('W12: it counts anew when the item is terminal again', async () => {
    const { cache, clock } = world({ isTerminal, terminalTtl: 500 })
    cache.start().getOrCreate('a', done())
    await clock.advance(300)
    cache.update('a', running())
    await clock.advance(100)
    cache.update('a', done())
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: it counts from the moment when the item expired', async () => {
    const { cache, clock, events } = world({ maxAge: 700, terminalTtl: 500 })
    cache.start().getOrCreate('a', running())
    await clock.advance(1199)
    expect(cache.getSnapshot('a').status).toBe('expired')
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
    expect(events.at(-1)).toMatchObject({ type: 'deleted', reason: 'terminal-ttl' })
  })

  it('W12: it removes observed items, too', async () => {
    const { cache, clock } = world({ isTerminal, terminalTtl: 500 })
    cache.start().getOrCreate('a', done())
    cache.subscribe('a', () => {})
    await clock.advance(500)
    expect(cache.has('a')).toBe(false)
  })
})

describe('maxAge', () => {
  it('W12: it counts from the creation', async () => {
    const { cache, clock, events } = world({ maxAge: 700 })
    cache.start()
    await clock.advance(100)
    cache.getOrCreate('a', running())
    await clock.advance(699)
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(1)
    expect(cache.getSnapshot('a').status).toBe('expired')
    expect(events.at(-1)).toEqual({ type: 'expired', id: 'a', item: running() })
  })

  it('W12: refreshes, writes, pushes, readers and subscribers do not prolong it', async () => {
    const { cache, clock } = world({ interval: 100, maxAge: 700, answer: stepped })
    cache.start().getOrCreate('a', running())
    for (let step = 0; step < 6; step++) {
      await clock.advance(100)
      cache.update('a', running(step))
      cache.ingest([{ id: 'a', item: running(90 + step) }])
      cache.getOrCreate('a', running())
      cache.subscribe('a', () => {})
      cache.get('a')
    }
    await clock.advance(99)
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(1)
    expect(cache.getSnapshot('a').status).toBe('expired')
  })

  it('W12: an item that is created again has its own', async () => {
    const { cache, clock } = world({ maxAge: 700 })
    cache.start().getOrCreate('a', running())
    await clock.advance(600)
    cache.delete('a')
    cache.getOrCreate('a', running())
    await clock.advance(699)
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(1)
    expect(cache.getSnapshot('a').status).toBe('expired')
  })

  it('W12: an expired item stays readable', async () => {
    const { cache, clock } = world({ maxAge: 700 })
    cache.start().getOrCreate('a', running(1))
    await clock.advance(50_000)
    expect(cache.get('a')).toEqual(running(1))
    expect(cache.size).toBe(1)
  })
})

describe('gcTime', () => {
  it('W12: it counts from the creation of what nobody ever observed', async () => {
    const { cache, clock, events } = world({ gcTime: 500 })
    cache.start()
    await clock.advance(100)
    cache.getOrCreate('a', running())
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
    expect(events.at(-1)).toEqual({ type: 'deleted', id: 'a', item: running(), reason: 'unobserved' })
  })

  it('W12: it counts from when the last subscriber left', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    const first = cache.subscribe('a', () => {})
    const second = cache.subscribe('a', () => {}, { activity: true })
    await clock.advance(1000)
    first()
    await clock.advance(1000)
    second()
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: whoever leaves last, the first to come included', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    const first = cache.subscribe('a', () => {})
    const second = cache.subscribe('a', () => {})
    second()
    first()
    await clock.advance(500)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: though nothing else is planned', async () => {
    const { cache, clock } = world({ interval: Infinity, gcTime: 500 })
    cache.start().getOrCreate('a', running())
    const unsubscribe = cache.subscribe('a', () => {})
    await clock.advance(100)
    unsubscribe()
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: an unsubscribe that is called again prolongs nothing', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    const unsubscribe = cache.subscribe('a', () => {})
    unsubscribe()
    await clock.advance(300)
    unsubscribe()
    await clock.advance(200)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: a subscriber that comes in time keeps the item', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    await clock.advance(499)
    cache.subscribe('a', () => {})
    await clock.advance(5000)
    expect(cache.has('a')).toBe(true)
  })

  it('W12: a subscriber that was there before the item keeps it', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().subscribe('a', () => {})
    await clock.advance(100)
    cache.getOrCreate('a', running())
    await clock.advance(5000)
    expect(cache.has('a')).toBe(true)
  })

  it('W12: who reads, writes, creates or listens to events is no subscriber', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    await clock.advance(400)
    cache.get('a')
    cache.getOrCreate('a', running())
    cache.update('a', running(1))
    cache.getSnapshot('a')
    cache.ingest([{ id: 'a', item: running(2) }])
    await clock.advance(100)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: it removes terminal items, too', async () => {
    const { cache, clock } = world({ isTerminal, gcTime: 500 })
    cache.start().getOrCreate('a', done())
    await clock.advance(500)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: until is a subscriber as long as it waits', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    const waited = until(cache, 'a', (job) => job.step === 3)
    await clock.advance(5000)
    expect(cache.has('a')).toBe(true)
    cache.update('a', running(3))
    await waited
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: watch is a subscriber until it is left', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    const values = watch(cache, 'a')
    await values.next()
    await clock.advance(5000)
    expect(cache.has('a')).toBe(true)
    await values.return?.()
    await clock.advance(500)
    expect(cache.has('a')).toBe(false)
  })
})

describe('lifetimes of a cache that does not run', () => {
  it('W12: nothing is removed and nothing expires', async () => {
    const { cache, clock } = world({ isTerminal, maxAge: 500, terminalTtl: 500, gcTime: 900 })
    cache.getOrCreate('a', running())
    cache.getOrCreate('t', done())
    await clock.advance(5000)
    expect(cache.getSnapshot('a').status).toBe('active')
    expect(cache.getSnapshot('t').status).toBe('terminal')
  })

  it('W12: nor when a call that the stop aborted settles', async () => {
    const { cache, clock, lastCall } = world({ gcTime: 500, maxAge: 300, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    void cache.stop()
    await clock.advance(1000)
    lastCall().answer([])
    await clock.advance(0)
    expect(cache.getSnapshot('a').status).toBe('active')
  })

  it('W12: what its terminalTtl ended goes when the cache starts', async () => {
    const { cache, clock, calls } = world({ isTerminal, terminalTtl: 500 })
    cache.getOrCreate('t', done())
    await clock.advance(500)
    cache.start()
    await clock.advance(0)
    expect(cache.has('t')).toBe(false)
    expect(calls).toEqual([])
  })

  it('W12: what its maxAge ended expires when the cache starts, and is not refreshed', async () => {
    const { cache, clock, calls } = world({ maxAge: 500 })
    cache.getOrCreate('a', running())
    await clock.advance(500)
    cache.start()
    await clock.advance(0)
    expect(cache.getSnapshot('a').status).toBe('expired')
    expect(calls).toEqual([])
  })

  it('W12: what its gcTime ended goes when the cache starts, and is not refreshed', async () => {
    const { cache, clock, calls } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    await cache.stop()
    await clock.advance(500)
    cache.start()
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
    expect(calls).toEqual([])
  })

  it('W12: what is not over yet goes on counting from where it began', async () => {
    const { cache, clock } = world({ isTerminal, maxAge: 500, terminalTtl: 800 })
    cache.getOrCreate('a', running())
    cache.getOrCreate('t', done())
    await clock.advance(300)
    cache.start()
    await clock.advance(199)
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(1)
    expect(cache.getSnapshot('a').status).toBe('expired')
    await clock.advance(299)
    expect(cache.has('t')).toBe(true)
    await clock.advance(1)
    expect(cache.has('t')).toBe(false)
  })

  it('W12: a subscriber that left meanwhile starts gcTime', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    const unsubscribe = cache.subscribe('a', () => {})
    await clock.advance(1000)
    await cache.stop()
    unsubscribe()
    await clock.advance(300)
    cache.start()
    await clock.advance(199)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })
})

describe('lifetimes where nothing else is planned', () => {
  /** An item that was synced once and has no due time; nothing keeps a timer but what the test does. */
  async function quiet(options: Parameters<typeof world<Job>>[0]): Promise<World<Job>> {
    const all = world({ isTerminal, interval: Infinity, ...options })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(100)
    return all
  }

  it('W12: an update to a terminal item starts its terminalTtl', async () => {
    const { cache, clock } = await quiet({ terminalTtl: 500 })
    cache.update('a', done())
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: a push of a terminal item starts its terminalTtl', async () => {
    const { cache, clock } = await quiet({ terminalTtl: 500 })
    cache.ingest([{ id: 'a', item: done() }])
    await clock.advance(500)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: an item that comes back to life expires at its maxAge', async () => {
    const { cache, clock } = await quiet({ maxAge: 500 })
    cache.update('a', done())
    await clock.advance(100)
    cache.update('a', running())
    await clock.advance(299)
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(1)
    expect(cache.getSnapshot('a').status).toBe('expired')
  })

  it('W12: an aborted wait by until starts gcTime', async () => {
    const { cache, clock } = await quiet({ gcTime: 500 })
    const controller = new AbortController()
    const waited = until(cache, 'a', undefined, { signal: controller.signal }).catch(() => 'aborted')
    await clock.advance(1000)
    expect(cache.has('a')).toBe(true)
    controller.abort()
    expect(await waited).toBe('aborted')
    await clock.advance(500)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: of two items each is removed at its own time', async () => {
    const { cache, clock } = await quiet({ gcTime: 500 })
    cache.getOrCreate('b', running())
    await clock.advance(400)
    expect([...cache.ids()]).toEqual(['b'])
    await clock.advance(100)
    expect(cache.size).toBe(0)
  })
})

describe('an isTerminal that changes what it is asked about', () => {
  it('W2, O3: an item that it deletes during an update stays deleted', () => {
    const { cache, events } = world({
      isTerminal(job) {
        if (job.step === 2) cache.delete('a')
        return job.done
      },
    })
    cache.getOrCreate('a', running(1))
    cache.update('a', running(2))
    expect(cache.has('a')).toBe(false)
    expect(events.map(({ type }) => type)).toEqual(['created', 'deleted'])
  })
})

describe('what an update tells', () => {
  it('W3, events: one to the very item that is there tells nothing, and is no change', async () => {
    const { cache, clock, events } = world()
    const item = cache.getOrCreate('a', running())
    const before = events.length
    await clock.advance(100)
    expect(cache.update('a', item)).toBe(true)
    expect(events.slice(before)).toEqual([])
    expect(cache.getSnapshot('a').changedAt).toBe(1_000_000)
  })

  it('W3, events: one that brings an item back to life is an update, and nothing else', () => {
    const { cache, events } = world({ isTerminal })
    cache.start().getOrCreate('a', done())
    const before = events.length
    cache.update('a', running())
    expect(events.slice(before)).toEqual([{ type: 'updated', id: 'a', item: running() }])
  })

  it('W3: one that brings an item back to life after its maxAge expires it at once', async () => {
    const { cache, clock } = world({ isTerminal, maxAge: 500 })
    cache.start().getOrCreate('a', done())
    await clock.advance(500)
    cache.update('a', running())
    expect(cache.getSnapshot('a').status).toBe('expired')
  })
})

describe('a write of the application within its own equals', () => {
  it.each([
    ['an answer', undefined],
    ['a push', 'v1'],
  ])('W6: wins over %s, though it is of the present item', async (how, validator) => {
    let writes = 0
    const w: World<Job> = world({
      equals() {
        if ((writes += 1) === 1) w.cache.update('a', w.cache.getOrThrow('a'))
        return false
      },
      answer: () => [{ id: 'a', item: running(9) }],
    })
    w.cache.getOrCreate('a', running(1))
    if (how === 'a push') {
      writes = -1
      w.cache.ingest([{ id: 'a', item: running(1), validator }])
      writes = 0
      w.cache.ingest([{ id: 'a', item: running(9) }])
    } else {
      w.cache.start()
      await w.clock.advance(0)
    }
    expect(writes).toBe(1)
    expect(w.cache.get('a')).toEqual(running(1))
  })
})

describe('what a sync function is given', () => {
  it('W11: no validator at all where there is none', async () => {
    const { cache, clock, lastCall } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(lastCall().batch.map((entry) => Object.keys(entry))).toEqual([['id', 'item']])
  })
})

describe('the id in the message of an error', () => {
  it.each([
    [80, `"${'x'.repeat(80)}"`],
    [81, `"${'x'.repeat(80)}…"`],
  ])('L7: of %i characters it is shown up to 80', (length, shown) => {
    const { cache } = world()
    expect(() => cache.getOrThrow('x'.repeat(length))).toThrow(` ${shown} `)
  })
})
