import { rateLimit, customBatches } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { after, createAll, failed, manyIds, outcomeOf, sizes, times, timesOf, untyped } from './scheduling.ts'
import { running, unchanged, world, type Job, type World } from './world.ts'

/** Defects of the Go original, measured or read there, by their numbers. */

describe('defects of the original in scheduling are not ported', () => {
  it('D1, S3: a sync that takes ten times its period is in one call at a time, not in ten', async () => {
    let open = 0
    let most = 0
    const w: World<Job> = world({
      interval: 10,
      concurrency: 10,
      answer: async (batch) => {
        most = Math.max(most, (open += 1))
        await after(w.clock, 100, undefined)
        open -= 1
        return unchanged(batch)
      },
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(2000)
    expect(most).toBe(1)
    expect(times(w.calls).slice(0, 4)).toEqual([0, 110, 220, 330])
  })

  it('D1, S3: an id is in one call at a time, if it is refreshed on request or created again, too', async () => {
    const open = new Map<string, number>()
    let most = 0
    const w: World<Job> = world({
      interval: 10,
      concurrency: 10,
      batchSize: 2,
      answer: async (batch) => {
        for (const { id } of batch) {
          open.set(id, (open.get(id) ?? 0) + 1)
          most = Math.max(most, open.get(id) ?? 0)
        }
        await after(w.clock, 35, undefined)
        for (const { id } of batch) open.set(id, (open.get(id) ?? 0) - 1)
        return unchanged(batch)
      },
    })
    w.cache.start()
    for (let step = 0; step < 200; step++) {
      const id = `i${step % 5}`
      if (step % 7 === 0) w.cache.delete(id)
      w.cache.getOrCreate(id, running())
      outcomeOf(w.cache.refresh(id))
      await w.clock.advance(step % 4)
    }
    expect(w.calls.length).toBeGreaterThan(20)
    expect(most).toBe(1)
  })

  it('D1, S3: a call that failed or threw gives its ids back', async () => {
    let nth = 0
    const w = world({
      answer: () => {
        nth += 1
        if (nth === 1) throw new Error('sync')
        if (nth === 2) return Promise.reject(new Error('async'))
        return []
      },
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(3000)
    expect(times(w.calls)).toEqual([0, 1000, 3000])
    expect(w.cache.inProcessing('a')).toBe(false)
  })

  it('D4, F2: an item that always fails really backs off', async () => {
    const w = world({ interval: 20, answer: () => [failed('a')], retry: { maxDelay: 1000 } })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(10_000)
    expect(times(w.calls).slice(0, 7)).toEqual([0, 20, 60, 140, 300, 620, 1260])
    expect(w.calls.length).toBeLessThan(20)
  })

  it('D4, F2: the others in its batches do not back off', async () => {
    const w = world({
      interval: 20,
      answer: (batch) => batch.map(({ id }) => (id === 'bad' ? failed(id) : { id, action: 'unchanged' })),
    })
    w.cache.start()
    createAll(w.cache, ['bad', 'good'])
    await w.clock.advance(2000)
    expect(timesOf(w.calls, 'good')).toHaveLength(101)
    expect(timesOf(w.calls, 'bad').length).toBeLessThan(10)
  })

  it('D5, S4: a cache that is overloaded for a while is not behind for ever', async () => {
    const w = world({
      batchSize: 1,
      interval: 10,
      concurrency: 10,
      policies: [rateLimit({ calls: 10, per: 1000 })],
    })
    w.cache.start()
    createAll(w.cache, manyIds(200))
    await w.clock.advance(3000)
    for (const id of manyIds(200)) w.cache.delete(id)
    w.cache.getOrCreate('new', running())
    await w.clock.advance(200)
    expect(timesOf(w.calls, 'new').length).toBeGreaterThan(0)
  })

  it('D5, S4: with the backlog still there, a new item waits for those before it, once each', async () => {
    const w = world({
      batchSize: 1,
      interval: 10,
      concurrency: 10,
      policies: [rateLimit({ calls: 10, per: 1000 })],
    })
    w.cache.start()
    createAll(w.cache, manyIds(200))
    await w.clock.advance(3000)
    w.cache.getOrCreate('new', running())
    await w.clock.advance(21_000)
    expect(timesOf(w.calls, 'new')[0]).toBeLessThanOrEqual(24_000)
  })

  it('D5, S4: an item that waits long for a token is not queued again', async () => {
    const w = world({ interval: 20, policies: [rateLimit({ calls: 1, per: 400 })] })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(4000)
    expect(times(w.calls)).toEqual([0, 400, 800, 1200, 1600, 2000, 2400, 2800, 3200, 3600, 4000])
  })

  it('D6, F1: sync functions that throw use up no workers', async () => {
    const w = world({
      concurrency: 2,
      batchSize: 1,
      retry: { maxDelay: 1000 },
      answer: (batch, call) => {
        if (call.at < 10_000) throw new Error('panic')
        return unchanged(batch)
      },
    })
    w.cache.start()
    createAll(w.cache, manyIds(20))
    await w.clock.advance(20_000)
    expect(w.cache.stats()).toMatchObject({ runningCalls: 0, waitingItems: 0 })
    for (const id of manyIds(20)) {
      expect(w.cache.getSnapshot(id)).toMatchObject({ failureCount: 0, error: undefined })
      expect(timesOf(w.calls, id).length).toBeGreaterThan(8)
    }
  })

  it('D6, F1: sync functions that reject use up no workers', async () => {
    const w = world({
      concurrency: 1,
      retry: { maxDelay: 1000 },
      answer: async () => {
        await Promise.resolve()
        throw new Error('panic')
      },
    })
    w.cache.start()
    createAll(w.cache, manyIds(5))
    await w.clock.advance(100_000)
    expect(w.calls.length).toBeGreaterThan(20)
    expect(w.cache.stats().runningCalls).toBe(0)
  })

  it('D7, S1: 500 items created at once, in batches of any size, cost one call', async () => {
    const w = world({ policies: [customBatches((due) => [due])] })
    w.cache.start()
    createAll(w.cache, manyIds(500))
    await w.clock.advance(0)
    expect(sizes(w.calls)).toEqual([500])
  })

  it('D7, S1: with the default batches they cost five', async () => {
    const w = world()
    w.cache.start()
    createAll(w.cache, manyIds(500))
    await w.clock.advance(0)
    expect(sizes(w.calls)).toEqual([100, 100, 100, 100, 100])
  })

  it('D8, S6: sync sees the item as it is, not as it was when it was queued', async () => {
    const w = world({ concurrency: 1, answer: (_, call) => (call.ids.includes('first') ? 'wait' : []) })
    w.cache.start().getOrCreate('first', running())
    await w.clock.advance(0)
    w.cache.getOrCreate('a', running(1))
    await w.clock.advance(100)
    w.cache.update('a', running(2))
    w.calls[0]?.answer([{ id: 'first', action: 'delete' }])
    await w.clock.advance(0)
    expect(w.lastCall().batch).toMatchObject([{ id: 'a', item: running(2) }])
  })

  it('D8, S6: sync sees the present validator, not the one at the time of queueing', async () => {
    const w = world({
      concurrency: 1,
      answer: (batch, call) =>
        call.ids.includes('first')
          ? 'wait'
          : batch.map(({ id }) => ({ id, action: 'unchanged', validator: 'v1' })),
    })
    w.cache.start().getOrCreate('a', running(1))
    await w.clock.advance(0)
    w.cache.getOrCreate('first', running())
    await w.clock.advance(1500)
    w.cache.update('a', running(2))
    w.calls.find((call) => call.ids.includes('first'))?.answer([{ id: 'first', action: 'delete' }])
    await w.clock.advance(0)
    expect(timesOf(w.calls, 'a')).toEqual([0, 1500])
    expect(w.lastCall().batch[0]).toMatchObject({ item: running(2) })
    expect(w.lastCall().batch[0]?.validator).toBeUndefined()
  })

  it('D9, S3: an item is in processing from its due time until its call settles', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    expect(w.cache.inProcessing('a')).toBe(true)
    await w.clock.advance(0)
    expect(w.cache.inProcessing('a')).toBe(false)
    outcomeOf(w.cache.refresh('a'))
    expect(w.cache.inProcessing('a')).toBe(true)
    await w.clock.advance(0)
    expect(w.cache.inProcessing('a')).toBe(false)
  })

  it('D9, S3: no mark stays, whatever becomes of the call', async () => {
    const answers = new Map<
      string,
      () => ReturnType<NonNullable<NonNullable<Parameters<typeof world<Job>>[0]>['answer']>>
    >([
      [
        'throws',
        () => {
          throw new Error('throws')
        },
      ],
      ['rejects', () => Promise.reject(new Error('rejects'))],
      ['nothing', () => untyped(undefined)],
      ['hangs', () => 'wait'],
      ['fails', () => [failed('fails')]],
      ['fine', () => []],
    ])
    const w = world({
      timeout: 100,
      policies: [customBatches((due) => due.map((entry) => [entry]))],
      concurrency: 10,
      interval: 10_000,
      answer: (_, call) => answers.get(call.ids[0] ?? '')?.() ?? [],
    })
    w.cache.start()
    createAll(w.cache, answers.keys())
    await w.clock.advance(0)
    expect([...answers.keys()].filter((id) => w.cache.inProcessing(id))).toEqual(['hangs'])
    await w.clock.advance(100)
    expect([...answers.keys()].filter((id) => w.cache.inProcessing(id))).toEqual([])
  })
})
