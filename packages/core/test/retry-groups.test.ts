import { customBatches } from '@auto-refresh/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  faultyWorld,
  linesOf,
  pulsed,
  rowsOf,
  sizesAt,
  startWithPulse,
  type FaultyWorld,
} from './faulty-source.ts'
import { createAll, log, manyIds, outcomeOf, sizes, times } from './scheduling.ts'
import { done, isTerminal, running, unchanged, world } from './world.ts'

const healthy = { failureCount: 0, error: undefined }

/** `a` and `b` failed together at 100. It is 600, and the source is well. */
async function healed(options: Parameters<typeof faultyWorld>[0] = {}): Promise<FaultyWorld> {
  const w = faultyWorld(options)
  w.source.poison.add('a')
  await startWithPulse(w)
  createAll(w.cache, ['a', 'b'])
  await w.clock.advance(500)
  w.source.poison.clear()
  return w
}

describe('the items of a failed call', () => {
  it('F5: are retried together, one retry delay later', async () => {
    const w = faultyWorld()
    w.source.poison.add('b')
    await startWithPulse(w)
    createAll(w.cache, ['a', 'b', 'c'])
    await w.clock.advance(1500)
    expect(linesOf(w)).toEqual(['100 a b c', '1100 a b c'])
  })

  it('F5: the retry delay is the smallest interval in the call if that is shorter', async () => {
    const w = faultyWorld({ interval: (_, id) => (id === 'a' ? 400 : 5000) })
    w.source.poison.add('b')
    await startWithPulse(w)
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(700)
    expect(linesOf(w)).toEqual(['100 a b', '500 a b'])
  })

  it('F5: an item whose interval was never asked for does not shorten the retry delay', async () => {
    const w = world({ interval: () => 5000, isTerminal, answer: () => Promise.reject(new Error('down')) })
    w.cache.start().getOrCreate('end', done())
    w.cache.getOrCreate('a', running())
    for (const id of ['end', 'a']) outcomeOf(w.cache.refresh(id))
    await w.clock.advance(999)
    expect(linesOf(w)).toEqual(['0 a end'])
  })

  it('F5, S14: after a successful retry an item shares calls with healthy ones', async () => {
    const w = await healed()
    await w.clock.advance(2000)
    createAll(w.cache, ['x'])
    await w.clock.advance(100)
    for (const id of ['a', 'x']) outcomeOf(w.cache.refresh(id))
    await w.clock.advance(0)
    expect(linesOf(w).at(-1)).toBe('2700 a x')
  })

  it('F2, S14: so does one that a retry call failed alone', async () => {
    const w = world({
      interval: 60_000,
      answer: (batch, { at }) =>
        at === 0
          ? Promise.reject(new Error('down'))
          : batch.map(({ id }) =>
              id === 'a' ? { id, action: 'fail', error: 'ill' } : { id, action: 'unchanged' },
            ),
    })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(2000)
    for (const id of ['a', 'b']) outcomeOf(w.cache.refresh(id))
    await w.clock.advance(0)
    expect(linesOf(w)).toEqual(['0 a b', '1000 a b', '2000 a b'])
  })

  it('F5: the retry delay is counted from the failure, which may be a timeout', async () => {
    const w = world({
      timeout: 700,
      answer: (batch, { ids, at }) => (ids.includes('a') && at < 1000 ? 'wait' : unchanged(batch)),
      interval: pulsed(60_000),
    })
    await startWithPulse(w)
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(3000)
    expect(linesOf(w)).toEqual(['100 a b', '1800 a b'])
  })

  it('F5: a retry that succeeds makes them healthy: they are refreshed at their interval', async () => {
    const w = await healed({ interval: 5000 })
    await w.clock.advance(4500)
    expect(w.cache.getSnapshot('a')).toMatchObject({ ...healthy, nextRefreshAt: 1_006_100 })
    expect(linesOf(w)).toEqual(['100 a b', '1100 a b'])
  })

  it('F16: every delay is multiplied by 1 to 1 + retry.jitter, drawn once per call', async () => {
    let draws = 0
    const w = faultyWorld({ random: () => 0.1 + ((draws += 1) % 8) / 10, retry: { jitter: 1 } })
    w.source.poison.add('a')
    await startWithPulse(w)
    createAll(w.cache, manyIds(5))
    createAll(w.cache, ['a'])
    await w.clock.advance(2100)
    const [first, second] = rowsOf(w)
    expect(second?.ids).toEqual(first?.ids)
    expect(second?.at).toBeGreaterThan(1100)
    expect(second?.at).toBeLessThan(2100)
  })

  it('S6: an item that is deleted or terminal meanwhile is left out of the retry', async () => {
    const w = faultyWorld({ isTerminal })
    w.source.poison.add('a')
    await startWithPulse(w)
    createAll(w.cache, ['a', 'b', 'c', 'd'])
    await w.clock.advance(500)
    w.cache.delete('b')
    w.cache.update('c', done())
    await w.clock.advance(1000)
    expect(linesOf(w)).toEqual(['100 a b c d', '1100 a d'])
  })
})

