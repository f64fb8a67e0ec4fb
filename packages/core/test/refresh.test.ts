import { AutoRefreshError } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, failed, log, outcomeOf, times, untyped, type Outcome } from './scheduling-helpers.ts'
import { running, stepped, unchanged, world, type Job, type World } from './world.ts'

/** The code of the error that a refresh was rejected with. */
function codeOf(outcome: Outcome): string {
  return outcome.error instanceof AutoRefreshError
    ? outcome.error.code
    : `${outcome.state} ${String(outcome.error)}`
}

/** A cache in which `a` is fresh and the next call waits for the test. */
async function fresh(options: Parameters<typeof world<Job>>[0] = {}) {
  let first = true
  const all = world({
    isTerminal: (job) => job.done,
    answer: (batch) => {
      if (!first) return 'wait'
      first = false
      return unchanged(batch)
    },
    ...options,
  })
  all.cache.start().getOrCreate('a', running())
  await all.clock.advance(100)
  return all
}

describe('the call', () => {
  it('S8: refresh makes the item due now', async () => {
    const { cache, clock, calls } = await fresh()
    outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '100 a'])
  })

  it('S8: it resolves, with nothing, when the call has settled', async () => {
    const { cache, clock, lastCall } = await fresh()
    const promise = cache.refresh('a')
    const outcome = outcomeOf(promise)
    await clock.advance(50)
    expect(outcome.state).toBe('pending')
    lastCall().answer([{ id: 'a', item: running(1) }])
    await expect(promise).resolves.toBeUndefined()
    expect(cache.get('a')).toEqual(running(1))
  })

  it('S8: a call that was running already is not enough', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const outcome = outcomeOf(cache.refresh('a'))
    calls[0]?.answer([{ id: 'a', item: running(1) }])
    await clock.advance(0)
    expect(outcome.state).toBe('pending')
    expect(calls).toHaveLength(2)
    calls[1]?.answer([{ id: 'a', item: running(2) }])
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
    expect(cache.get('a')).toEqual(running(2))
  })

  it('S8: the failure of a call that was running already rejects nothing', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const outcome = outcomeOf(cache.refresh('a'))
    calls[0]?.fail(new Error('old'))
    await clock.advance(0)
    expect(outcome.state).toBe('pending')
    expect(calls).toHaveLength(2)
    calls[1]?.answer([])
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
  })

  it('S8: several callers share one call', async () => {
    const { cache, clock, calls, lastCall } = await fresh()
    const outcomes = [1, 2, 3].map(() => outcomeOf(cache.refresh('a')))
    await clock.advance(0)
    lastCall().answer([])
    await clock.advance(0)
    expect(calls).toHaveLength(2)
    expect(outcomes.map(({ state }) => state)).toEqual(['resolved', 'resolved', 'resolved'])
  })

  it('S8: callers before and during a call: each is served by one that started after it', async () => {
    const { cache, clock, calls } = await fresh()
    const before = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    const during = [outcomeOf(cache.refresh('a')), outcomeOf(cache.refresh('a'))]
    calls[1]?.answer([])
    await clock.advance(0)
    expect([before, ...during].map(({ state }) => state)).toEqual(['resolved', 'pending', 'pending'])
    calls[2]?.answer([])
    await clock.advance(0)
    expect(during.map(({ state }) => state)).toEqual(['resolved', 'resolved'])
    expect(calls).toHaveLength(3)
  })

  it('S8: refreshes of several items in one turn share a batch', async () => {
    const { cache, clock, calls } = world()
    cache.start()
    createAll(cache, ['a', 'b', 'c'])
    await clock.advance(100)
    for (const id of ['a', 'c']) outcomeOf(cache.refresh(id))
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a b c', '100 a c'])
  })

  it('S8: refresh of a new item shares its first call', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
    expect(calls).toHaveLength(1)
  })

  it('S8: the next refresh comes one interval later', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(700)
    outcomeOf(cache.refresh('a'))
    await clock.advance(2000)
    expect(times(calls)).toEqual([0, 700, 1700, 2700])
  })

  it('S8: an item without an interval is refreshed by hand', async () => {
    const { cache, clock, calls } = world({ interval: Infinity })
    cache.start().getOrCreate('a', running())
    await clock.advance(50_000)
    outcomeOf(cache.refresh('a'))
    await clock.advance(50_000)
    expect(times(calls)).toEqual([0, 50_000])
  })

  it('S8: a local write during the call does not lose the refresh', async () => {
    const { cache, clock, lastCall } = await fresh()
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    cache.update('a', running(7))
    lastCall().answer([{ id: 'a', item: running(1) }])
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
    expect(cache.get('a')).toEqual(running(7))
  })

  it('S8: an id that the response leaves out counts as refreshed by default', async () => {
    const { cache, clock, lastCall } = await fresh()
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    lastCall().answer([])
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
  })

  it('S8: when it resolves, what it brought can be read', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.start().getOrCreate('a', running(0))
    await clock.advance(100)
    const seen = cache.refresh('a').then(() => cache.get('a'))
    await clock.advance(0)
    expect(await seen).toEqual(running(2))
  })

  it('S8: an item may be refreshed again and again', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    for (let step = 0; step < 5; step++) {
      const outcome = outcomeOf(cache.refresh('a'))
      await clock.advance(1)
      expect(outcome.state).toBe('resolved')
    }
    expect(calls).toHaveLength(6)
  })

  it('S8: a sync function may ask for another refresh of its own item', async () => {
    let asked: Outcome | undefined
    const w: World<Job> = world({
      answer: (batch) => {
        asked ??= outcomeOf(w.cache.refresh('a'))
        return unchanged(batch)
      },
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    expect(times(w.calls)).toEqual([0, 0])
    expect(asked?.state).toBe('resolved')
  })
})

