import { describe, expect, it } from 'vitest'
import { faultyWorld, outagesOf, type FaultyWorld } from './faulty-source.ts'
import { createAll } from './scheduling.ts'
import { running } from './world.ts'

/** `a` and `b` fail, and the outage is announced. */
async function announced(): Promise<FaultyWorld> {
  const w = faultyWorld()
  w.source.isDown = true
  createAll(w.cache.start(), ['a', 'b'])
  await w.clock.advance(10_000)
  expect(w.cache.getStatus().isOutage).toBe(true)
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
    const w = faultyWorld()
    w.source.isDown = true
    w.cache.start()
    const end = w.cache.subscribe('a', () => undefined, { create: true })
    await w.clock.advance(20_000)
    expect(w.cache.getStatus().isOutage).toBe(true)
    end()
    await w.clock.advance(0)
    expect(w.cache.getStatus().isOutage).toBe(false)
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