describe('a retry that fails', () => {
  it('F5: makes batches of at most half, rounded up, a retry delay later each time', async () => {
    const w = faultyWorld()
    manyIds(7).forEach((id) => w.source.poison.add(id))
    await startWithPulse(w)
    createAll(w.cache, manyIds(7))
    await w.clock.advance(4500)
    expect([100, 1100, 2100, 3100].map((at) => sizesAt(w, at))).toEqual([[7], [7], [4, 3], [2, 2, 2, 1]])
    expect(rowsOf(w).filter(({ at, ids }) => at >= 4100 && ids.length > 1)).toEqual([])
  })

  it('F5: a half that succeeds is healthy while the other is retried', async () => {
    const w = faultyWorld()
    w.source.poison.add('i0')
    await startWithPulse(w)
    createAll(w.cache, manyIds(8))
    await w.clock.advance(2000)
    const halves = rowsOf(w).filter(({ at }) => at === 2100)
    const good = halves.filter(({ ids }) => !ids.includes('i0')).flatMap(({ ids }) => ids)
    expect([halves.length, good.length]).toEqual([2, 4])
    for (const id of good) expect(w.cache.getSnapshot(id)).toMatchObject(healthy)
    await w.clock.advance(1000)
    const retried = rowsOf(w).flatMap(({ at, ids }) => (at > 2100 ? ids : []))
    expect(retried.filter((id) => good.includes(id))).toEqual([])
    expect(sizesAt(w, 3100)).toEqual([2, 2])
  })

  it('F5: halves do not wait for one another', async () => {
    let slow: string | undefined
    const w = world({
      interval: pulsed(60_000),
      timeout: Infinity,
      answer: (batch, { at, ids }) => {
        if (ids.includes('pulse')) return unchanged(batch)
        if (at !== 2100 || slow !== undefined) return Promise.reject(new Error('down'))
        slow = ids.join(' ')
        return 'wait'
      },
    })
    await startWithPulse(w)
    createAll(w.cache, manyIds(8))
    await w.clock.advance(3500)
    expect([100, 1100, 2100, 3100].map((at) => sizesAt(w, at))).toEqual([[8], [8], [4, 4], [2, 2]])
  })

  it('F5: after a success the next failed call is retried whole again, in a full batch', async () => {
    const w = faultyWorld({ interval: 5000, batchSize: 8 })
    manyIds(8).forEach((id) => w.source.poison.add(id))
    await startWithPulse(w)
    await w.clock.advance(55)
    createAll(w.cache, manyIds(8))
    await w.clock.advance(1500)
    w.source.poison.clear()
    await w.clock.advance(2000)
    w.source.poison.add('i0')
    await w.clock.advance(5000)
    expect(rowsOf(w).map(({ at, ids }) => `${at}: ${ids.length}`)).toEqual([
      '155: 8',
      '1155: 8',
      '2155: 4',
      '2155: 4',
      '7155: 8',
      '8155: 8',
    ])
  })

  it('F5: wherever one poisonous item is, halves find it within 2 + ⌈log2 n⌉ retry delays', async () => {
    const sizeAndPlace = fc
      .integer({ min: 2, max: 40 })
      .chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)))
    await fc.assert(
      fc.asyncProperty(sizeAndPlace, async ([size, place]) => {
        const bad = `i${place}`
        const w = faultyWorld()
        w.source.poison.add(bad)
        await startWithPulse(w)
        createAll(w.cache, manyIds(size))
        await w.clock.advance((1 + Math.ceil(Math.log2(size))) * 1000)
        const withIt = rowsOf(w).filter(({ ids }) => ids.includes(bad))
        expect(withIt.at(-1)?.ids).toEqual([bad])
        let limit = size
        for (const [nth, { at, ids }] of withIt.entries()) {
          expect(at).toBe(100 + nth * 1000)
          expect(ids.length).toBeLessThanOrEqual(limit)
          if (nth > 0) limit = Math.ceil(limit / 2)
        }
        const others = manyIds(size).filter((id) => id !== bad)
        expect(others.map((id) => w.cache.getSnapshot(id).error)).toEqual(others.map(() => undefined))
      }),
      { numRuns: 40 },
    )
  })
})

