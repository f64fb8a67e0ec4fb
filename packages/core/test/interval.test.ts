import { until, watch, type ItemSnapshot } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { after, failed, log, outcomeOf, times } from './scheduling.ts'
import { done, isTerminal, running, stepped, unchanged, world, type Job, type World } from './world.ts'

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

  it('S2: once when an item is ingested whose last call failed', async () => {
    const { asked, interval } = recorder()
    const { cache, clock } = world({ interval, answer: () => Promise.reject(new Error('down')) })
    cache.start()
    for (const id of ['a', 'b']) cache.getOrCreate(id, running())
    await clock.advance(0)
    asked.length = 0
    cache.ingest([{ id: 'a', item: running(5) }])
    expect(asked.map(({ id, snapshot }) => [id, snapshot.item])).toEqual([['a', running(5)]])
  })

  it('S2: never for a terminal or marked item that is ingested, also if its last call failed', async () => {
    const { asked, interval } = recorder()
    const { cache, clock } = world({ interval, isTerminal, answer: () => Promise.reject(new Error('down')) })
    cache.start()
    for (const id of ['a', 'b']) cache.getOrCreate(id, running())
    await clock.advance(0)
    cache.update('a', done())
    cache.deleteDelayed('b')
    asked.length = 0
    cache.ingest([
      { id: 'a', item: done(2) },
      { id: 'b', item: running(2) },
    ])
    expect(asked).toEqual([])
  })

  it('S2: never for a terminal item, also when a call of it fails', async () => {
    const { asked, interval } = recorder()
    const { cache, clock } = world({ interval, isTerminal, answer: () => Promise.reject(new Error('down')) })
    cache.start().getOrCreate('a', done())
    outcomeOf(cache.refresh('a'))
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

  it('S2, W17: a terminal item that is marked evaluates it once, to know when it goes', async () => {
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

  it('S2, W17: not if there is an earlier result', async () => {
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

  it('S2, W17: marking an item that waits for its first sync does not evaluate it', () => {
    const { asked, interval } = recorder()
    const { cache } = world({ interval })
    cache.start().getOrCreate('a', running())
    cache.deleteDelayed('a')
    expect(asked).toEqual([])
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
})

describe('the meaning of the interval', () => {
  it('S2: the item is due that much later than its sync settled, not than it started', async () => {
    const w: World<Job> = world({ answer: (batch) => after(w.clock, 300, unchanged(batch)) })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(3000)
    expect(times(w.calls)).toEqual([0, 1300, 2600])
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

  it('S2: an interval below 1 ms is 1 ms', async () => {
    const { cache, clock, calls } = world({ interval: 0.001 })
    cache.start().getOrCreate('a', running())
    await clock.advance(5)
    expect(times(calls)).toEqual([0, 1, 2, 3, 4, 5])
    expect(cache.getSnapshot('a').failureCount).toBe(0)
  })

  it('S5, S2: a new item whose interval function has not run yet brings nothing along', async () => {
    const { cache, clock, calls } = world({ interval: () => 1000 })
    cache.start().getOrCreate('a', running())
    await clock.advance(600)
    cache.getOrCreate('b', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '600 b'])
  })
})

describe('the snapshot that the interval sees', () => {
  it('S2: it is that of after the settlement, whoever looked at one while the call ran', async () => {
    for (const isLooking of [false, true]) {
      const { asked, interval } = recorder(({ unchangedCount }) => 1000 * 2 ** unchangedCount)
      const w: World<Job> = world({ interval, answer: (batch) => after(w.clock, 30, unchanged(batch)) })
      w.cache.start().getOrCreate('a', running())
      if (isLooking) w.cache.subscribe('a', () => w.cache.getSnapshot('a'), { activity: true })
      await w.clock.advance(7000)
      expect(
        asked.map(({ snapshot }) => [snapshot.unchangedCount, snapshot.refreshedAt, snapshot.isRefreshing]),
      ).toEqual([
        [1, 1_000_030, false],
        [2, 1_002_060, false],
        [3, 1_006_090, false],
      ])
    }
  })

  it('S2: for a push during a call it is that of after the push', async () => {
    for (const isLooking of [false, true]) {
      const { asked, interval } = recorder()
      const { cache, clock } = world({ interval, answer: () => 'wait' })
      cache.start().getOrCreate('a', running())
      await clock.advance(1000)
      if (isLooking) cache.getSnapshot('a')
      cache.ingest([{ id: 'a', action: 'unchanged' }])
      expect(asked.map(({ snapshot }) => snapshot)).toMatchObject([
        { unchangedCount: 1, refreshedAt: 1_001_000, isRefreshing: true },
      ])
    }
  })

  it('S2: for a failure, too, it is that of after it', async () => {
    const { asked, interval } = recorder()
    const { cache, clock, lastCall } = world({ interval, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.getSnapshot('a')
    lastCall().answer([failed('a', 'busy')])
    await clock.advance(0)
    expect(asked.map(({ snapshot }) => snapshot)).toMatchObject([
      { failureCount: 1, error: 'busy', isRefreshing: false },
    ])
  })
})
