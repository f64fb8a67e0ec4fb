import { expiry, type AutoRefresh, type ItemSnapshot } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { done, endOfTurn, running, stepped, unchanged, world, type Job } from './world.ts'

/** A listener that counts, and keeps what it was called with. */
function counting(): { readonly listener: () => void; readonly calls: readonly unknown[][] } {
  const calls: unknown[][] = []
  return { calls, listener: (...given: unknown[]) => void calls.push(given) }
}

/** Returns the number of calls of a listener that `change` to a present `a` causes, and of one with activity. */
async function told(
  change: (cache: AutoRefresh<Job>) => unknown,
): Promise<[plain: number, activity: number]> {
  const { cache, clock } = world<Job>({
    isTerminal: (job) => job.done,
    policies: [expiry({ maxAge: 100_000 })],
  })
  cache.getOrCreate('a', running())
  await clock.advance(0)
  const plain = counting()
  const activity = counting()
  cache.subscribe('a', plain.listener)
  cache.subscribe('a', activity.listener, { activity: true })
  await clock.advance(0)
  change(cache)
  await clock.advance(0)
  return [plain.calls.length, activity.calls.length]
}

describe('when a listener is called', () => {
  it('O2: it is called in a microtask after the change, not within it', async () => {
    const { cache } = world()
    const { calls, listener } = counting()
    cache.getOrCreate('a', running())
    cache.subscribe('a', listener)
    cache.update('a', running(1))
    expect(calls).toHaveLength(0)
    await endOfTurn()
    expect(calls).toHaveLength(1)
  })

  it('O2: it is called with no arguments', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.subscribe('a', listener)
    cache.getOrCreate('a', running())
    await clock.advance(0)
    expect(calls).toEqual([[]])
  })

  it('O2: with activity, it is called with no arguments in a microtask, too', async () => {
    const { cache } = world()
    const { calls, listener } = counting()
    cache.subscribe('a', listener, { activity: true })
    cache.getOrCreate('a', running())
    expect(calls).toEqual([])
    await endOfTurn()
    expect(calls).toEqual([[]])
  })

  it('O2: subscribing alone calls nobody', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.getOrCreate('a', running())
    cache.subscribe('a', listener)
    cache.subscribe('a', listener, { activity: true })
    cache.subscribe('absent', listener)
    await clock.advance(0)
    expect(calls).toEqual([])
  })

  it('O2: a listener that comes after a change of an earlier turn is not told of it', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.getOrCreate('a', running())
    cache.update('a', running(1))
    await clock.advance(0)
    cache.subscribe('a', listener)
    await clock.advance(0)
    expect(calls).toEqual([])
  })

  it('O2: when it is called, the cache shows what changed', async () => {
    const { cache, clock } = world()
    const seen: ItemSnapshot<Job>[] = []
    cache.getOrCreate('a', running())
    cache.subscribe('a', () => seen.push(cache.getSnapshot('a')))
    cache.update('a', running(1))
    await clock.advance(0)
    cache.delete('a')
    await clock.advance(0)
    expect(seen).toMatchObject([{ status: 'active', item: running(1) }, { status: 'missing' }])
  })
})

