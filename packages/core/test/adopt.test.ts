import { until } from '@auto-refresh/core'
import { adopt, observerCount, settled, stateOf } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { state } from './adopted-state.ts'
import { createAll, failed, log, times, typesOf } from './scheduling.ts'
import { settlementOf } from './settlement.ts'
import { done, isTerminal, running, stepped, unchanged, world } from './world.ts'

describe('the state that adopt writes', () => {
  it('E1, E2: after it, one cache has the state of another', async () => {
    const source = world({
      answer: (batch) => batch.map(({ id }) => ({ id, item: running(1), validator: 'v1' })),
    })
    createAll(source.cache.start(), ['a', 'b'])
    await source.clock.advance(1300)
    source.cache.ingest([failed('b', 'busy')])
    const { cache, clock, lastCall } = world()
    cache.start().subscribe('a', () => {})
    adopt(
      cache,
      ['a', 'b'].flatMap((id) => stateOf(source.cache, id) ?? []),
    )
    expect(cache.getSnapshot('a')).toMatchObject({
      item: running(1),
      unchangedCount: 1,
      refreshedAt: 999_700,
      nextRefreshAt: 1_000_700,
    })
    expect(cache.getSnapshot('b')).toMatchObject({ item: running(1), error: 'busy', failureCount: 1 })
    await clock.advance(700)
    expect(lastCall().batch).toEqual([{ id: 'a', item: running(1), validator: 'v1' }])
  })

  it('E2, P7: gcTime counts from the adoption, also if an earlier generation is in a call', async () => {
    const { cache, clock } = world({ gcTime: 500, timeout: 5000, answer: () => 'wait' })
    cache.start().getOrCreate('a', running(1))
    await clock.advance(10)
    cache.delete('a')
    adopt(cache, [state()])
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('E2, S8: an item that is asked for keeps its place', async () => {
    const { cache, clock, calls } = world({ interval: Infinity, batchWindow: 20 })
    cache.start().getOrCreate('a', running(1))
    const asked = settlementOf(cache.refresh('a'))
    adopt(cache, [state()])
    await clock.advance(1)
    expect(calls.length).toBe(1)
    expect(asked.now).toBeUndefined()
  })

  it('E2, S5: an adopted state does not come early after a retryAfter', async () => {
    const { cache, clock, calls } = world({
      interval: (_, id) => (id === 'a' ? 5000 : 3000),
      answer: (batch) =>
        batch.map(({ id }) =>
          id === 'a'
            ? { id, action: 'fail', error: 'busy', retryAfter: 10_000 }
            : { id, action: 'unchanged' },
        ),
    })
    createAll(cache.start(), ['a', 'b'])
    await clock.advance(4000)
    adopt(cache, [state({ next: 0, age: 4000 })])
    await clock.advance(5999)
    expect(calls.flatMap(({ batch }) => batch.map(({ id }) => id))).toEqual(['a', 'b', 'b', 'b', 'b'])
    await clock.advance(1)
    expect(calls.at(-1)?.batch.map(({ id }) => id)).toEqual(['a'])
  })

  it('E2, G5, F16: a failing item without a next does not start in a pause if its interval becomes endless', async () => {
    const { cache, clock, calls } = world()
    cache.start().subscribe('a', () => {})
    cache.pause()
    adopt(cache, [state({ failureCount: 1, error: 'busy' })])
    cache.setOptions({ interval: Infinity })
    await clock.advance(10_000)
    expect(calls.length).toBe(0)
    cache.resume()
    await clock.advance(1)
    expect(calls.length).toBe(1)
  })

  it('E2: an id under a hold is skipped', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running(1))
    await clock.advance(100)
    const release = cache.hold('a')
    const before = cache.getSnapshot('a')
    adopt(cache, [state({ next: 50, failureCount: 3 })])
    expect(cache.getSnapshot('a')).toBe(before)
    release()
    adopt(cache, [state()])
    expect(cache.get('a')).toEqual(running(5))
  })

  it('E2: a state whose success is older than a local write is skipped', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running(1))
    await clock.advance(400)
    cache.update('a', running(2))
    await clock.advance(100)
    adopt(cache, [state({ age: 101 })])
    expect(cache.get('a')).toEqual(running(2))
    adopt(cache, [state({ age: 99 })])
    expect(cache.get('a')).toEqual(running(5))
  })

  it.each([
    { creates: true, name: 'that it creates' },
    { creates: false, name: 'that is present' },
  ])(
    'E2: a later success is adopted of an item $name, although it was before the last adoption',
    async ({ creates }) => {
      const { cache, clock } = world()
      // Nothing asks the source here, whatever the cache is: only what is adopted counts.
      cache.start()
      await cache.stop()
      if (!creates) cache.subscribe('a', () => {}, { create: true })
      adopt(cache, [state({ item: running(1), age: 10_000 })])
      expect(cache.getSnapshot('a')).toMatchObject({ changedAt: 990_000, refreshedAt: 990_000 })
      await clock.advance(10)
      adopt(cache, [state({ item: running(2), age: 5000 })])
      expect(cache.get('a')).toEqual(running(2))
      adopt(cache, [state({ item: running(3), age: 5001 })])
      expect(cache.get('a')).toEqual(running(2))
    },
  )

  it('E2: a pending state creates a pending item, which is a subscription’s', async () => {
    const { cache, clock, calls, events } = world({ gcTime: 500 })
    cache.start()
    adopt(cache, [state({ item: undefined, age: undefined })])
    expect(cache.getSnapshot('a').status).toBe('pending')
    expect(events.at(-1)).toEqual({ type: 'created', id: 'a', item: undefined })
    await clock.advance(500)
    expect(cache.has('a')).toBe(false)
    expect(calls).toEqual([])
  })

  it('E2: a state without a success is adopted by a pending item, and skipped by one with a value', () => {
    const { cache } = world()
    cache.getOrCreate('a')
    cache.getOrCreate('b', running())
    const failing = { item: undefined, age: undefined, failureCount: 2, error: 'busy', next: 400 }
    adopt(cache, [state(failing), state({ ...failing, id: 'b' })])
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'pending', failureCount: 2, error: 'busy' })
    expect(cache.getSnapshot('b')).toMatchObject({ item: running(), failureCount: 0, error: undefined })
  })

  it('E2: a terminal state ends the polling, and is told', async () => {
    const { cache, clock, calls, events } = world({ isTerminal })
    cache.start().getOrCreate('a', running(1))
    await clock.advance(100)
    adopt(cache, [state({ item: done(2), next: 300 })])
    expect(typesOf(events).slice(-2)).toEqual(['updated', 'terminal'])
    await clock.advance(5000)
    expect(times(calls)).toEqual([0])
  })
})

