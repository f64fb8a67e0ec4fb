import { describe, expect, it } from 'vitest'
import { faultyWorld, outagesOf, type FaultyWorld } from './faulty-source.ts'
import { createAll } from './scheduling.ts'
import { done, isTerminal, running } from './world.ts'

/** `a` and `b` fail, and the outage is announced. */
async function announced(): Promise<FaultyWorld> {
  const w = faultyWorld()
  w.source.isDown = true
  createAll(w.cache.start(), ['a', 'b'])
  await w.clock.advance(10_000)
  expect(w.cache.getStatus().isOutage).toBe(true)
  return w
}

/** The same of `a` alone, which belongs to its one subscriber. Returns what ends the subscription, too. */
async function announcedOfOne(): Promise<{ readonly w: FaultyWorld; readonly end: () => void }> {
  const w = faultyWorld()
  w.source.isDown = true
  const end = w.cache.start().subscribe('a', () => undefined, { create: true })
  await w.clock.advance(120_000)
  expect(w.cache.getStatus().isOutage).toBe(true)
  return { w, end }
}

/** The same of `a` alone, whose probe runs and takes 500 ms. */
async function announcedAndProbed(): Promise<FaultyWorld> {
  const w = faultyWorld({ isTerminal })
  w.source.isDown = true
  w.source.latency = 500
  w.cache.start().getOrCreate('a', running())
  await w.clock.advance(20_000)
  while (!w.cache.getSnapshot('a').isRefreshing) await w.clock.advance(50)
  return w
}