describe('notifications of a listener', () => {
  it('O2: a change of the item by a local update', async () => {
    expect(await told((cache) => cache.update('a', running(1)))).toEqual([1, 1])
  })

  it('O2: another object that looks the same is a change of the item where it is put in locally', async () => {
    expect(await told((cache) => cache.update('a', running()))).toEqual([1, 1])
  })

  it('O2: a change of the item by ingest', async () => {
    expect(await told((cache) => cache.ingest([{ id: 'a', item: running(1) }]))).toEqual([1, 1])
  })

  it('O2: a change of the item by a sync', async () => {
    const { cache, clock } = world({ answer: stepped })
    const { calls, listener } = counting()
    cache.getOrCreate('a', running())
    cache.subscribe('a', listener)
    cache.start()
    await clock.advance(0)
    expect(calls).toHaveLength(1)
    await clock.advance(1000)
    expect(calls).toHaveLength(2)
  })

  it('O2: a change of the status to terminal', async () => {
    expect(await told((cache) => cache.update('a', done()))).toEqual([1, 1])
  })

  it('O2: a change of the status from terminal', async () => {
    const { cache, clock } = world({ isTerminal: (job) => job.done })
    const { calls, listener } = counting()
    cache.getOrCreate('a', done())
    cache.subscribe('a', listener)
    cache.update('a', running())
    await clock.advance(0)
    expect(calls).toHaveLength(1)
  })

  it('O2: a change of the status to expired', async () => {
    const { cache, clock } = world<Job>({ policies: [expiry({ maxAge: 300 })] })
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    cache.subscribe('a', listener)
    await clock.advance(299)
    const before = calls.length
    await clock.advance(1)
    expect(calls).toHaveLength(before + 1)
    expect(cache.getSnapshot('a').status).toBe('expired')
  })

  it('O2: the creation of the item, and every later one', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.subscribe('a', listener)
    cache.getOrCreate('a', running())
    await clock.advance(0)
    expect(calls).toHaveLength(1)
    cache.delete('a')
    await clock.advance(0)
    cache.getOrCreate('a', running())
    await clock.advance(0)
    expect(calls).toHaveLength(3)
  })

  it('O2: the deletion of the item', async () => {
    expect(await told((cache) => cache.delete('a'))).toEqual([1, 1])
  })

  it('O2: a delete and re-create in one turn', async () => {
    const change = (cache: AutoRefresh<Job>): void => {
      cache.delete('a')
      cache.getOrCreate('a', running(5))
    }
    expect(await told(change)).toEqual([1, 1])
  })

  it('O2: isDeleting', async () => {
    expect(await told((cache) => cache.deleteDelayed('a'))).toEqual([1, 1])
  })

  it('O2: the removal that follows deleteDelayed', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.subscribe('a', listener)
    cache.deleteDelayed('a')
    await clock.advance(999)
    expect(calls).toHaveLength(1)
    await clock.advance(1)
    expect(calls).toHaveLength(2)
    expect(cache.has('a')).toBe(false)
  })

  it('O2: that the source says the item is gone', async () => {
    expect(await told((cache) => cache.ingest([{ id: 'a', action: 'delete' }]))).toEqual([1, 1])
  })

  it('O2: an error', async () => {
    const change = (cache: AutoRefresh<Job>): void => cache.ingest([{ id: 'a', action: 'fail', error: 'no' }])
    expect(await told(change)).toEqual([1, 1])
  })

  it('O2: a failureCount that rises, though the error is the same', async () => {
    const { cache, clock } = world({ retry: { factor: 1 }, answer: () => Promise.reject(new Error('down')) })
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    cache.subscribe('a', listener)
    await clock.advance(0)
    const before = calls.length
    await clock.advance(1000)
    expect(cache.getSnapshot('a').failureCount).toBe(2)
    expect(calls).toHaveLength(before + 1)
  })

  it('O2: a failureCount that rises where the error is undefined', async () => {
    const change = (cache: AutoRefresh<Job>): void =>
      cache.ingest([{ id: 'a', action: 'fail', error: undefined }])
    expect(await told(change)).toEqual([1, 1])
  })

  it('O2: the end of a failure by a sync that brings no new value', async () => {
    const { cache, clock } = world({
      answer: (batch, call) => (call.at === 0 ? Promise.reject(new Error('down')) : unchanged(batch)),
    })
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.subscribe('a', listener)
    await clock.advance(1000)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 0, error: undefined })
    expect(calls).toHaveLength(1)
  })

  it('O2: nothing that happens to other items', async () => {
    const change = (cache: AutoRefresh<Job>): void => {
      cache.getOrCreate('b', running())
      cache.update('b', done())
      cache.delete('b')
      cache.update('absent', running())
    }
    expect(await told(change)).toEqual([0, 0])
  })

  it('O2: nothing where nothing changes', async () => {
    const change = (cache: AutoRefresh<Job>): void => {
      cache.get('a')
      cache.getOrCreate('a', running(9))
      cache.has('a')
      cache.inProcessing('a')
      cache.getSnapshot('a')
      cache.onEvent(() => {})()
      cache.ingest([])
    }
    expect(await told(change)).toEqual([0, 0])
  })
})

