import { customBatches } from '@auto-refresh/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAll, log, outcomeOf, sizes, timesOf, untyped } from './scheduling.ts'
import { captureReports, running, unchanged, world, type Job, type World } from './world.ts'

describe('its errors', () => {
  let captured: ReturnType<typeof captureReports>
  beforeEach(() => {
    captured = captureReports()
  })
  afterEach(() => captured.restore())

  const error = new Error('createBatches')

  it('S7: a throw falls back to the default batches', async () => {
    const { cache, clock, calls } = world({
      batchSize: 2,
      policies: [
        customBatches(() => {
          throw error
        }),
      ],
    })
    cache.start()
    createAll(cache, ['a', 'b', 'c'])
    await clock.advance(0)
    expect(sizes(calls)).toEqual([2, 1])
    await clock.advance(1000)
    expect(sizes(calls)).toEqual([2, 1, 2, 1])
  })

  it.each<[string, unknown]>([
    ['a promise', Promise.resolve([])],
    ['an object', { region: [] }],
    ['ids in place of entries', [['a', 'b', 'c']]],
    ['entries in place of batches', [{ id: 'a' }]],
  ])('S7, F7: %s is no division: the default batches are used, and that is reported', async (_, answer) => {
    const { cache, clock, calls, events } = world({
      batchSize: 2,
      policies: [customBatches(untyped(() => answer))],
    })
    cache.start()
    createAll(cache, ['a', 'b', 'c'])
    await clock.advance(0)
    expect(sizes(calls)).toEqual([2, 1])
    expect(events.filter(({ type }) => type === 'callback-error')).not.toEqual([])
  })

  it('S7, F7: a throw is reported', async () => {
    const { cache, clock, events } = world({
      policies: [
        customBatches(() => {
          throw error
        }),
      ],
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(events).toContainEqual({ type: 'callback-error', error })
    expect(captured.reports).toContain(error)
  })

  it('S7, L3: a listener of the report may stop the cache: nothing is sent, and everything at the next start', async () => {
    const { cache, clock, calls } = world({
      policies: [
        customBatches(() => {
          throw error
        }),
      ],
    })
    const leave = cache.onEvent(({ type }) => {
      if (type === 'callback-error') void cache.stop()
    })
    cache.start()
    createAll(cache, ['a', 'b'])
    const refresh = outcomeOf(cache.refresh('b'))
    await clock.advance(5000)
    expect([calls.length, cache.isRunning, clock.timers]).toEqual([0, false, 0])
    expect(refresh).toMatchObject({ state: 'rejected', error: { code: 'STOPPED' } })
    leave()
    cache.start()
    await clock.advance(0)
    expect(log(calls)).toEqual(['5000 a b'])
  })

  it('S7, O3: a method that writes throws in it, so that the default batches are sent', async () => {
    const w: World<Job> = world({
      policies: [
        customBatches((due) => {
          w.cache.delete('a')
          return [due.slice(1)]
        }),
      ],
    })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(0)
    expect(log(w.calls)).toEqual(['0 a b'])
    expect(captured.reports).toMatchObject([{ code: 'REENTRANT' }])
  })

  it('S7: a generator that throws halfway falls back, and nothing is sent twice', async () => {
    const { cache, clock, calls } = world({
      policies: [
        customBatches(function* (due) {
          yield due.slice(0, 1)
          throw error
        }),
      ],
    })
    cache.start()
    createAll(cache, ['a', 'b', 'c'])
    await clock.advance(0)
    expect(calls.flatMap((call) => call.ids).sort()).toEqual(['a', 'b', 'c'])
    expect(captured.reports).toContain(error)
  })

  it.each([
    ['undefined', undefined],
    ['a number', 5],
    ['batches that are null', [null]],
    ['entries that are null', [[null]]],
    ['a promise', Promise.resolve([])],
  ])('S7: %s as the answer loses nobody', async (_, answer) => {
    const { cache, clock, calls } = world({ policies: [customBatches(() => untyped(answer))] })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(0)
    // If this throws or leaves both out, the cache survives and sends nothing twice.
    expect(timesOf(calls, 'a').length).toBeLessThanOrEqual(1)
    cache.update('a', running(1))
    expect(cache.get('a')).toEqual(running(1))
    await clock.advance(1000)
    expect(cache.getSnapshot('a').nextRefreshAt).toBeGreaterThan(1_001_000)
  })

  it('S7: no batches at all (undefined) fall back to the default ones', async () => {
    const { cache, clock, calls } = world({ policies: [customBatches(() => untyped(undefined))] })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a b'])
    expect(captured.reports).toHaveLength(1)
  })
})

describe('failed items', () => {
  it('S7, F5: it is not offered items whose last call failed', async () => {
    const offered: string[] = []
    const { cache, clock, calls } = world({
      interval: (_, id) => (id === 'pulse' ? 100 : 1000),
      policies: [
        customBatches((due) => {
          const ids = due.map(({ id }) => id).filter((id) => id !== 'pulse')
          if (ids.length > 0) offered.push([clock.now(), ...ids.sort()].join(' '))
          return [due.filter(({ id }) => id === 'pulse'), due.filter(({ id }) => id !== 'pulse')]
        }),
      ],
      answer: (batch) => {
        if (batch.some(({ id }) => id === 'b0')) throw new Error('poison')
        return unchanged(batch)
      },
    })
    cache.start()
    createAll(cache, ['pulse', 'b0', 'b1', 'b2', 'b3'])
    await clock.advance(4000)
    expect(log(calls.filter(({ ids }) => !ids.includes('pulse'))).sort()).toEqual([
      '0 b0 b1 b2 b3',
      '1000 b0 b1 b2 b3',
      '2000 b0 b1',
      '2000 b2 b3',
      '3000 b0',
      '3000 b1',
      '3000 b2 b3',
      '4000 b0',
      '4000 b1 b2 b3',
    ])
    expect(offered).toEqual(['0 b0 b1 b2 b3', '3000 b2 b3', '4000 b1 b2 b3'])
  })
})

describe('items that it leaves out', () => {
  it('S7, S2: before its interval function has run, it is due again after maxDelay', async () => {
    const offered: string[] = []
    const { cache, clock } = world({
      interval: () => 1000,
      retry: { maxDelay: 7000 },
      policies: [
        customBatches((due) => {
          offered.push(`${clock.now()} ${due.map(({ id }) => id).join(' ')}`)
          return []
        }),
      ],
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(6999)
    expect(offered).toEqual(['0 a'])
    await clock.advance(1)
    expect(offered).toEqual(['0 a', '7000 a'])
  })

  it('S7: with an endless interval it is offered again after a minute', async () => {
    const offered: string[] = []
    const { cache, clock, calls } = world({
      interval: Infinity,
      policies: [
        customBatches((due) => {
          offered.push(`${clock.now()} ${due.map(({ id }) => id).join(' ')}`)
          return offered.length < 2 ? [] : [due]
        }),
      ],
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(59_999)
    expect(offered).toEqual(['0 a'])
    await clock.advance(1)
    expect(offered).toEqual(['0 a', '60000 a'])
    await clock.advance(10_000_000)
    expect(log(calls)).toEqual(['60000 a'])
  })

  it('S7, S8: a requested item that createBatches leaves out is offered again, whatever its interval', async () => {
    let asked = 0
    const w = world({ interval: Infinity, policies: [customBatches((due) => (++asked <= 2 ? [] : [due]))] })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    const refreshed = w.cache.refresh('a')
    await w.clock.advance(120_000)
    await expect(refreshed).resolves.toBeUndefined()
  })
})