describe('a batch of a retry group', () => {
  it('F5: holds no healthy items that are due at the same moment', async () => {
    const w = faultyWorld({ batchSize: 2, interval: 1000 })
    w.source.poison.add('a')
    await startWithPulse(w)
    createAll(w.cache, ['a', 'b', 'x', 'y'])
    await w.clock.advance(1000)
    expect(linesOf(w).sort()).toEqual(['100 a b', '100 x y', '1100 a b', '1100 x y'])
  })

  it('F5: holds no items of another failed call', async () => {
    const w = faultyWorld({ batchSize: 2 })
    w.source.poison.add('a').add('c')
    await startWithPulse(w)
    createAll(w.cache, ['a', 'b', 'c', 'd'])
    await w.clock.advance(1000)
    expect(linesOf(w).sort()).toEqual(['100 a b', '100 c d', '1100 a b', '1100 c d'])
  })

  it('S5: its items do not come early with others', async () => {
    const w = faultyWorld({ interval: 1000 })
    w.source.poison.add('a')
    await startWithPulse(w)
    createAll(w.cache, ['h'])
    await w.clock.advance(50)
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(1000)
    expect(linesOf(w)).toEqual(['100 h', '150 a b', '1100 h', '1150 a b'])
  })

  it('S5: it brings nobody along', async () => {
    const w = faultyWorld({ interval: 1000 })
    w.source.poison.add('a')
    await startWithPulse(w)
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(60)
    createAll(w.cache, ['h'])
    await w.clock.advance(1000)
    expect(linesOf(w)).toEqual(['100 a b', '160 h', '1100 a b', '1160 h'])
  })

  it('F5, S7: is not offered to customBatches', async () => {
    const offered: string[] = []
    const w = faultyWorld({
      interval: 1000,
      policies: [
        customBatches((due) => {
          offered.push(...due.map(({ id }) => id))
          return due.map((entry) => [entry])
        }),
      ],
    })
    w.source.poison.add('a')
    await startWithPulse(w)
    createAll(w.cache, ['a', 'h'])
    await w.clock.advance(3500)
    expect(offered.filter((id) => id === 'a')).toHaveLength(1)
    expect(offered.filter((id) => id === 'h')).toHaveLength(4)
    expect(linesOf(w).filter((line) => line.includes('a'))).toEqual(['100 a', '1100 a', '3100 a'])
  })

  it('F5, S7: a batch of customBatches is retried whole, larger than batchSize as it may be', async () => {
    const w = faultyWorld({ batchSize: 2, policies: [customBatches((due) => [due])] })
    w.source.poison.add('a')
    await startWithPulse(w)
    createAll(w.cache, ['a', 'b', 'c', 'd', 'e'])
    await w.clock.advance(2000)
    expect(linesOf(w).slice(0, 2)).toEqual(['100 a b c d e', '1100 a b c d e'])
    expect(sizesAt(w, 2100)).toEqual([3, 2])
  })
})

describe('the slots of retry calls', () => {
  it.each([
    [1, 1, 1],
    [2, 1, 1],
    [4, 3, 1],
    [4, 3, 2],
  ])('F10: of %d slots they use at most %d (batches of %d)', async (concurrency, most, batchSize) => {
    const w = world({
      concurrency,
      batchSize,
      interval: 60_000,
      answer: (_, { at }) => (at === 0 ? Promise.reject(new Error('down')) : 'wait'),
    })
    w.cache.start()
    createAll(w.cache, manyIds(16))
    await w.clock.advance(2000)
    expect(times(w.calls).filter((at) => at > 0)).toEqual(Array.from({ length: most }, () => 1000))
    w.cache.getOrCreate('new', running())
    await w.clock.advance(0)
    expect(w.lastCall().ids.includes('new')).toBe(concurrency > 1)
  })

  it('F10, S4: whatever is due goes oldest first', async () => {
    const w = world({
      concurrency: 1,
      batchSize: 1,
      interval: (_, id) => (id === 'oldest' ? 1050 : id === 'newest' ? 1000 : 60_000),
      answer: (batch, { ids }) =>
        ids.includes('bad')
          ? Promise.reject(new Error('down'))
          : ids.includes('slow')
            ? 'wait'
            : unchanged(batch),
    })
    w.cache.start()
    for (const id of ['oldest', 'bad', 'newest', 'slow']) {
      w.cache.getOrCreate(id, running())
      await w.clock.advance(100)
    }
    await w.clock.advance(2600)
    w.lastCall().answer([])
    await w.clock.advance(0)
    expect(log(w.calls).slice(4)).toEqual(['3000 oldest', '3000 bad', '3000 newest'])
  })

  it('F5: items that the source answers with `fail` are no retry group', async () => {
    const w = world({
      retry: { factor: 1 },
      answer: (batch) => batch.map(({ id }) => ({ id, action: 'fail', error: 'quota' })),
    })
    w.cache.start()
    createAll(w.cache, manyIds(8))
    await w.clock.advance(4000)
    expect(sizes(w.calls)).toEqual([8, 8, 8, 8, 8])
  })
})
