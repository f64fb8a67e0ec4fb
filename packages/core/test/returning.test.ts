import { describe, expect, it } from 'vitest'
import {
  busy,
  faultyWorld,
  linesOf,
  outagesOf,
  rowsOf,
  sizesAt,
  startWithPulse,
  type FaultyWorld,
} from './faulty-source.ts'
import { after, createAll, failed, manyIds, outcomeOf, times } from './scheduling.ts'
import { running, unchanged, world, type Job, type World } from './world.ts'

/** The ways in which a cache pauses and returns. */
const pauses: readonly (readonly [string, (w: World<Job>, isPaused: boolean) => void])[] = [
  ['hidden', (w, isPaused) => w.environment.setVisible(!isPaused)],
  ['offline', (w, isPaused) => w.environment.setOnline(!isPaused)],
  ['paused by the user', (w, isPaused) => (isPaused ? w.cache.pause() : w.cache.resume())],
]

describe.each(pauses)('back from being %s', (_, set) => {
  /** An announced outage at 15,000; the next probe is due at 21,000. */
  async function outage(): Promise<FaultyWorld> {
    const w = faultyWorld({ interval: 5000 })
    w.cache.start()
    createAll(w.cache, manyIds(8))
    await w.clock.advance(100)
    w.source.isDown = true
    await w.clock.advance(14_900)
    return w
  }

  it('T3: retries wait for the return', async () => {
    const w = faultyWorld()
    w.source.poison.add('a')
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(500)
    set(w, true)
    await w.clock.advance(20_000)
    expect(linesOf(w)).toEqual(['0 a b'])
    set(w, false)
    await w.clock.advance(0)
    expect(linesOf(w)).toEqual(['0 a b', '20500 a b'])
  })

  it('T8: a return ends an outage, and retry groups are due', async () => {
    const w = await outage()
    set(w, true)
    await w.clock.advance(2000)
    w.source.isDown = false
    set(w, false)
    await w.clock.advance(0)
    expect(w.cache.getStatus().isOutage).toBe(false)
    expect(outagesOf(w)).toEqual(['outage-started', 'outage-ended'])
    expect(sizesAt(w, 17_000)).toEqual([4, 4])
    expect(manyIds(8).map((id) => w.cache.getSnapshot(id).error)).toEqual(manyIds(8).map(() => undefined))
  })

  it('T8, F12: it tells of the end of an announced outage at once, before a call has succeeded', async () => {
    const w = await outage()
    set(w, true)
    const calls = w.calls.length
    set(w, false)
    expect(w.calls).toHaveLength(calls)
    expect(w.cache.getStatus().isOutage).toBe(false)
    expect(outagesOf(w)).toEqual(['outage-started', 'outage-ended'])
  })

  it('T8: isolated items are due', async () => {
    const w = faultyWorld()
    w.source.poison.add('bad')
    w.cache.start()
    createAll(w.cache, ['bad'])
    await w.clock.advance(40_000)
    const before = rowsOf(w).length
    set(w, true)
    await w.clock.advance(2000)
    set(w, false)
    await w.clock.advance(0)
    expect(linesOf(w).slice(before)).toEqual(['42000 bad'])
  })

  it('T8: an isolated item whose call is from before the return is due a second after that has failed', async () => {
    const w = faultyWorld()
    w.source.latency = 300
    w.source.poison.add('bad')
    w.cache.start()
    createAll(w.cache, ['bad'])
    await w.clock.advance(32_600)
    const before = rowsOf(w).length
    set(w, true)
    w.source.poison.clear()
    await w.clock.advance(100)
    set(w, false)
    // It fails at 32,800, for the sixth time: without the return it would wait for 32 s.
    await w.clock.advance(60_000)
    expect(linesOf(w).slice(before)).toEqual(['33800 bad'])
  })

  it('T8: no retry call starts within 1 s of the last failed call', async () => {
    const w = faultyWorld({ interval: 300 })
    w.source.poison.add('a')
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(100)
    set(w, true)
    await w.clock.advance(400)
    set(w, false)
    await w.clock.advance(499)
    expect(linesOf(w)).toEqual(['0 a b'])
    await w.clock.advance(1)
    expect(linesOf(w)).toEqual(['0 a b', '1000 a b'])
  })

  it('T8: a retryAfter that was thrown is kept', async () => {
    const w = faultyWorld()
    w.source.error = busy(30_000)
    w.source.poison.add('bad')
    w.cache.start()
    createAll(w.cache, ['bad'])
    await w.clock.advance(1000)
    set(w, true)
    await w.clock.advance(2000)
    set(w, false)
    await w.clock.advance(26_999)
    expect(linesOf(w)).toEqual(['0 bad'])
    await w.clock.advance(1)
    expect(linesOf(w)).toEqual(['0 bad', '30000 bad'])
  })

  it('T8: a hold-off stays', async () => {
    const w = faultyWorld()
    w.source.error = busy(30_000)
    w.source.isDown = true
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(1000)
    set(w, true)
    await w.clock.advance(2000)
    set(w, false)
    createAll(w.cache, ['new'])
    await w.clock.advance(26_999)
    expect(linesOf(w)).toEqual(['0 a b'])
    await w.clock.advance(1)
    expect(rowsOf(w).length).toBeGreaterThan(1)
  })

  it('T8, F8: nor does a trial of a hold-off', async () => {
    const w = faultyWorld({ interval: 5000 })
    w.cache.start()
    createAll(w.cache, manyIds(4))
    await w.clock.advance(100)
    w.source.isDown = true
    w.source.error = busy(300_000)
    await w.clock.advance(4900)
    set(w, true)
    await w.clock.advance(59_500)
    outcomeOf(w.cache.refresh('i0'))
    await w.clock.advance(600)
    set(w, false)
    await w.clock.advance(399)
    expect(linesOf(w).slice(1)).toEqual(['5000 i0 i1 i2 i3', '64500 i0'])
    await w.clock.advance(1)
    expect(sizesAt(w, 65_500)).toEqual([1])
  })

  it('T8: item failures keep their delay', async () => {
    const w = world({ answer: () => [failed('a', new Error('quota'), 60_000)] })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(100)
    set(w, true)
    await w.clock.advance(5000)
    set(w, false)
    await w.clock.advance(54_899)
    expect(times(w.calls)).toEqual([0])
    await w.clock.advance(1)
    expect(times(w.calls)).toEqual([0, 60_000])
  })

  it('T8: it ends half-open beside healthy items, too', async () => {
    const w = faultyWorld({ batchSize: 1, concurrency: 2 })
    manyIds(20).forEach((id) => w.source.poison.add(id))
    await startWithPulse(w)
    createAll(w.cache, manyIds(20))
    await w.clock.advance(1500)
    w.source.poison.clear()
    set(w, true)
    await w.clock.advance(1000)
    set(w, false)
    await w.clock.advance(0)
    expect(new Set(rowsOf(w).flatMap(({ at, ids }) => (at === 2600 ? ids : []))).size).toBe(20)
  })

  it('T8: 20 returns in 10 s with the source down cost at most concurrency − 1 calls per second', async () => {
    const w = faultyWorld({ interval: 5000 })
    w.source.latency = 20
    w.cache.start()
    createAll(w.cache, manyIds(400))
    await w.clock.advance(60_000)
    w.source.isDown = true
    await w.clock.advance(60_000)
    const before = w.calls.length
    for (let turn = 0; turn < 20; turn++) {
      set(w, true)
      await w.clock.advance(250)
      set(w, false)
      await w.clock.advance(250)
    }
    expect(w.calls.length - before).toBeLessThanOrEqual(30)
    expect(w.calls.length).toBeGreaterThan(before)
  })
})

