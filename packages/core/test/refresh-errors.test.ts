import { AutoRefreshError } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { fresh } from './fresh.ts'
import { createAll, failed, outcomeOf, untyped, type Outcome } from './scheduling.ts'
import { running, unchanged, world } from './world.ts'

/** The code of the error that a refresh was rejected with. */
function codeOf(outcome: Outcome): string {
  return outcome.error instanceof AutoRefreshError
    ? outcome.error.code
    : `${outcome.state} ${String(outcome.error)}`
}

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

  it('S8: also if the sync function throws at once', async () => {
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

  it('S13: it rejects NOT_FOUND for an absent id', async () => {
    const { cache, clock, calls } = world()
    const outcome = outcomeOf(cache.start().refresh('absent'))
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('NOT_FOUND')
    expect(calls).toEqual([])
  })

  it('S13: it rejects STOPPED if the cache does not run, and is forgotten', async () => {
    const { cache, clock, calls } = world({ syncOnCreate: false })
    cache.getOrCreate('a', running())
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('STOPPED')
    cache.start()
    await clock.advance(999)
    expect(calls).toEqual([])
  })

  it('S13: NOT_FOUND comes before STOPPED', async () => {
    const { cache, clock } = world()
    const outcome = outcomeOf(cache.refresh('absent'))
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('NOT_FOUND')
  })

  it('S13: STOPPED comes before DELETED', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    cache.deleteDelayed('a')
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('STOPPED')
  })

  it.each([1, undefined, null, {}, Symbol('id')])('S13: TypeError comes before all (%s)', async (id) => {
    const { cache } = world()
    await expect((async () => cache.refresh(untyped(id)))()).rejects.toThrow(TypeError)
  })

  it('S8, L3: `stop` rejects those that wait and those in a running call STOPPED', async () => {
    const { cache, clock } = world({ concurrency: 1, answer: () => 'wait' })
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
  it('S13: deleted while it waits for a slot: DELETED', async () => {
    const { cache, clock, calls } = world({ concurrency: 1, answer: () => 'wait' })
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

  it('S13: deleted while its call runs: DELETED', async () => {
    const { cache, clock, lastCall } = await fresh()
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    cache.delete('a')
    lastCall().answer([])
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('DELETED')
  })

  it('S13: deleted and created again while it waits: DELETED all the same', async () => {
    const { cache, clock } = await fresh()
    const outcome = outcomeOf(cache.refresh('a'))
    cache.delete('a')
    cache.getOrCreate('a', running(2))
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('DELETED')
    expect(cache.has('a')).toBe(true)
  })

  it('S13: a refresh of the next generation is served by its own call', async () => {
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

  it('S13: marked by deleteDelayed before: removed now, DELETED', async () => {
    const { cache, clock, calls } = await fresh()
    cache.deleteDelayed('a')
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('DELETED')
    expect(cache.has('a')).toBe(false)
    expect(calls).toHaveLength(1)
  })

  it('S13: marked, and its call runs: removed now, DELETED', async () => {
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

  it('S13: marked while its refresh waits for a slot: DELETED', async () => {
    const { cache, clock } = world({ concurrency: 1, answer: () => 'wait' })
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

  it('S13: gone by its own call: DELETED', async () => {
    const { cache, clock, lastCall } = await fresh()
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    lastCall().answer([{ id: 'a', action: 'delete' }])
    await clock.advance(0)
    expect(codeOf(outcome)).toBe('DELETED')
    expect(cache.has('a')).toBe(false)
  })

  it('S13: gone because its own call leaves it out, if `missing` says so: DELETED', async () => {
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

  it('S13: gone by an older call while it waits for the next: DELETED', async () => {
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

describe('a dropped promise', () => {
  it('S13: is no unhandled rejection, whatever becomes of it', async () => {
    const w = world({ answer: () => Promise.reject(new Error('down')) })
    w.cache.start().getOrCreate('a', running())
    // Vitest fails the run on any rejection that nobody handles.
    void w.cache.refresh('a')
    void w.cache.refresh('absent')
    await w.clock.advance(0)
    void w.cache.refresh('a')
    await w.cache.stop()
    void w.cache.refresh('a')
    await w.clock.advance(0)
    expect(w.cache.getSnapshot('a').error).toMatchObject({ message: 'down' })
  })

  it('S13: a caller that waits is told', async () => {
    const w = world()
    w.cache.start()
    await expect(w.cache.refresh('absent')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
