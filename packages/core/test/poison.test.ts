import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAll, failed, log, manyIds, sizes, timesOf } from './scheduling-helpers.ts'
import { unchanged, world, type Job, type SyncCall, type World } from './world.ts'

const interval = 1000

/**
 * A source that refuses a whole call when a poisonous id is in it. The calls of one moment are answered together, the
 * fine ones first, so that never three fail in a row: an outage is another matter.
 */
function poisoned(poison: (id: string) => boolean, batchSize: number) {
  const w: World<Job> = world({
    interval,
    batchSize,
    parallelism: 1000,
    timeout: Infinity,
    answer: () => 'wait',
  })
  let answered = 0
  const bad = (call: SyncCall<Job>): boolean => call.ids.some(poison)
  /** The calls of one round, in which all that is due is sent and answered. */
  const round = async (): Promise<SyncCall<Job>[]> => {
    await w.clock.advance(w.calls.length === 0 ? 0 : interval)
    const calls = w.calls.slice(answered)
    answered = w.calls.length
    for (const call of calls.filter((one) => !bad(one))) call.answer(unchanged(call.batch))
    await w.clock.advance(0)
    for (const call of calls.filter(bad)) call.fail(new Error('poison'))
    await w.clock.advance(0)
    return calls
  }
  return { ...w, round }
}

const rounds = (size: number): number => Math.ceil(Math.log2(size))

const sizeAndPlace = fc
  .integer({ min: 2, max: 40 })
  .chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)))

describe('items of a call that failed twice', () => {
  it('F5: they are retried without others that are due', async () => {
    const w = world({
      batchSize: 3,
      coalesce: 0,
      interval: (_, id) => (id === 'fine' ? 2000 : 1000),
      answer: (batch, call) =>
        call.ids.includes('bad') ? Promise.reject(new Error('poison')) : unchanged(batch),
    })
    w.cache.start()
    createAll(w.cache, ['bad', 'b', 'c', 'fine'])
    await w.clock.advance(1000)
    const before = w.calls.length
    await w.clock.advance(1000)
    expect(log(w.calls.slice(before)).sort()).toEqual(['2000 b bad', '2000 c', '2000 fine'])
  })
})

