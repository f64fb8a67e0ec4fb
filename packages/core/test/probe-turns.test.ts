import { describe, expect, it } from 'vitest'
import { busy, faultyWorld, linesOf, outagesOf, rowsOf, startWithPulse } from './faulty-source.ts'
import { createAll, log, manyIds, outcomeOf } from './scheduling.ts'

describe('the turns of probes', () => {
  it('F11: an isolated item has none before it is due; then the one that is due longest goes first', async () => {
    const w = faultyWorld({
      retry: { jitter: 0 },
      jitter: 0,
      interval: (_, id) => (id.startsWith('i') ? 11_500 : 60_000),
    })
    await startWithPulse(w)
    createAll(w.cache, manyIds(2))
    for (const id of ['late', 'soon']) w.source.poison.add(id)
    await w.clock.advance(1)
    // Fails alone at 101, 1101, 3101 and 7101, and is due at 15,101.
    createAll(w.cache, ['late'])
    await w.clock.advance(7001)
    // Fails alone at 7102, 8102 and 10,102, and is due at 14,102.
    createAll(w.cache, ['soon'])
    await w.clock.advance(3048)
    w.source.isDown = true
    w.cache.delete('pulse')
    await w.clock.advance(2850)
    // The outage begins at 11,600. Both are isolated, and are not due at the first probe.
    const before = linesOf(w).length
    expect(linesOf(w).slice(-2)).toEqual(['11600 i0 i1', expect.stringMatching(/^12600 i[01]$/)])
    await w.cache.stop()
    await w.clock.advance(7000)
    w.cache.start()
    await w.clock.advance(12_000)
    expect(linesOf(w).slice(before)).toEqual([
      '20000 soon',
      expect.stringMatching(/^24000 i[01]$/),
      '32000 late',
    ])
  })

  it('F11: an isolated item has its turn as soon as it is due', async () => {
    const w = faultyWorld({
      retry: { jitter: 0 },
      jitter: 0,
      interval: (_, id) => (id.startsWith('i') ? 11_500 : 60_000),
    })
    await startWithPulse(w)
    await w.clock.advance(50)
    createAll(w.cache, manyIds(2))
    w.source.poison.add('isolated')
    await w.clock.advance(7500)
    // Fails alone at 7650, 8650 and 10,650, and is due at 14,650.
    createAll(w.cache, ['isolated'])
    await w.clock.advance(3010)
    w.source.isDown = true
    w.cache.delete('pulse')
    await w.clock.advance(4000)
    expect(linesOf(w).slice(-3)).toEqual([
      '11650 i0 i1',
      expect.stringMatching(/^12650 i[01]$/),
      '14650 isolated',
    ])
  })

  it('F11: the random order is drawn at the failure of the healthy call: a retry that fails keeps it', async () => {
    let [draw, step] = [0.9, -0.001]
    const w = faultyWorld({ interval: 5000, random: () => (draw += step), retry: { jitter: 0 }, jitter: 0 })
    w.cache.start()
    createAll(w.cache, manyIds(4))
    await w.clock.advance(100)
    w.source.isDown = true
    await w.clock.advance(5400)
    // From now on each draw is higher than the one before: that changes no order.
    step = 0.001
    await w.clock.advance(20_000)
    expect(linesOf(w).slice(3)).toEqual(['7000 i3', '9000 i2', '13000 i1', '21000 i0'])
  })

  it('F14, F16: the pause before the first is drawn once: a healthy success does not draw it again', async () => {
    let draw = 0
    const w = faultyWorld({ interval: 5000, jitter: 0, random: () => draw })
    w.cache.start()
    createAll(w.cache, manyIds(4))
    await w.clock.advance(100)
    for (const id of manyIds(4)) w.source.poison.add(id)
    await w.clock.advance(5950)
    draw = 0.8
    createAll(w.cache, ['new'])
    await w.clock.advance(1000)
    expect(rowsOf(w).map(({ at, ids }) => [at, ids.length])).toEqual([
      [0, 4],
      [5000, 4],
      [6000, 4],
      [6050, 1],
      [7000, 1],
    ])
  })
})

describe('a hold-off and what is asked of the source', () => {
  it('F8: a trial that takes longer than maxDelay is not joined by another', async () => {
    const w = faultyWorld({ interval: 2000, retry: { maxDelay: 4000 } })
    w.cache.start()
    createAll(w.cache, manyIds(4))
    await w.clock.advance(1)
    w.source.isDown = true
    w.source.error = busy(60_000)
    await w.clock.advance(2000)
    w.source.latency = 10_000
    await w.clock.advance(20_000)
    expect(rowsOf(w).map(({ at, ids }) => [at, ids.length])).toEqual([
      [0, 4],
      [2000, 4],
      [6000, 1],
      [16_000, 1],
    ])
  })

  it('S15: a call that was asked for and fails rejects what was asked for before it, without an outage', async () => {
    const w = faultyWorld({ interval: 2000, retry: { jitter: 0 }, jitter: 0 })
    // It succeeds every 100 ms until the hold-off, so that no outage begins.
    await startWithPulse(w)
    createAll(w.cache, manyIds(4))
    await w.clock.advance(50)
    w.source.poison.add('isolated')
    createAll(w.cache, ['isolated'])
    await w.clock.advance(1900)
    w.source.error = busy(30_000)
    for (const id of manyIds(4)) w.source.poison.add(id)
    await w.clock.advance(100)
    expect(linesOf(w).slice(-1)).toEqual(['2100 i0 i1 i2 i3'])
    const outcomes = [outcomeOf(w.cache.refresh('isolated'))]
    await w.clock.advance(100)
    outcomes.push(outcomeOf(w.cache.refresh('pulse')))
    const before = w.calls.length
    await w.clock.advance(5000)
    expect(log(w.calls.slice(before))).toEqual(['3100 isolated'])
    expect(outcomes.map(({ state }) => state)).toEqual(['rejected', 'rejected'])
    expect(outagesOf(w)).toEqual([])
  })
})
