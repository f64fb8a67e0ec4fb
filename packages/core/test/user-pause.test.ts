import { expiry } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, log, outcomeOf, times } from './scheduling.ts'
import { running, stepped, unchanged, world, type Job } from './world.ts'

const down = new Error('down')

describe("the user's pause", () => {
  it('G5: no call by the clock starts, and on resume everything overdue is refreshed at once', async () => {
    const { cache, clock, calls } = world()
    createAll(cache.start(), ['a', 'b'])
    await clock.advance(500)
    cache.pause()
    createAll(cache, ['new'])
    await clock.advance(10_000)
    expect(times(calls)).toEqual([0])
    expect(cache.isRunning).toBe(true)
    cache.resume()
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a b', '10500 a b new'])
  })

  it('G5: an item that is not overdue on resume keeps its due time', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    cache.pause()
    await clock.advance(100)
    cache.resume()
    await clock.advance(1000)
    expect(times(calls)).toEqual([0, 1000])
  })

  it('G5: running calls finish', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.pause()
    expect(lastCall().signal.aborted).toBe(false)
    lastCall().answer([{ id: 'a', item: running(4) }])
    await clock.advance(0)
    expect(cache.get('a')).toEqual(running(4))
  })

  it('G5: refresh and refreshAll work', async () => {
    const { cache, clock, calls } = world()
    createAll(cache.start(), ['a', 'b'])
    await clock.advance(500)
    cache.pause()
    const one = outcomeOf(cache.refresh('a'))
    await clock.advance(100)
    const all = outcomeOf(cache.refreshAll())
    await clock.advance(5000)
    expect([one.state, all.state]).toEqual(['resolved', 'resolved'])
    expect(log(calls)).toEqual(['0 a b', '500 a', '600 a b'])
  })

  it('G5: the first refresh of a pending item is made, and no other', async () => {
    const { cache, clock, calls } = world({
      answer: (batch) =>
        batch.map(({ id }) => (id === 'fails' ? { id, action: 'unchanged' } : { id, item: running(1) })),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    cache.pause()
    cache.subscribe('shown', () => {}, { create: true })
    cache.getOrCreate('fails')
    await clock.advance(10_000)
    expect(log(calls)).toEqual(['0 a', '500 fails shown'])
    expect(cache.get('shown')).toEqual(running(1))
    expect(cache.getSnapshot('fails').status).toBe('pending')
  })

  it('G5: a pending item that was created before the pause is fetched, too', async () => {
    const { cache, clock, calls } = world({ answer: stepped, batchWindow: 50 })
    cache.start().getOrCreate('a')
    cache.pause()
    await clock.advance(50)
    expect(times(calls)).toEqual([50])
  })

  it('G5, T3: a pending item waits for a page that is hidden, paused or not', async () => {
    const { cache, clock, calls, environment } = world({ answer: stepped })
    cache.start().pause()
    environment.setVisible(false)
    cache.getOrCreate('a')
    await clock.advance(5000)
    expect(calls).toEqual([])
    environment.setVisible(true)
    await clock.advance(0)
    expect(times(calls)).toEqual([5000])
    await clock.advance(5000)
    expect(calls).toHaveLength(1)
  })

  it('G5, T3: a pending item whose time comes waits likewise', async () => {
    for (const isPaused of [true, false]) {
      const { cache, clock, calls, environment } = world({ answer: stepped, batchWindow: 50 })
      cache.start().getOrCreate('a')
      await clock.advance(10)
      if (isPaused) cache.pause()
      environment.setVisible(false)
      await clock.advance(5000)
      expect(calls).toEqual([])
    }
  })

  it('G5, F6: a new pending item is fetched at once, whatever fails', async () => {
    const { cache, clock, calls } = world({
      interval: 20_000,
      batchSize: 1,
      answer: () => Promise.reject(down),
    })
    cache.start()
    await clock.advance(2000)
    cache.pause()
    cache.getOrCreate('a')
    cache.getOrCreate('b')
    await clock.advance(100)
    cache.getOrCreate('new')
    await clock.advance(5000)
    expect(log(calls)).toEqual(['2000 a', '2000 b', '2100 new'])
  })

  it('G5, W13: a pending item that was fetched in vain, because it is held, waits for the resume', async () => {
    const { cache, clock, calls } = world({ answer: stepped })
    cache.start().getOrCreate('a')
    cache.hold('a')
    await clock.advance(10)
    cache.pause()
    await clock.advance(5000)
    expect(times(calls)).toEqual([0])
  })

  it('G5, G7: rounds of an offline time that is over do not go on', async () => {
    const { cache, clock, calls, environment } = world({ refreshWhenOffline: 5000 })
    cache.start()
    environment.setOnline(false)
    void cache.stop()
    cache.pause()
    environment.setOnline(true)
    cache.getOrCreate('a', running())
    await clock.advance(6000)
    cache.start()
    await clock.advance(10_000)
    expect(calls).toEqual([])
  })

  it('G5: twice is once, with one event each', async () => {
    const { cache, clock, calls, events } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    const { length } = events
    cache.pause()
    cache.pause()
    cache.resume()
    cache.resume()
    expect(events.slice(length)).toEqual([
      { type: 'paused', reason: 'user' },
      { type: 'resumed', reason: 'user' },
    ])
    await clock.advance(500)
    expect(times(calls)).toEqual([0, 1000])
  })

  it('G5: it is kept over stop and start, and over retain', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    cache.pause()
    await cache.stop()
    cache.start()
    const release = cache.retain()
    await clock.advance(5000)
    expect(times(calls)).toEqual([0])
    expect(cache.getStatus().state).toBe('paused')
    release()
    cache.resume()
    await clock.advance(0)
    expect(times(calls)).toEqual([0, 5500])
  })

  it('G5: a cache that is paused before its first start starts paused', async () => {
    const { cache, clock, calls } = world()
    cache.pause()
    cache.start().getOrCreate('a', running())
    await clock.advance(5000)
    expect(calls).toEqual([])
    cache.resume()
    await clock.advance(0)
    expect(times(calls)).toEqual([5000])
  })

  it('G5, W12, W17: lifetimes and removals go on', async () => {
    const { cache, clock } = world<Job>({ gcTime: 700, policies: [expiry({ maxAge: 1500 })] })
    createAll(cache.start(), ['expires', 'marked'])
    const leave = cache.subscribe('left', () => {}, { create: true })
    await clock.advance(100)
    cache.pause()
    leave()
    cache.deleteDelayed('marked')
    await clock.advance(700)
    expect([cache.has('left'), cache.has('marked')]).toEqual([false, true])
    await clock.advance(200)
    expect(cache.has('marked')).toBe(false)
    await clock.advance(500)
    expect(cache.getSnapshot('expires').status).toBe('expired')
  })

  it('G5, T3: the last of several pauses ends them', async () => {
    const { cache, clock, calls, environment } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    cache.pause()
    environment.setVisible(false)
    await clock.advance(5000)
    cache.resume()
    await clock.advance(500)
    expect(times(calls)).toEqual([0])
    environment.setVisible(true)
    await clock.advance(0)
    expect(times(calls)).toEqual([0, 6000])
  })

  it('G5: it is not lifted by refreshWhenHidden and refreshWhenOffline', async () => {
    const { cache, clock, calls } = world({ refreshWhenHidden: true, refreshWhenOffline: true })
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    cache.pause()
    await clock.advance(5000)
    expect(times(calls)).toEqual([0])
  })
})