describe('one poisonous item', () => {
  it('F5: is alone after ⌈log2 n⌉ further rounds of one interval, wherever it is', async () => {
    await fc.assert(
      fc.asyncProperty(sizeAndPlace, async ([size, place]) => {
        const ids = manyIds(size)
        const bad = `i${place}`
        const { cache, round } = poisoned((id) => id === bad, size)
        cache.start()
        createAll(cache, ids)
        expect(sizes(await round())).toEqual([size])
        expect(sizes(await round())).toEqual([size])
        let alone: boolean = false
        let needed = 0
        while (!alone && needed < 10) {
          needed += 1
          const calls = await round()
          alone = calls.some((call) => call.ids.length === 1 && call.ids[0] === bad)
        }
        expect(alone).toBe(true)
        expect(needed).toBeLessThanOrEqual(rounds(size))
      }),
      { numRuns: 80 },
    )
  })

  it('F5: each round of it is at most half as large as the one before', async () => {
    await fc.assert(
      fc.asyncProperty(sizeAndPlace, async ([size, place]) => {
        const bad = `i${place}`
        const { cache, round } = poisoned((id) => id === bad, size)
        cache.start()
        createAll(cache, manyIds(size))
        await round()
        await round()
        let limit = size
        for (let nth = 0; nth < rounds(size); nth++) {
          const withIt = (await round()).filter((call) => call.ids.includes(bad))
          limit = Math.ceil(limit / 2)
          for (const call of withIt) expect(call.ids.length).toBeLessThanOrEqual(limit)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('F5: then the others are fresh, and stay so', async () => {
    await fc.assert(
      fc.asyncProperty(sizeAndPlace, async ([size, place]) => {
        const bad = `i${place}`
        const others = manyIds(size).filter((id) => id !== bad)
        const { cache, round } = poisoned((id) => id === bad, size)
        cache.start()
        createAll(cache, manyIds(size))
        for (let nth = 0; nth < 2 + rounds(size); nth++) await round()
        for (let nth = 0; nth < 6; nth++) {
          const calls = await round()
          for (const call of calls.filter(({ ids }) => ids.includes(bad))) expect(call.ids).toEqual([bad])
          expect(
            calls
              .flatMap(({ ids }) => ids)
              .filter((id) => id !== bad)
              .sort(),
          ).toEqual([...others].sort())
          expect(others.map((id) => cache.getSnapshot(id).failureCount)).toEqual(others.map(() => 0))
        }
      }),
      { numRuns: 40 },
    )
  })

  it('F5: the others lose at most the rounds that it takes', async () => {
    const { cache, clock, round } = poisoned((id) => id === 'i5', 16)
    cache.start()
    createAll(cache, manyIds(16))
    for (let nth = 0; nth < 6; nth++) await round()
    for (const id of manyIds(16).filter((one) => one !== 'i5')) {
      const { refreshedAt } = cache.getSnapshot(id)
      expect(clock.epoch() - (refreshedAt ?? 0)).toBeLessThan(interval)
    }
  })

  it('F5: it is retried alone, and backs off', async () => {
    const { cache, calls, round } = poisoned((id) => id === 'i1', 2)
    cache.start()
    createAll(cache, manyIds(2))
    for (let nth = 0; nth < 20; nth++) await round()
    expect(timesOf(calls, 'i1')).toEqual([0, 1000, 2000, 3000, 5000, 9000, 17_000])
  })

  it('F5: after its first success it shares batches again', async () => {
    let poison = true
    const { cache, round } = poisoned((id) => poison && id === 'i1', 4)
    cache.start()
    createAll(cache, manyIds(4))
    for (let nth = 0; nth < 5; nth++) await round()
    poison = false
    let together = 0
    for (let nth = 0; nth < 20; nth++) {
      const calls = await round()
      if (calls.length === 1 && calls[0]?.ids.length === 4) together += 1
    }
    expect(together).toBeGreaterThan(3)
  })
})

describe('when batches are cut', () => {
  it('F5: not after the first failure', async () => {
    let down = true
    const { cache, round } = poisoned(() => down, 8)
    cache.start()
    createAll(cache, manyIds(8))
    await round()
    down = false
    expect(sizes(await round())).toEqual([8])
    expect(sizes(await round())).toEqual([8])
  })

  it('F5: not after two failures with a success between', async () => {
    let down = true
    const { cache, round } = poisoned(() => down, 8)
    cache.start()
    createAll(cache, manyIds(8))
    for (let nth = 0; nth < 6; nth++) {
      expect(sizes(await round())).toEqual([8])
      down = !down
    }
  })

  it('F5: after two failures in a row, to halves; a success of them lifts the limit', async () => {
    let down = true
    const { cache, round } = poisoned(() => down, 8)
    cache.start()
    createAll(cache, manyIds(8))
    await round()
    await round()
    down = false
    expect(sizes(await round())).toEqual([4, 4])
    expect(sizes(await round())).toEqual([8])
  })

  it('F5: half of an odd size is rounded up', async () => {
    let down = true
    const { cache, round } = poisoned(() => down, 7)
    cache.start()
    createAll(cache, manyIds(7))
    await round()
    await round()
    down = false
    expect(sizes(await round()).sort()).toEqual([3, 4])
  })

  it('F5: nobody comes along over the limit', async () => {
    let nth = 0
    const { cache, clock, calls } = world({
      batchSize: 50,
      answer: (batch, call) => {
        nth += 1
        return call.ids.includes('i0') && nth <= 4 ? Promise.reject(new Error('down')) : unchanged(batch)
      },
      interval: () => 1000,
    })
    cache.start()
    createAll(cache, manyIds(4))
    await clock.advance(300)
    createAll(cache, ['x', 'y', 'z'])
    await clock.advance(1700)
    const third = calls.filter((call) => call.at === 2000 && call.ids.includes('i0'))
    expect(third).toHaveLength(1)
    // The second call that failed had all seven.
    expect(third[0]?.ids.length).toBeLessThanOrEqual(4)
  })

  it('F5: `fail` entries cut nothing', async () => {
    const { cache, clock, calls } = world({
      answer: (batch) => batch.map(({ id }) => failed(id)),
      retry: { factor: 1 },
    })
    cache.start()
    createAll(cache, manyIds(8))
    await clock.advance(4000)
    expect(sizes(calls)).toEqual([8, 8, 8, 8, 8])
  })

  it('F5: timeouts cut as errors do', async () => {
    const { cache, clock, calls } = world({
      timeout: 500,
      answer: (batch, call) => (call.at < 2000 ? 'wait' : unchanged(batch)),
    })
    cache.start()
    createAll(cache, manyIds(6))
    await clock.advance(2999)
    expect(sizes(calls)).toEqual([6, 6])
    await clock.advance(1)
    expect(sizes(calls)).toEqual([6, 6, 3, 3])
  })
})

describe('several poisonous items', () => {
  it('F5: each is alone in the end, and the others are fresh', async () => {
    const bad = new Set(['i3', 'i4', 'i12'])
    const { cache, round } = poisoned((id) => bad.has(id), 16)
    cache.start()
    createAll(cache, manyIds(16))
    for (let nth = 0; nth < 40; nth++) await round()
    for (let nth = 0; nth < 20; nth++) {
      const calls = await round()
      for (const { ids } of calls) expect(ids.length === 1 || !ids.some((id) => bad.has(id))).toBe(true)
    }
    const others = manyIds(16).filter((id) => !bad.has(id))
    expect(others.map((id) => cache.getSnapshot(id).failureCount)).toEqual(others.map(() => 0))
  })

  it('F5: a poisonous item among answers that come at once is alone in the end', async () => {
    const { cache, clock, calls } = world({
      answer: (batch, call) => {
        if (call.ids.includes('i0')) throw new Error('poison')
        return unchanged(batch)
      },
    })
    cache.start()
    createAll(cache, manyIds(10))
    await clock.advance(120_000)
    const late = calls.filter((call) => call.at > 20_000)
    expect(late.filter((call) => call.ids.includes('i0') && call.ids.length > 1)).toEqual([])
    expect(log(late).length).toBeGreaterThan(90)
    expect(timesOf(late, 'i1').length).toBeGreaterThan(90)
  })
})