describe('its error', () => {
  it('S8: it rejects with the error of the call', async () => {
    const error = new Error('down')
    const { cache, clock, lastCall } = await fresh()
    const outcomes = [outcomeOf(cache.refresh('a')), outcomeOf(cache.refresh('a'))]
    await clock.advance(0)
    lastCall().fail(error)
    await clock.advance(0)
    expect(outcomes).toEqual([
      { state: 'rejected', error },
      { state: 'rejected', error },
    ])
  })

  it('S8: also where the sync function throws at once', async () => {
    const error = new Error('at once')
    const { cache, clock } = await fresh({
      answer: () => {
        throw error
      },
    })
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(outcome).toEqual({ state: 'rejected', error })
  })

  it('S8: it rejects with the `fail` of the item', async () => {
    const error = new Error('this one')
    const { cache, clock, lastCall } = await fresh()
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    lastCall().answer([failed('a', error)])
    await clock.advance(0)
    expect(outcome).toEqual({ state: 'rejected', error })
  })

  it('S8: the failure of a neighbour does not reject it', async () => {
    const { cache, clock } = world({ answer: () => [failed('b')] })
    cache.start()
    createAll(cache, ['a', 'b'])
    const outcomes = ['a', 'b'].map((id) => outcomeOf(cache.refresh(id)))
    await clock.advance(0)
    expect(outcomes.map(({ state }) => state)).toEqual(['resolved', 'rejected'])
  })

  it('S8: it rejects TIMEOUT when its call times out', async () => {
    const { cache, clock } = await fresh({ timeout: 1000, answer: () => 'wait' })
    await clock.advance(1000)
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(999)
    expect(outcome.state).toBe('pending')
    await clock.advance(1)
    expect(codeOf(outcome)).toBe('TIMEOUT')
  })

  it('S8: it rejects INVALID_RESPONSE for a malformed entry', async () => {
    const { cache, clock, lastCall } = await fresh()
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    lastCall().answer([untyped({ id: 'a', action: 'explode' })])
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('INVALID_RESPONSE')
  })

  it('S8: it rejects NOT_FOUND for an absent id', async () => {
    const { cache, clock, calls } = world()
    const outcome = outcomeOf(cache.start().refresh('absent'))
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('NOT_FOUND')
    expect(calls).toEqual([])
  })

  it('S8: it rejects STOPPED where the cache does not run, and is forgotten', async () => {
    const { cache, clock, calls } = world({ syncOnCreate: false })
    cache.getOrCreate('a', running())
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('STOPPED')
    cache.start()
    await clock.advance(999)
    expect(calls).toEqual([])
  })

  it('S8: NOT_FOUND comes before STOPPED', async () => {
    const { cache, clock } = world()
    const outcome = outcomeOf(cache.refresh('absent'))
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('NOT_FOUND')
  })

  it('S8: STOPPED comes before DELETED', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    cache.deleteDelayed('a')
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('STOPPED')
  })

  it.each([1, undefined, null, {}, Symbol('id')])('S8: TypeError comes before all (%s)', async (id) => {
    const { cache } = world()
    await expect((async () => cache.refresh(untyped(id)))()).rejects.toThrow(TypeError)
  })

  it('S8, L3: `stop` rejects those that wait and those in a running call STOPPED', async () => {
    const { cache, clock } = world({ parallelism: 1, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    const inCall = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    cache.getOrCreate('b', running())
    const waiting = outcomeOf(cache.refresh('b'))
    await clock.advance(0)
    void cache.stop()
    await clock.advance(0)
    expect([inCall, waiting].map(codeOf)).toEqual(['STOPPED', 'STOPPED'])
  })
})

describe('deletion', () => {
  it('S8: deleted while it waits for a slot: DELETED', async () => {
    const { cache, clock, calls } = world({ parallelism: 1, answer: () => 'wait' })
    cache.start().getOrCreate('first', running())
    await clock.advance(0)
    cache.getOrCreate('a', running())
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(10)
    cache.delete('a')
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('DELETED')
    expect(calls).toHaveLength(1)
  })

  it('S8: deleted while its call runs: DELETED', async () => {
    const { cache, clock, lastCall } = await fresh()
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    cache.delete('a')
    lastCall().answer([])
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('DELETED')
  })

  it('S8: deleted and created again while it waits: DELETED all the same', async () => {
    const { cache, clock } = await fresh()
    const outcome = outcomeOf(cache.refresh('a'))
    cache.delete('a')
    cache.getOrCreate('a', running(2))
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('DELETED')
    expect(cache.has('a')).toBe(true)
  })

  it('S8: a refresh of the new incarnation is served by its own call', async () => {
    const { cache, clock, calls } = await fresh()
    const old = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    cache.delete('a')
    cache.getOrCreate('a', running(2))
    const young = outcomeOf(cache.refresh('a'))
    calls[1]?.answer([{ id: 'a', item: running(1) }])
    await clock.advance(0)
    expect([codeOf(old), young.state]).toEqual(['DELETED', 'pending'])
    calls[2]?.answer([{ id: 'a', item: running(3) }])
    await clock.advance(0)
    expect(young.state).toBe('resolved')
    expect(cache.get('a')).toEqual(running(3))
  })

  it('S8: marked by deleteDelayed before: removed now, DELETED', async () => {
    const { cache, clock, calls } = await fresh()
    cache.deleteDelayed('a')
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('DELETED')
    expect(cache.has('a')).toBe(false)
    expect(calls).toHaveLength(1)
  })

  it('S8: marked, and its call runs: removed now, DELETED', async () => {
    const { cache, clock, events, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.deleteDelayed('a')
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('DELETED')
    expect(cache.has('a')).toBe(false)
    lastCall().answer([{ id: 'a', item: running(1) }])
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
    expect(events.filter(({ type }) => type === 'deleted')).toMatchObject([{ id: 'a', reason: 'delayed' }])
  })

  it('S8: marked while its refresh waits for a slot: DELETED', async () => {
    const { cache, clock } = world({ parallelism: 1, answer: () => 'wait' })
    cache.start().getOrCreate('first', running())
    await clock.advance(0)
    cache.getOrCreate('a', running())
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    cache.deleteDelayed('a')
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('DELETED')
    expect(cache.has('a')).toBe(false)
  })

  it('S8: gone by its own call: DELETED', async () => {
    const { cache, clock, lastCall } = await fresh()
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    lastCall().answer([{ id: 'a', action: 'delete' }])
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('DELETED')
    expect(cache.has('a')).toBe(false)
  })

  it('S8: gone because its own call leaves it out, where that means so: DELETED', async () => {
    const { cache, clock, lastCall } = await fresh({
      missing: 'delete',
      answer: (batch, call) => (call.at === 0 ? unchanged(batch) : 'wait'),
    })
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    lastCall().answer([])
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('DELETED')
  })

  it('S8: gone by an older call while it waits for the next: DELETED', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const outcome = outcomeOf(cache.refresh('a'))
    calls[0]?.answer([{ id: 'a', action: 'delete' }])
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('DELETED')
    expect(calls).toHaveLength(1)
  })
})
