import { describe, expect, it } from 'vitest'
import { faultyWorld, linesOf, outagesOf } from './faulty-source.ts'
import { createAll } from './scheduling.ts'

describe('a return', () => {
  it('T8, F10: of the isolated items that were overdue, the one that is due longest goes first', async () => {
    const w = faultyWorld({ concurrency: 2, retry: { jitter: 0 } })
    w.cache.start()
    for (const id of ['first', 'second']) {
      w.source.poison.add(id)
      createAll(w.cache, [id])
      await w.clock.advance(50)
    }
    w.environment.setVisible(false)
    await w.clock.advance(4900)
    expect(linesOf(w)).toEqual(['0 first', '50 second'])
    w.environment.setVisible(true)
    await w.clock.advance(0)
    expect(linesOf(w).slice(2)).toEqual(['5000 first', '5000 second'])
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
