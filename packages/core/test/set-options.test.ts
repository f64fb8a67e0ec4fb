import { expiry, type IntervalOption } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, failed, log, manyIds, outcomeOf, sizes, times, untyped } from './scheduling.ts'
import { done, isTerminal, running, unchanged, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

/** An item `a` that was refreshed at 0 with this interval. It is 1000 now. */
async function refreshed(interval: IntervalOption<Job>, options: Options = {}): Promise<World<Job>> {
  const w = world({ interval, isTerminal, ...options })
  w.cache.start().getOrCreate('a', running())
  await w.clock.advance(1000)
  return w
}

describe('another interval', () => {
  it.each<[string, number, number, number[]]>([
    ['a shorter one counts from the last refresh', 300_000, 5000, [0, 5000, 10_000]],
    ['also after Infinity', Infinity, 5000, [0, 5000, 10_000]],
    ['at once if that is past', 300_000, 400, [0, 1000, 1400, 1800]],
    ['a longer one delays', 1500, 4000, [0, 4000, 8000]],
    ['Infinity ends it', 1500, Infinity, [0]],
  ])('G6: %s', async (_, before, after, expected) => {
    const { cache, clock, calls } = await refreshed(before)
    cache.setOptions({ interval: after })
    await clock.advance(expected.length > 3 ? 800 : 9000)
    expect(times(calls)).toEqual(expected)
  })

  it('G6: no options change nothing', async () => {
    const { cache, clock, calls } = await refreshed(5000)
    cache.setOptions({})
    cache.setOptions({ interval: undefined })
    await clock.advance(4000)
    expect(times(calls)).toEqual([0, 5000])
  })

  it('G6: many items stay together', async () => {
    const { cache, clock, calls } = world({ interval: 300_000 })
    createAll(cache.start(), manyIds(150))
    await clock.advance(1000)
    cache.setOptions({ interval: 5000 })
    await clock.advance(9000)
    expect(times(calls)).toEqual([0, 0, 5000, 5000, 10_000, 10_000])
    expect(sizes(calls).sort((a, b) => a - b)).toEqual([50, 50, 50, 100, 100, 100])
  })

  it('G6: the time of an item that was never refreshed counts from its creation', async () => {
    const { cache, clock, calls } = await refreshed(10_000, { syncOnCreate: false })
    cache.setOptions({ interval: 3000 })
    await clock.advance(2000)
    expect(times(calls)).toEqual([3000])
  })

  it('G6: snapshots say so, and whoever follows the activity is told', async () => {
    const { cache, clock } = await refreshed(300_000)
    let told = 0
    cache.subscribe('a', () => (told += 1), { activity: true })
    cache.setOptions({ interval: 5000 })
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(1_005_000)
    await clock.advance(0)
    expect(told).toBe(1)
  })

  it('G6: an item in a running call gets it when that settles', async () => {
    const { cache, clock, calls, lastCall } = await refreshed(300_000, { answer: () => 'wait' })
    cache.setOptions({ interval: 5000 })
    lastCall().answer([{ id: 'a', action: 'unchanged' }])
    await clock.advance(5000)
    expect(times(calls)).toEqual([0, 6000])
  })

  it('G6: a due or requested item stays so', async () => {
    const { cache, clock, calls } = await refreshed(300_000, {
      concurrency: 1,
      answer: (batch, call) => (call.ids.includes('busy') ? 'wait' : unchanged(batch)),
    })
    cache.getOrCreate('busy', running())
    await clock.advance(0)
    cache.getOrCreate('due', running())
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    cache.setOptions({ interval: Infinity })
    calls.at(-1)?.answer([{ id: 'busy', action: 'unchanged' }])
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
    expect(
      calls
        .slice(2)
        .flatMap(({ ids }) => ids)
        .sort(),
    ).toEqual(['a', 'due'])
  })

  it.each<[string, (w: World<Job>) => void, (w: World<Job>) => void]>([
    ['of a subscription, subscribed again', () => {}, ({ cache }) => void cache.subscribe('shown', () => {})],
    [
      'that was terminal',
      ({ cache }) => void cache.update('shown', done()),
      ({ cache }) => void cache.update('shown', running()),
    ],
  ])('G6, S9: an item that is polled again has the new one: %s', async (_, end, begin) => {
    const w = world({ interval: 300_000, isTerminal })
    const leave = w.cache.start().subscribe('shown', () => {}, { initialItem: running() })
    await w.clock.advance(100)
    end(w)
    if (w.cache.getSnapshot('shown').status === 'active') leave()
    w.cache.setOptions({ interval: 1000 })
    await w.clock.advance(400)
    begin(w)
    await w.clock.advance(1500)
    expect(times(w.calls)).toEqual([0, 1000, 2000])
  })

  it('G6, W5: it neither postpones nor hastens the removal of a marked item', async () => {
    for (const interval of [100, 60_000, Infinity]) {
      const { cache, clock } = await refreshed(5000)
      cache.deleteDelayed('a')
      cache.setOptions({ interval })
      await clock.advance(3999)
      expect(cache.has('a')).toBe(true)
      await clock.advance(1)
      expect(cache.has('a')).toBe(false)
    }
  })

  it('G6: a cache that is stopped takes it, too', async () => {
    const { cache, clock, calls } = await refreshed(300_000)
    await cache.stop()
    cache.setOptions({ interval: 5000 })
    cache.start()
    await clock.advance(4000)
    expect(times(calls)).toEqual([0, 5000])
  })
})

describe('another interval of items that wait', () => {
  it('G6: what is due stays due, also at the very moment at which it falls due', async () => {
    const { cache, clock, calls, lastCall } = world({
      concurrency: 1,
      batchSize: 1,
      answer: (batch, { ids }) => (ids.includes('busy') ? 'wait' : unchanged(batch)),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(900)
    cache.getOrCreate('busy', running())
    await clock.advance(100)
    cache.setOptions({ interval: 60_000 })
    await clock.advance(100)
    lastCall().answer([])
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '900 busy', '1100 a'])
  })

  it('G6, O1: the same interval changes no snapshot', async () => {
    const { cache } = await refreshed(5000)
    const before = cache.getSnapshot('a')
    cache.setOptions({ interval: 5000 })
    expect(cache.getSnapshot('a')).toBe(before)
  })

  it('G6, S3: an item that waits for the call of an earlier generation waits on', async () => {
    const { cache, clock, calls } = await refreshed(5000, { answer: () => 'wait' })
    cache.delete('a')
    cache.getOrCreate('a', running())
    cache.setOptions({ interval: 500 })
    await clock.advance(5000)
    expect(times(calls)).toEqual([0])
    calls[0]?.answer([])
    await clock.advance(0)
    expect(times(calls)).toEqual([0, 6000])
  })
})

describe('another interval after a failure', () => {
  it('G6, F2: no item is due before its delay', async () => {
    const { cache, clock, calls } = await refreshed(2000, { answer: () => [failed('a', 'busy', 7000)] })
    cache.setOptions({ interval: 100 })
    await clock.advance(5999)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 7000])
  })

  it('G6, F5: no retry group is due before its delay', async () => {
    const { cache, clock, calls } = world({
      interval: 60_000,
      answer: () => Promise.reject(new Error('down')),
    })
    createAll(cache.start(), ['a', 'b'])
    await clock.advance(500)
    cache.setOptions({ interval: 100 })
    await clock.advance(499)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(log(calls)).toEqual(['0 a b', '1000 a b'])
  })

  it('G6, F5: a retry group stays apart from what is healthy', async () => {
    const { cache, clock, calls } = world({
      batchSize: 3,
      answer: (batch, { at, ids }) =>
        at === 0 && ids.includes('a') ? Promise.reject(new Error('down')) : unchanged(batch),
    })
    createAll(cache.start(), ['a', 'b'])
    await clock.advance(0)
    cache.getOrCreate('healthy', running())
    await clock.advance(500)
    cache.setOptions({ interval: 1000 })
    await clock.advance(500)
    expect(log(calls).sort()).toEqual(['0 a b', '0 healthy', '1000 a b', '1000 healthy'])
  })
})

