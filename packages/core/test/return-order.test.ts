import { describe, expect, it } from 'vitest'
import { faultyWorld, linesOf, outagesOf, type FaultyWorld } from './faulty-source.ts'
import { createAll, manyIds } from './scheduling.ts'

/** Two isolated items, at 100: `first` failed at 0, `second` at 50. */
async function twoIsolated(): Promise<FaultyWorld> {
  const w = faultyWorld({ concurrency: 2, retry: { jitter: 0 } })
  w.cache.start()
  for (const id of ['first', 'second']) {
    w.source.poison.add(id)
    createAll(w.cache, [id])
    await w.clock.advance(50)
  }
  return w
}

describe('a return', () => {
  it('T8, F10: of the isolated items that were overdue, the one that is due longest goes first', async () => {
    const w = await twoIsolated()
    w.environment.setVisible(false)
    await w.clock.advance(4900)
    expect(linesOf(w)).toEqual(['0 first', '50 second'])
    w.environment.setVisible(true)
    await w.clock.advance(1000)
    // Nothing has succeeded since the return, so that the second one waits for a second.
    expect(linesOf(w).slice(2)).toEqual(['5000 first', '6000 second'])
  })

  it('T8: until a call succeeds, isolated items and retry groups take turns', async () => {
    const w = await twoIsolated()
    w.source.isDown = true
    createAll(w.cache, manyIds(4))
    await w.clock.advance(50)
    w.environment.setVisible(false)
    await w.clock.advance(4850)
    expect(linesOf(w)).toEqual(['0 first', '50 second', '100 i0 i1 i2 i3'])
    w.environment.setVisible(true)
    w.source.isDown = false
    await w.clock.advance(1000)
    // The group succeeds, and then nothing holds up the last one.
    expect(linesOf(w).slice(3)).toEqual(['5000 first', '6000 i0 i1 i2 i3', '6000 second'])
  })

  it('T8: 20 returns in 10 s, with 40 isolated items and a source that is down, are 3 calls a second', async () => {
    const w = faultyWorld({ batchSize: 1, interval: 5000 })
    manyIds(40).forEach((id) => w.source.poison.add(id))
    w.cache.start()
    createAll(w.cache, [...manyIds(40), 'good'])
    await w.clock.advance(30_000)
    w.source.isDown = true
    await w.clock.advance(30_000)
    const before = w.calls.length
    for (let turn = 0; turn < 20; turn += 1) {
      w.environment.setOnline(false)
      await w.clock.advance(250)
      w.environment.setOnline(true)
      await w.clock.advance(250)
    }
    expect(w.calls.length - before).toBeLessThanOrEqual(30)
  })

  it('T8, F12: an environment that tells of something while the page stays hidden ends no outage', async () => {
    const listeners = new Set<() => void>()
    const page = { isVisible: true }
    const tell = (): void => listeners.forEach((listener) => listener())
    const w = faultyWorld({
      interval: 5000,
      environment: {
        isVisible: () => page.isVisible,
        isOnline: () => true,
        subscribe(listener) {
          listeners.add(listener)
          return () => void listeners.delete(listener)
        },
      },
    })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(100)
    w.source.isDown = true
    await w.clock.advance(10_000)
    page.isVisible = false
    tell()
    tell()
    await w.clock.advance(0)
    expect(w.cache.getStatus()).toMatchObject({ state: 'hidden', isOutage: true })
    expect(outagesOf(w)).toEqual(['outage-started'])
    page.isVisible = true
    tell()
    expect(outagesOf(w)).toEqual(['outage-started', 'outage-ended'])
  })
})
