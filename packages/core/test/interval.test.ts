import { until, watch, type ItemSnapshot } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { after, createAll, failed, log, outcomeOf, times, timesOf, untyped } from './scheduling-helpers.ts'
import { done, running, stepped, unchanged, world, type Job, type World } from './world.ts'

/** An interval function that remembers what it was asked. */
function recorder(answer: (snapshot: ItemSnapshot<Job>, id: string) => number = () => 1000) {
  const asked: { readonly id: string; readonly snapshot: ItemSnapshot<Job> }[] = []
  const interval = (snapshot: ItemSnapshot<Job>, id: string): number => {
    asked.push({ id, snapshot })
    return answer(snapshot, id)
  }
  return { asked, interval }
}

const nothing = (): void => {}

describe('when the interval is evaluated', () => {
  it('S2: once for an item when a sync of it settles', async () => {
    const { asked, interval } = recorder()
    const { cache, clock } = world({ interval })
    cache.start().getOrCreate('a', running())
    expect(asked).toHaveLength(0)
    await clock.advance(0)
    expect(asked).toHaveLength(1)
    await clock.advance(999)
    expect(asked).toHaveLength(1)
    await clock.advance(9001)
    expect(asked).toHaveLength(11)
  })

  it('S2: once for each item of a batch, with its id', async () => {
    const { asked, interval } = recorder()
    const { cache, clock } = world({ interval })
    cache.start()
    createAll(cache, ['a', 'b', 'c'])
    await clock.advance(0)
    expect(asked.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c'])
  })

  it('S2: with the snapshot as it is when the sync has settled', async () => {
    const { asked, interval } = recorder()
    const { cache, clock } = world({ interval, answer: stepped })
    cache.start().getOrCreate('a', running(0))
    await clock.advance(1000)
    expect(asked[0]?.snapshot).toMatchObject({
      status: 'active',
      item: running(1),
      failureCount: 0,
      unchangedCount: 0,
      refreshedAt: 1_000_000,
      changedAt: 1_000_000,
    })
    expect(asked[1]?.snapshot).toMatchObject({ item: running(2), refreshedAt: 1_001_000 })
  })

  it('S2: the snapshot counts the syncs that changed nothing, this one included', async () => {
    const { asked, interval } = recorder()
    const { cache, clock } = world({ interval })
    cache.start().getOrCreate('a', running())
    await clock.advance(2000)
    expect(asked.map(({ snapshot }) => snapshot.unchangedCount)).toEqual([1, 2, 3])
  })

  it('S2: once when a sync fails, with its error and the count', async () => {
    const error = new Error('down')
    const { asked, interval } = recorder()
    const { cache, clock } = world({ interval, answer: () => [failed('a', error)] })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    expect(asked.map(({ snapshot }) => [snapshot.error, snapshot.failureCount])).toEqual([
      [error, 1],
      [error, 2],
    ])
  })

  it('S2: once when a sync times out', async () => {
    const { asked, interval } = recorder()
    const { cache, clock, lastCall } = world({ interval, timeout: 100, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    lastCall().answer([])
    await clock.advance(0)
    expect(asked).toHaveLength(1)
    expect(asked[0]?.snapshot.failureCount).toBe(1)
  })

  it('S2: once when the result lost against a local write', async () => {
    const { asked, interval } = recorder()
    const { cache, clock, lastCall } = world({ interval, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(10)
    cache.update('a', running(5))
    lastCall().answer([{ id: 'a', item: running(1) }])
    await clock.advance(0)
    expect(asked.map(({ snapshot }) => snapshot.item)).toEqual([running(5)])
  })

  it('S2: once when the item is ingested, and the item is due that much later', async () => {
    const { asked, interval } = recorder()
    const { cache, clock, calls } = world({ interval })
    cache.start().getOrCreate('a', running())
    await clock.advance(600)
    cache.ingest([{ id: 'a', item: running(5) }])
    expect(asked).toHaveLength(2)
    expect(asked[1]?.snapshot.item).toEqual(running(5))
    await clock.advance(1000)
    expect(log(calls)).toEqual(['0 a', '1600 a'])
  })

  it('S2: `ingest` of an absent id evaluates nothing', async () => {
    const { asked, interval } = recorder()
    const { cache, clock } = world({ interval })
    cache.start().ingest([{ id: 'absent', item: running() }])
    await clock.advance(0)
    expect(asked).toEqual([])
  })

  it('S2: rendering, subscribing, reading and writing never evaluate it', async () => {
    const { asked, interval } = recorder()
    const { cache, clock } = world({ interval })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const iterator = watch(cache, 'a')
    void iterator.next()
    const abort = new AbortController()
    outcomeOf(until(cache, 'a', () => false, { signal: abort.signal }))
    for (let step = 0; step < 20; step++) {
      const leave = cache.subscribe('a', nothing, { activity: true })
      cache.get('a')
      cache.getOrThrow('a')
      cache.getOrCreate('a', running(99))
      cache.getSnapshot('a')
      cache.has('a')
      cache.inProcessing('a')
      cache.stats()
      cache.isTerminal(running())
      cache.update('a', running(step))
      expect([...cache.ids(), cache.size]).toEqual(['a', 1])
      await clock.advance(1)
      leave()
    }
    abort.abort()
    await iterator.return?.()
    await clock.advance(0)
    expect(asked).toHaveLength(1)
  })

  it('S2: a creation does not evaluate it where the item is due at once', () => {
    const { asked, interval } = recorder()
    const { cache } = world({ interval })
    cache.start().getOrCreate('a', running())
    cache.getSnapshot('a')
    expect(asked).toEqual([])
  })

  it('S2: without syncOnCreate the creation evaluates it once', async () => {
    const { asked, interval } = recorder(() => 700)
    const { cache, clock, calls } = world({ interval, syncOnCreate: false })
    cache.start().getOrCreate('a', running(3))
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatchObject({ id: 'a', snapshot: { status: 'active', item: running(3) } })
    cache.getOrCreate('a', running(4))
    await clock.advance(699)
    expect(asked).toHaveLength(1)
    await clock.advance(1)
    expect(asked).toHaveLength(2)
    expect(times(calls)).toEqual([700])
  })

  it('S2: it is not evaluated for a terminal item', async () => {
    const { asked, interval } = recorder()
    const { cache, clock } = world({
      interval,
      isTerminal: (job) => job.done,
      syncOnCreate: false,
      answer: () => [{ id: 'a', item: done() }],
    })
    cache.start().getOrCreate('terminal', done())
    expect(asked).toEqual([])
    cache.getOrCreate('a', running())
    await clock.advance(1000)
    expect(cache.getSnapshot('a').status).toBe('terminal')
    expect(asked).toHaveLength(1)
  })

  it('S2: it is not evaluated for a terminal item that was refreshed by hand', async () => {
    const { asked, interval } = recorder()
    const { cache, clock } = world({ interval, isTerminal: (job) => job.done })
    cache.start().getOrCreate('a', done())
    const refresh = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(refresh.state).toBe('resolved')
    expect(asked).toEqual([])
  })

  it('S2, W5: a terminal item that is marked evaluates it once, to know when it goes', async () => {
    const { asked, interval } = recorder(() => 400)
    const { cache, clock } = world({ interval, isTerminal: (job) => job.done })
    cache.start().getOrCreate('a', done())
    cache.deleteDelayed('a')
    cache.deleteDelayed('a')
    await clock.advance(399)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
    expect(asked).toHaveLength(1)
  })

  it('S2, W5: not where there is an earlier result', async () => {
    const { asked, interval } = recorder()
    const { cache, clock } = world({ interval, isTerminal: (job) => job.done })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    cache.update('a', done())
    cache.deleteDelayed('a')
    await clock.advance(1000)
    expect(cache.has('a')).toBe(false)
    expect(asked).toHaveLength(1)
  })

  it('S2: it is not evaluated for an item that was deleted during its call', async () => {
    const { asked, interval } = recorder()
    const { cache, clock, lastCall } = world({ interval, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.delete('a')
    lastCall().answer([{ id: 'a', item: running(1) }])
    await clock.advance(0)
    expect(asked).toEqual([])
  })

  it('S2: it may call the cache, and delete its own item', async () => {
    const w: World<Job> = world({
      interval: (_, id) => {
        w.cache.delete(id)
        return 1000
      },
    })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(5000)
    expect(log(w.calls)).toEqual(['0 a b'])
    expect(w.cache.size).toBe(0)
    expect(w.clock.timers).toBe(0)
  })
})

describe('what the interval means', () => {
  it('S2: the item is due that much later than its sync settled, not than it started', async () => {
    const w: World<Job> = world({ answer: (batch) => after(w.clock, 300, unchanged(batch)) })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(3000)
    expect(times(w.calls)).toEqual([0, 1300, 2600])
  })

  it('S2: each item has its own', async () => {
    const { cache, clock, calls } = world({ coalesce: 0, interval: (_, id) => (id === 'fast' ? 500 : 1700) })
    cache.start()
    createAll(cache, ['fast', 'slow'])
    await clock.advance(3500)
    expect(timesOf(calls, 'fast')).toEqual([0, 500, 1000, 1500, 2000, 2500, 3000, 3500])
    expect(timesOf(calls, 'slow')).toEqual([0, 1700, 3400])
  })

  it('S2: it can follow the item', async () => {
    const { cache, clock, calls } = world({
      answer: stepped,
      interval: ({ item }) => (item === undefined ? 1 : item.step * 100),
    })
    cache.start().getOrCreate('a', running(0))
    await clock.advance(1000)
    expect(times(calls)).toEqual([0, 100, 300, 600, 1000])
  })

  it('S2: a fraction of a millisecond is an interval', async () => {
    const { cache, clock, calls } = world({ interval: 0.5 })
    cache.start().getOrCreate('a', running())
    await clock.advance(5)
    // Timers may have a resolution of a whole one.
    expect(calls.length).toBeGreaterThanOrEqual(6)
    expect(calls.length).toBeLessThanOrEqual(11)
    expect(cache.getSnapshot('a').failureCount).toBe(0)
  })
})

const bad: readonly (readonly [string, () => number])[] = [
  ['NaN', () => NaN],
  ['0', () => 0],
  ['a negative', () => -5],
  ['-Infinity', () => -Infinity],
  ['undefined', () => untyped(undefined)],
  ['a numeric string', () => untyped('500')],
  ['a bigint', () => untyped(5n)],
  ['a Date', () => untyped(new Date(5))],
  [
    'a throw',
    () => {
      throw new Error('interval')
    },
  ],
]

describe('an interval that is not a number above 0', () => {
  it.each(bad)('S2: %s is a failure of the item, and the last good interval is used', async (_, answer) => {
    let count = 0
    const { cache, clock, calls } = world({
      interval: () => {
        count += 1
        return count === 2 ? answer() : 700
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(700)
    expect(cache.getSnapshot('a').failureCount).toBe(1)
    expect(cache.getSnapshot('a').error).toBeDefined()
    await clock.advance(700)
    expect(times(calls)).toEqual([0, 700, 1400])
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 0, error: undefined })
  })

  it.each(bad)('S2: after %s from the first on, retry.maxDelay is used', async (_, answer) => {
    const { cache, clock, calls } = world({ interval: answer, retry: { maxDelay: 5000 } })
    cache.start().getOrCreate('a', running())
    await clock.advance(10_000)
    expect(times(calls)).toEqual([0, 5000, 10_000])
    expect(cache.getSnapshot('a').failureCount).toBeGreaterThan(0)
  })

  it.each(bad)('S2: after %s at the creation, retry.maxDelay is used', async (_, answer) => {
    const { cache, clock, calls } = world({
      interval: answer,
      syncOnCreate: false,
      retry: { maxDelay: 5000 },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(5000)
    expect(times(calls)).toEqual([5000])
  })

  it('S2, F1: one that comes on top of a failure counts as none of its own', async () => {
    const error = new Error('busy')
    const { cache, clock } = world({
      answer: (batch) => batch.map(({ id }) => failed(id, error)),
      interval: () => NaN,
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 1, error })
  })

  it('S2, F2: as a failure of the item itself it is delayed by the jitter of retry', async () => {
    let count = 0
    const { cache, clock, calls } = world({
      interval: () => ((count += 1) === 1 ? 1000 : NaN),
      jitter: 0,
      retry: { jitter: 0.5 },
      random: () => 0.5,
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(3500)
    expect(times(calls)).toEqual([0, 1000, 2250, 3500])
  })

  it('S2, F2: one at the creation is a failure from then on, and delayed as such', () => {
    const { cache } = world({
      interval: () => NaN,
      syncOnCreate: false,
      random: () => 0.5,
      retry: { maxDelay: 5000, jitter: 0.5 },
    })
    cache.start().getOrCreate('a', running())
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 1, nextRefreshAt: 1_006_250 })
  })

  it('S2, F2: one at the creation is the first of the failures in a row', async () => {
    let count = 0
    const { cache, clock, calls } = world({
      interval: () => ((count += 1) === 1 ? NaN : 1000),
      syncOnCreate: false,
      retry: { factor: 2, maxDelay: 5000, jitter: 0 },
      answer: (batch) => batch.map(({ id }) => failed(id)),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(8000)
    expect(times(calls)).toEqual([5000, 7000])
  })

  it('S2, O1: one at the creation is in the snapshot also where no next refresh follows', () => {
    const { cache } = world({
      syncOnCreate: false,
      retry: { maxDelay: Infinity },
      interval: (snapshot) => (snapshot.failureCount === 0 ? -1 : 1000),
    })
    cache.start().getOrCreate('a', running())
    const { error, failureCount, nextRefreshAt } = cache.getSnapshot('a')
    expect(error).toBeInstanceOf(RangeError)
    expect([failureCount, nextRefreshAt]).toEqual([1, undefined])
  })

  it('S2, W5: marking an item that waits for its first sync does not evaluate it', () => {
    const { asked, interval } = recorder()
    const { cache } = world({ interval })
    cache.start().getOrCreate('a', running())
    cache.deleteDelayed('a')
    expect(asked).toEqual([])
  })

  it('S2: what the sync brought is kept', async () => {
    const { cache, clock } = world({ answer: stepped, interval: () => NaN })
    cache.start().getOrCreate('a', running(0))
    await clock.advance(0)
    expect(cache.get('a')).toEqual(running(1))
  })

  it('S2: it fails that item alone', async () => {
    const { cache, clock } = world({ interval: (_, id) => (id === 'bad' ? NaN : 1000) })
    cache.start()
    createAll(cache, ['good', 'bad', 'fine'])
    await clock.advance(0)
    expect(['good', 'bad', 'fine'].map((id) => cache.getSnapshot(id).failureCount)).toEqual([0, 1, 0])
    expect(cache.getSnapshot('good').nextRefreshAt).toBe(1_001_000)
  })

  it('S2: it does not make the call a failed one', async () => {
    const { cache, clock, events } = world({ interval: () => NaN })
    cache.start().getOrCreate('a', running())
    await clock.advance(600_000)
    expect(cache.stats().syncErrors).toBe(0)
    expect(events.map((event) => event.type)).not.toContain('outage-started')
  })
})

describe('an interval function that pushes a state', () => {
  it('W10, O3: what it ingests for an item that has just failed is a success, and plans it', async () => {
    let isFirst = true
    const { cache, clock, calls } = world({
      answer: (batch) =>
        batch.map(({ id }) =>
          isFirst ? { id, action: 'fail', error: 'down' } : { id, action: 'unchanged' },
        ),
      interval() {
        if (isFirst) {
          isFirst = false
          cache.ingest([{ id: 'a', item: running(1) }])
        }
        return 1000
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ item: running(1), failureCount: 0, error: undefined })
    await clock.advance(1000)
    expect(times(calls)).toEqual([0, 1000])
  })
})