describe('the schedule after adopt', () => {
  it('E2: `next` stands for the interval', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running(1))
    await clock.advance(100)
    adopt(cache, [state({ next: 400 })])
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(1_000_500)
    await clock.advance(2000)
    expect(times(calls)).toEqual([0, 500, 1500])
  })

  it('E2: without `next` the item is not scheduled', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running(1))
    await clock.advance(100)
    adopt(cache, [state()])
    expect(cache.getSnapshot('a').nextRefreshAt).toBeUndefined()
    await clock.advance(5000)
    expect(times(calls)).toEqual([0])
  })

  it('E2: an item that it creates is polled at `next` if it has a subscriber', async () => {
    const { cache, clock, calls } = world({ gcTime: 60_000 })
    cache.start()
    adopt(cache, [state({ next: 400 })])
    await clock.advance(100)
    cache.subscribe('a', () => {})
    await clock.advance(299)
    expect(calls).toEqual([])
    await clock.advance(1)
    expect(times(calls)).toEqual([400])
  })

  it('E2: it shortens no delay after a failure', async () => {
    const { cache, clock, calls } = world({ answer: () => [failed('a', 'busy', 7000)] })
    cache.start().getOrCreate('a', running(1))
    await clock.advance(100)
    adopt(cache, [state({ next: 400 })])
    expect(cache.get('a')).toEqual(running(5))
    await clock.advance(6899)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 7000])
  })

  it('E2, F19: it does not free the items of a retry group', async () => {
    const { cache, clock, calls } = world({
      interval: 10_000,
      answer: (batch, call) => (call.at === 0 ? Promise.reject(new Error('down')) : unchanged(batch)),
    })
    createAll(cache.start(), ['a', 'b'])
    await clock.advance(100)
    adopt(cache, [state({ next: 400 })])
    expect(cache.getSnapshot('a')).toMatchObject({ error: undefined, failureCount: 0 })
    await clock.advance(899)
    expect(calls).toHaveLength(1)
    await clock.advance(1)
    expect(log(calls)).toEqual(['0 a b', '1000 a b'])
  })

  it('E2: it moves no removal', async () => {
    for (const next of [100, 5000, undefined]) {
      const { cache, clock } = world()
      cache.start().getOrCreate('a', running(1))
      await clock.advance(100)
      cache.deleteDelayed('a')
      adopt(cache, [state({ next })])
      await clock.advance(899)
      expect(cache.has('a')).toBe(true)
      await clock.advance(1)
      expect(cache.has('a')).toBe(false)
    }
  })
})

describe('the state that the seam reads', () => {
  it('E1, T6: an age goes on over a sleep, and what is left until the next refresh shrinks', async () => {
    const { cache, clock } = world({ interval: 7_200_000, answer: stepped })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    clock.sleep(3_600_000)
    expect(stateOf(cache, 'a')).toMatchObject({ age: 3_601_000, next: 3_599_000 })
  })

  it('E3: settled waits for a call that was aborted and still runs', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.delete('a')
    void cache.stop()
    const outcome = settlementOf(settled(cache, 'a'))
    await clock.advance(100)
    expect(outcome.now).toBe('pending')
    calls[0]?.answer([])
    await clock.advance(0)
    expect(outcome.now).toBeUndefined()
  })

  it('E3: observerCount includes until and watch', () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    const abort = new AbortController()
    until(cache, 'a', () => false, { signal: abort.signal }).catch(() => {})
    expect(observerCount(cache, 'a')).toBe(1)
    abort.abort()
    expect(observerCount(cache, 'a')).toBe(0)
  })
})