describe('an announced outage whose items go', () => {
  it('F12: ends when the last one that has failed is deleted', async () => {
    const w = await announced()
    let told = 0
    w.cache.subscribeStatus(() => (told += 1))
    w.cache.delete('a')
    await w.clock.advance(0)
    expect(w.cache.getStatus().isOutage).toBe(true)
    w.cache.delete('b')
    await w.clock.advance(0)
    expect(w.cache.getStatus().isOutage).toBe(false)
    expect(told).toBe(1)
    expect(outagesOf(w)).toHaveLength(2)
  })

  it('F12: ends when the cache is cleared, in a pause, too', async () => {
    const w = await announced()
    w.cache.pause()
    w.cache.clear()
    await w.clock.advance(0)
    expect(w.cache.getStatus().isOutage).toBe(false)
  })

  it('F12: ends when the items were cleared while the cache was stopped', async () => {
    const w = await announced()
    void w.cache.stop()
    w.cache.clear()
    w.cache.start()
    await w.clock.advance(0)
    expect(w.cache.getStatus().isOutage).toBe(false)
  })

  it('F12, P7: ends when nobody observes what has failed any more', async () => {
    const { w, end } = await announcedOfOne()
    end()
    await w.clock.advance(0)
    expect(w.cache.getStatus().isOutage).toBe(false)
  })

  it('F12: ends when the cache is stopped and cleared, as at a log-out (G2)', async () => {
    const w = await announced()
    void w.cache.stop()
    w.cache.clear()
    await w.clock.advance(0)
    expect(w.cache.getStatus().isOutage).toBe(false)
    expect(outagesOf(w)).toEqual(['outage-started', 'outage-ended'])
  })

  it('F12, P7: goes on if one subscriber takes the place of another', async () => {
    const { w, end } = await announcedOfOne()
    end()
    w.cache.subscribe('a', () => undefined, { create: true })
    await w.clock.advance(0)
    expect(w.cache.getStatus().isOutage).toBe(true)
    expect(outagesOf(w)).toEqual(['outage-started'])
  })

  it.each([0, 1, 30_000])(
    'F12, P7: is told again if what has failed is observed again after %i ms',
    async (ms) => {
      const { w, end } = await announcedOfOne()
      const before = w.calls.length
      end()
      await w.clock.advance(ms)
      expect(w.cache.getStatus().isOutage).toBe(false)
      w.cache.subscribe('a', () => undefined, { create: true })
      await w.clock.advance(0)
      expect(w.cache.getStatus()).toMatchObject({ isOutage: true, retryAt: expect.any(Number) as number })
      if (ms < 30_000) expect(w.calls).toHaveLength(before)
    },
  )

  it.each(['is called', 'waits for a refresh that was asked for'])(
    'F12: goes on while the only one that has failed %s',
    async (how) => {
      const w = await announcedAndProbed()
      if (how !== 'is called') {
        await w.clock.advance(500)
        w.cache.refresh('a').catch(() => undefined)
        await w.clock.advance(0)
        expect(w.cache.inProcessing('a')).toBe(true)
      }
      // A change of something else.
      w.cache.getOrCreate('b', done())
      await w.clock.advance(0)
      expect(w.cache.getSnapshot('a').isRefreshing).toBe(how === 'is called')
      expect(w.cache.getStatus().isOutage).toBe(true)
      expect(outagesOf(w)).toEqual(['outage-started'])
    },
  )

  it('F12: ends though one that is finished and has failed is asked for', async () => {
    const w = faultyWorld({ isTerminal })
    w.source.isDown = true
    createAll(w.cache.start(), ['a', 'b'])
    w.cache.getOrCreate('c', done())
    await w.clock.advance(10_000)
    w.cache.refresh('c').catch(() => undefined)
    await w.clock.advance(2000)
    w.source.latency = 500
    w.cache.refresh('c').catch(() => undefined)
    w.cache.delete('a')
    w.cache.delete('b')
    await w.clock.advance(0)
    expect(w.cache.getStatus().isOutage).toBe(false)
    await w.clock.advance(2000)
    expect(outagesOf(w)).toEqual(['outage-started', 'outage-ended'])
  })

  it('F12: is told of once if the last one goes while its probe runs, which fails', async () => {
    const w = await announcedAndProbed()
    w.cache.delete('a')
    await w.clock.advance(5000)
    expect(outagesOf(w)).toEqual(['outage-started', 'outage-ended'])
  })

  it.each(['alone', 'beside a healthy one'])(
    'F12: is not told of finished items that are asked for %s',
    async (how) => {
      const w = faultyWorld({ isTerminal, interval: 600_000 })
      w.cache.start()
      if (how !== 'alone') w.cache.getOrCreate('live', running())
      for (const id of ['a', 'b', 'c']) w.cache.getOrCreate(id, done())
      await w.clock.advance(5000)
      w.source.isDown = true
      for (const id of ['a', 'b', 'c', 'a', 'b', 'c']) {
        w.cache.refresh(id).catch(() => undefined)
        await w.clock.advance(2000)
      }
      expect(w.calls.length).toBeGreaterThanOrEqual(6)
      expect(outagesOf(w)).toEqual([])
    },
  )

  it('F12, F19: is not told again because a push fails', async () => {
    const w = faultyWorld()
    w.cache.start().getOrCreate('b', running())
    await w.clock.advance(5000)
    w.source.isDown = true
    createAll(w.cache, ['a', 'c'])
    await w.clock.advance(20_000)
    w.cache.delete('a')
    w.cache.delete('c')
    await w.clock.advance(0)
    expect(outagesOf(w)).toEqual(['outage-started', 'outage-ended'])
    w.cache.ingest([{ id: 'b', action: 'fail', error: new Error('pushed') }])
    await w.clock.advance(0)
    expect(w.cache.getSnapshot('b').failureCount).toBe(1)
    expect(w.cache.getStatus().isOutage).toBe(false)
    expect(outagesOf(w)).toHaveLength(2)
  })

  it('F12, L5: a listener that stops the cache at its end leaves no timer', async () => {
    const w = await announced()
    w.cache.subscribe('c', () => undefined, { create: true })()
    w.cache.onEvent(({ type }) => {
      if (type === 'outage-ended') void w.cache.stop()
    })
    w.cache.delete('a')
    w.cache.delete('b')
    await w.clock.advance(0)
    expect(outagesOf(w)).toHaveLength(2)
    expect(w.clock.timers).toBe(0)
  })

  it('F12: is told again when what is new fails, which is called at once', async () => {
    const w = await announced()
    w.cache.clear()
    await w.clock.advance(0)
    const before = w.calls.length
    w.cache.getOrCreate('new', running())
    await w.clock.advance(0)
    expect(w.calls.length).toBe(before + 1)
    expect(w.cache.getStatus().isOutage).toBe(true)
  })
})