describe('an interval function', () => {
  it('G6: it is asked once for each polled item that is in no call', async () => {
    const asked: string[] = []
    const w = world<Job>({
      isTerminal,
      interval: 10_000,
      policies: [expiry({ maxAge: 500 })],
      answer: (batch, call) => (call.ids.includes('called') ? 'wait' : unchanged(batch)),
    })
    createAll(w.cache.start(), ['expired'])
    await w.clock.advance(500)
    createAll(w.cache, ['waits'])
    w.cache.getOrCreate('terminal', done())
    w.cache.subscribe('left', () => {}, { initialItem: running() })()
    await w.clock.advance(0)
    createAll(w.cache, ['called'])
    await w.clock.advance(0)
    w.cache.setOptions({
      interval: ({ status }, id) => {
        asked.push(`${id} ${status}`)
        return 2000
      },
    })
    expect(asked).toEqual(['waits active'])
    await w.clock.advance(100)
    expect(asked).toEqual(['waits active'])
  })

  it('G6, S16: a function that returns no interval fails its items, and the last good interval is used', async () => {
    const { cache, clock, calls } = await refreshed(5000)
    let told = 0
    cache.subscribe('a', () => (told += 1))
    cache.setOptions({ interval: () => -1 })
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ item: running(), failureCount: 1 })
    expect(cache.getSnapshot('a').error).toBeInstanceOf(RangeError)
    expect(told).toBe(1)
    await clock.advance(4000)
    expect(times(calls)).toEqual([0, 5000])
  })

  it('G6: the function that was given before is not asked any more', async () => {
    let before = 0
    const { cache, clock } = await refreshed(() => {
      before += 1
      return 2000
    })
    expect(before).toBe(1)
    cache.setOptions({ interval: 2000 })
    await clock.advance(10_000)
    expect(before).toBe(1)
  })
})

describe('an interval that is none', () => {
  it.each([0, -1, NaN, null, '5000', {}])(
    'G6, L7: %o throws as the constructor does, and changes nothing',
    async (bad) => {
      const construct = ((): unknown => {
        try {
          return world({ interval: untyped(bad) })
        } catch (error) {
          return error
        }
      })()
      const { cache, clock, calls } = await refreshed(5000)
      expect(construct).toBeInstanceOf(Error)
      expect(() => cache.setOptions({ interval: untyped(bad) })).toThrow(construct)
      await clock.advance(4000)
      expect(times(calls)).toEqual([0, 5000])
    },
  )
})