describe('a network that drops', () => {
  it.each([
    [100, 30_000],
    [400, 30_000],
    [400, 120_000],
  ])('T8: %d items, interval %d: no error left 1 s after', async (count, interval) => {
    let drop: (() => void)[] = []
    const w: World<Job> = world({
      interval,
      jitter: 0,
      answer: (batch) =>
        w.environment.isOnline()
          ? Promise.race([
              after(w.clock, 400, unchanged(batch)),
              new Promise<never>((_, reject) => drop.push(() => reject(new TypeError('network changed')))),
            ])
          : Promise.reject(new TypeError('Failed to fetch')),
    })
    w.cache.start()
    createAll(w.cache, manyIds(count))
    while (w.cache.stats().refreshedItems < count) await w.clock.advance(100)
    drop = []
    await w.clock.advance(interval - 100)
    while (w.cache.stats().runningCalls === 0) await w.clock.advance(50)
    drop.forEach((reject) => reject())
    await w.clock.advance(0)
    w.environment.setOnline(false)
    await w.clock.advance(5000)
    w.environment.setOnline(true)
    const ids = manyIds(count)
    let waited = 0
    while (ids.some((id) => w.cache.getSnapshot(id).error !== undefined) && waited < 10_000) {
      await w.clock.advance(100)
      waited += 100
    }
    expect(waited).toBeGreaterThan(0)
    expect(waited).toBeLessThanOrEqual(1000)
  })
})

describe('an environment that tells of something that did not change', () => {
  it('T8: it was away without being noticed: failed items are due, 1 s after the last failed call', async () => {
    const listeners = new Set<() => void>()
    const environment = {
      isVisible: () => true,
      isOnline: () => true,
      subscribe(listener: () => void) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    }
    let isDown = true
    const { cache, clock, calls } = world({
      environment,
      answer: (batch) => (isDown ? Promise.reject(new TypeError('Failed to fetch')) : unchanged(batch)),
    })
    cache.start().getOrCreate('a', running())
    while (calls.length < 5) await clock.advance(100)
    isDown = false
    const last = calls.at(-1)?.at ?? 0
    for (const tell of listeners) tell()
    await clock.advance(2000)
    expect(calls[5]?.at).toBe(last + 1000)
    expect(cache.getSnapshot('a').error).toBeUndefined()
  })
})