describe('a refresh that changes nothing', () => {
  it('O2: tells nobody, where the source says unchanged', async () => {
    const { cache, clock, calls: syncCalls } = world()
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.subscribe('a', listener)
    await clock.advance(5000)
    expect(syncCalls).toHaveLength(6)
    expect(calls).toEqual([])
  })

  it('O2: tells nobody, where the source sends an equal item', async () => {
    const {
      cache,
      clock,
      calls: syncCalls,
    } = world({
      answer: (batch) => batch.map(({ id }) => ({ id, item: running() })),
    })
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.subscribe('a', listener)
    await clock.advance(5000)
    expect(syncCalls).toHaveLength(6)
    expect(calls).toEqual([])
  })

  it('O2: tells nobody, where it was pushed', async () => {
    const change = (cache: AutoRefresh<Job>): void => cache.ingest([{ id: 'a', action: 'unchanged' }])
    expect((await told(change))[0]).toBe(0)
  })

  it('O2: tells nobody while the call runs', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    cache.subscribe('a', listener)
    await clock.advance(0)
    expect(cache.getSnapshot('a').isRefreshing).toBe(true)
    const before = calls.length
    lastCall().answer([])
    await clock.advance(0)
    expect(calls).toHaveLength(before)
  })
})

describe('activity', () => {
  it('O2: with activity a listener is told when a call starts, and when it settles', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    lastCall().answer([])
    await clock.advance(500)
    cache.subscribe('a', listener, { activity: true })
    await clock.advance(500)
    expect(cache.getSnapshot('a').isRefreshing).toBe(true)
    expect(calls).toHaveLength(1)
    lastCall().answer([])
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ isRefreshing: false, unchangedCount: 2 })
    expect(calls).toHaveLength(2)
  })

  it('O2: with activity a listener is told of a nextRefreshAt that moves', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.subscribe('a', listener, { activity: true })
    await clock.advance(400)
    const before = cache.getSnapshot('a').nextRefreshAt
    cache.ingest([{ id: 'a', action: 'unchanged' }])
    expect(cache.getSnapshot('a').nextRefreshAt).not.toBe(before)
    await clock.advance(0)
    expect(calls).toHaveLength(1)
  })

  it('O2: with `activity: false`, or undefined, a listener is told of no activity', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.subscribe('a', listener, { activity: false })
    cache.subscribe('a', listener, { activity: undefined })
    cache.subscribe('a', listener, {})
    await clock.advance(5000)
    expect(calls).toEqual([])
  })

  it('O2: activity for one listener is none for another of the same id', async () => {
    const { cache, clock } = world()
    const plain = counting()
    const activity = counting()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.subscribe('a', activity.listener, { activity: true })
    cache.subscribe('a', plain.listener)
    await clock.advance(1000)
    expect(activity.calls.length).toBeGreaterThan(0)
    expect(plain.calls).toEqual([])
  })

  it('O2: a listener with activity is called exactly where the snapshot of a turn is another one', async () => {
    const { cache, clock, lastCall } = world<Job>({
      answer: () => 'wait',
      policies: [expiry({ maxAge: 3500 })],
    })
    let heard = 0
    cache.subscribe('a', () => (heard += 1), { activity: true })
    const turns: [what: () => unknown, ms: number][] = [
      [() => cache.start(), 0],
      [() => cache.getOrCreate('a', running()), 0],
      [() => lastCall().answer([{ id: 'a', item: running(1) }]), 0],
      [() => cache.update('a', running(2)), 0],
      [() => cache.get('a'), 999],
      [() => cache.get('a'), 1],
      [() => lastCall().fail(new Error('down')), 0],
      [() => cache.ingest([{ id: 'a', action: 'unchanged' }]), 0],
      [() => cache.deleteDelayed('a'), 0],
      [() => cache.delete('a'), 0],
    ]
    for (const [what, ms] of turns) {
      const before = cache.getSnapshot('a')
      const heardBefore = heard
      what()
      await clock.advance(ms)
      expect(heard > heardBefore).toBe(cache.getSnapshot('a') !== before)
    }
  })
})