describe('a pause while the source fails', () => {
  it('G5, F5: a requested item that fails is not retried before the resume', async () => {
    const { cache, clock, calls } = world({
      interval: 3000,
      answer: (batch, call) => (call.at < 1000 ? unchanged(batch) : Promise.reject(down)),
    })
    createAll(cache.start(), ['a', 'b'])
    await clock.advance(1000)
    cache.pause()
    const outcomes = ['a', 'b'].map((id) => outcomeOf(cache.refresh(id)))
    await clock.advance(20_000)
    expect(outcomes.map(({ state }) => state)).toEqual(['rejected', 'rejected'])
    expect(log(calls)).toEqual(['0 a b', '1000 a b'])
    cache.resume()
    await clock.advance(0)
    expect(log(calls).at(-1)).toBe('21000 a b')
  })
})

describe('a resume while the source fails', () => {
  /** Failed calls at 0, 1000, 2000, 4000 and 8000; the next probe is at 16000. */
  async function outage() {
    let isDown = true
    const w = world({
      interval: 5000,
      answer: (batch) => (isDown ? Promise.reject(down) : unchanged(batch)),
    })
    createAll(w.cache.start(), ['a', 'b'])
    await w.clock.advance(8000)
    expect(times(w.calls)).toEqual([0, 1000, 2000, 4000, 8000])
    isDown = false
    return w
  }

  it('G5, T8: it ends an outage, and failed items are due at once', async () => {
    const w = await outage()
    w.cache.pause()
    await w.clock.advance(1500)
    expect(w.cache.getStatus().isOutage).toBe(true)
    w.cache.resume()
    await w.clock.advance(0)
    expect(w.cache.getStatus().isOutage).toBe(false)
    for (const id of ['a', 'b']) expect(w.cache.getSnapshot(id).failureCount).toBe(0)
    expect(w.calls.at(-1)?.at).toBe(9500)
  })

  it('G5, T8: but within 1 s of the last failed call no retry call starts', async () => {
    const w = await outage()
    await w.clock.advance(200)
    w.cache.pause()
    w.cache.resume()
    await w.clock.advance(799)
    expect(w.calls).toHaveLength(5)
    await w.clock.advance(1)
    for (const id of ['a', 'b']) expect(w.cache.getSnapshot(id).failureCount).toBe(0)
  })
})
