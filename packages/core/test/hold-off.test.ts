import { customBatches } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import {
  busy,
  faultyWorld,
  linesOf,
  rowsOf,
  sizesAt,
  startWithPulse,
  type FaultyWorld,
} from './faulty-source.ts'
import { after, createAll, manyIds, outcomeOf, untyped } from './scheduling.ts'
import { running, unchanged, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof faultyWorld>[0]>

/** Items that were refreshed at 0. From 2000 on the source answers every call with a `retryAfter`. */
async function heldOff(retryAfter: unknown, options: Options = {}, count = 4): Promise<FaultyWorld> {
  const w = faultyWorld({ interval: 2000, ...options })
  w.source.error = busy(retryAfter)
  w.cache.start()
  createAll(w.cache, manyIds(count))
  await w.clock.advance(1)
  w.source.isDown = true
  await w.clock.advance(1999)
  return w
}

const timesFrom = (w: FaultyWorld, from: number): number[] =>
  rowsOf(w).flatMap(({ at }) => (at >= from ? [at] : []))

describe('a hold-off', () => {
  it('F8: holds everything by the clock until retryAfter has passed, new items included', async () => {
    const w = await heldOff(30_000, { interval: (_, id) => (id === 'later' ? 10_000 : 2000) })
    await w.clock.advance(8000)
    createAll(w.cache, ['new'])
    await w.clock.advance(21_999)
    expect(linesOf(w)).toEqual(['0 i0 i1 i2 i3', '2000 i0 i1 i2 i3'])
    w.source.isDown = false
    await w.clock.advance(1)
    expect(linesOf(w).slice(2).sort()).toEqual(['32000 i0 i1 i2 i3', '32000 new'])
  })

  it('F8: holds back healthy items of other batches', async () => {
    const w: World<Job> = world({
      batchSize: 2,
      interval: (_, id) => (id === 'x' || id === 'y' ? 5000 : 2000),
      answer: (batch, { at, ids }) =>
        at === 2000 && ids.includes('i0') ? Promise.reject(busy(30_000)) : unchanged(batch),
    })
    w.cache.start()
    createAll(w.cache, ['i0', 'i1', 'x', 'y'])
    await w.clock.advance(31_999)
    expect(linesOf(w).sort()).toEqual(['0 i0 i1', '0 x y', '2000 i0 i1'])
    await w.clock.advance(1)
    expect(linesOf(w).slice(3).sort()).toEqual(['32000 i0 i1', '32000 x y'])
  })

  it.each([
    ['as many failed calls as may run at a time do not', 2, 60_000, false],
    ['one more does', 3, 60_000, true],
    ['it lasts for maxDelay at most', 3, 3_600_000, true],
  ])('F20: of one healthy item a call: %s', async (_, count, retryAfter, isHeldOff) => {
    const w = faultyWorld({ batchSize: 1, concurrency: 2, interval: Infinity })
    for (const id of manyIds(count)) w.source.poison.add(id)
    w.source.error = busy(retryAfter)
    w.cache.start()
    createAll(w.cache, manyIds(count))
    await w.clock.advance(100)
    w.cache.getOrCreate('good', running())
    await w.clock.advance(59_899)
    expect(w.cache.getSnapshot('good').refreshedAt === undefined).toBe(isHeldOff)
    await w.clock.advance(1)
    expect(w.cache.getSnapshot('good').refreshedAt).toBeDefined()
  })

  it('F20: any successful call ends it, also one that had started before', async () => {
    const w = faultyWorld({ batchSize: 1, concurrency: 3, interval: Infinity })
    for (const id of manyIds(4)) w.source.poison.add(id)
    w.source.error = busy(60_000)
    w.source.latency = 500
    w.cache.start().getOrCreate('slow', running())
    await w.clock.advance(100)
    w.source.latency = 0
    createAll(w.cache, [...manyIds(4), 'good'])
    await w.clock.advance(399)
    expect(linesOf(w).map((line) => line.slice(-2))).toEqual(['ow', 'i0', 'i1', 'i2', 'i3'])
    await w.clock.advance(1)
    expect(linesOf(w).at(-1)).toBe('500 good')
  })

  it('F8: begins also if the items of the call are gone when it fails', async () => {
    const w: World<Job> = world({
      answer: (batch, { ids }) =>
        ids.includes('i0')
          ? after(w.clock, 100, []).then(() => Promise.reject(busy(30_000)))
          : unchanged(batch),
    })
    w.cache.start()
    createAll(w.cache, ['i0', 'i1'])
    await w.clock.advance(50)
    w.cache.delete('i0')
    w.cache.delete('i1')
    await w.clock.advance(50)
    createAll(w.cache, ['new'])
    await w.clock.advance(29_999)
    expect(linesOf(w)).toEqual(['0 i0 i1'])
    await w.clock.advance(1)
    expect(linesOf(w)).toEqual(['0 i0 i1', '30100 new'])
  })

  it('F8: single items are tried every maxDelay if it is longer', async () => {
    const w = await heldOff(300_000)
    await w.clock.advance(299_000)
    expect(timesFrom(w, 2001)).toEqual([62_000, 122_000, 182_000, 242_000])
    expect(
      rowsOf(w)
        .slice(2)
        .map(({ ids }) => ids.length),
    ).toEqual([1, 1, 1, 1])
    expect(w.events.flatMap((event) => (event.type === 'sync-started' ? [event.kind] : [])).slice(2)).toEqual(
      Array.from({ length: 4 }, () => 'probe'),
    )
  })

  it('F8: the trials come by the maxDelay of the options', async () => {
    const w = await heldOff(10_000, { retry: { maxDelay: 4000 } })
    await w.clock.advance(9000)
    expect(timesFrom(w, 2001)).toEqual([6000, 10_000])
  })

  it('F8: a trial that succeeds ends it: all others follow at once', async () => {
    const w = await heldOff(600_000)
    createAll(w.cache, ['new'])
    await w.clock.advance(30_000)
    w.source.isDown = false
    await w.clock.advance(30_000)
    expect(new Set(rowsOf(w).flatMap(({ at, ids }) => (at === 62_000 ? ids : [])))).toEqual(
      new Set([...manyIds(4), 'new']),
    )
  })

  it('F8, S8: a refresh passes it, and a success of that ends it', async () => {
    const w = await heldOff(600_000)
    await w.clock.advance(10_000)
    w.source.isDown = false
    const outcome = outcomeOf(w.cache.refresh('i0'))
    await w.clock.advance(0)
    expect(outcome.state).toBe('resolved')
    expect(new Set(rowsOf(w).flatMap(({ at, ids }) => (at === 12_000 ? ids : [])))).toEqual(
      new Set(manyIds(4)),
    )
  })

  it('F8, S15: a refresh that waits for the second after the failure goes when the hold-off ends, if that is sooner', async () => {
    const w = await heldOff(400)
    w.source.isDown = false
    const outcome = outcomeOf(w.cache.refresh('i0'))
    await w.clock.advance(399)
    expect(outcome.state).toBe('pending')
    await w.clock.advance(1)
    expect(outcome.state).toBe('resolved')
  })

  it('F8: a success of a call that ran before it began does not end it', async () => {
    const w: World<Job> = world({
      batchSize: 2,
      interval: 2000,
      answer: (batch, { at, ids }) =>
        at !== 2000
          ? unchanged(batch)
          : ids.includes('i0')
            ? Promise.reject(busy(30_000))
            : after(w.clock, 500, unchanged(batch)),
    })
    w.cache.start()
    createAll(w.cache, manyIds(4))
    await w.clock.advance(31_000)
    expect(linesOf(w)).toHaveLength(4)
    expect(w.cache.getSnapshot('i2').refreshedAt).toBe(1_002_500)
    await w.clock.advance(1000)
    expect(sizesAt(w, 32_000).length).toBeGreaterThan(0)
  })

  it.each([
    [30_000, 10_000],
    [10_000, 30_000],
  ])('F8: another one can only lengthen it: %d, then %d', async (first, second) => {
    const w: World<Job> = world({
      batchSize: 2,
      interval: 60_000,
      answer: (_, { ids }) =>
        ids.includes('i0')
          ? Promise.reject(busy(first))
          : after(w.clock, 100, undefined).then(() => Promise.reject(busy(second))),
    })
    w.cache.start()
    createAll(w.cache, manyIds(4))
    await w.clock.advance(Math.max(first, second) + 2000)
    const later = rowsOf(w).flatMap(({ at }) => (at > 0 ? [at] : []))
    expect(later[0]).toBe(Math.max(first, second + 100))
  })

  it('F8: at most an hour of a retryAfter counts', async () => {
    const w = await heldOff(7_200_000, { retry: { maxDelay: 7_200_000 } })
    await w.clock.advance(3_599_999)
    expect(timesFrom(w, 2001)).toEqual([])
    await w.clock.advance(1)
    expect(timesFrom(w, 2001)).toEqual([3_602_000])
  })

  it('F8, F13: the thrown value need not be an Error', async () => {
    const w = faultyWorld({ interval: 2000 })
    w.source.error = untyped({ retryAfter: 30_000 })
    w.source.isDown = true
    w.cache.start()
    createAll(w.cache, manyIds(4))
    await w.clock.advance(29_999)
    expect(rowsOf(w)).toHaveLength(1)
    await w.clock.advance(1)
    expect(rowsOf(w).length).toBeGreaterThan(1)
  })

  it.each(['5000', NaN, Infinity, null, {}, 5000n, 0, -1])(
    'F13: a retryAfter of %s is none',
    async (retryAfter) => {
      const w = await heldOff(retryAfter)
      await w.clock.advance(1000)
      expect(timesFrom(w, 2001)).toEqual([3000])
    },
  )

  it('F19: a pushed value does not end it', async () => {
    const w = await heldOff(30_000)
    await w.clock.advance(5000)
    w.cache.ingest([{ id: 'i0', item: running(1) }])
    await w.clock.advance(24_000)
    expect(timesFrom(w, 2001)).toEqual([])
  })

  it('L4: outlasts a stop', async () => {
    const w = await heldOff(30_000)
    await w.clock.advance(5000)
    const stopped = w.cache.stop()
    await w.clock.advance(1000)
    await stopped
    w.cache.start()
    createAll(w.cache, ['new'])
    await w.clock.advance(23_999)
    expect(timesFrom(w, 2001)).toEqual([])
    await w.clock.advance(1)
    expect(timesFrom(w, 2001).length).toBeGreaterThan(0)
  })
})

describe('a retryAfter that begins no hold-off', () => {
  /** A world with a pulse, in which every call with `bad` throws the retryAfter; `h` is healthy. */
  async function thrown(ids: readonly string[], retryAfter: number, until: number, options: Options = {}) {
    const w = faultyWorld({ interval: 5000, ...options })
    w.source.error = busy(retryAfter)
    w.source.poison.add('bad')
    await startWithPulse(w)
    createAll(w.cache, ids)
    await w.clock.advance(0)
    createAll(w.cache, ['h'])
    await w.clock.advance(until)
    return w
  }

  const timesOf = (w: World<Job>, id: string): number[] =>
    rowsOf(w).flatMap(({ at, ids }) => (ids.includes(id) ? [at] : []))

  it('F15: of a single item delays that item alone', async () => {
    const w = await thrown(['bad'], 12_000, 25_000)
    expect(timesOf(w, 'bad')).toEqual([100, 12_100, 24_100])
    expect(timesOf(w, 'h').length).toBeGreaterThanOrEqual(5)
  })

  it('F15: of a single item counts for a day at most', async () => {
    const w = faultyWorld({ interval: 60_000 })
    w.source.error = busy(200_000_000)
    w.source.poison.add('bad')
    w.cache.start()
    createAll(w.cache, ['bad'])
    await w.clock.advance(2 * 86_400_000)
    expect(timesOf(w, 'bad')).toEqual([0, 86_400_000, 172_800_000])
  })

  it('F15: of a retry call delays its items alone, for an hour at most', async () => {
    const w = world({
      interval: (_, id) => (id === 'h' ? 60_000 : 5000),
      answer: (batch, { at, ids }) =>
        !ids.includes('a') || at > 2000
          ? unchanged(batch)
          : Promise.reject(at === 0 ? new Error('down') : busy(7_200_000)),
    })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(500)
    createAll(w.cache, ['h'])
    await w.clock.advance(3_602_000)
    expect(timesOf(w, 'h').length).toBeGreaterThanOrEqual(59)
    expect(
      linesOf(w)
        .filter((line) => line.includes('a') || line.includes('b'))
        .slice(0, 2),
    ).toEqual(['0 a b', '1000 a b'])
    const back = rowsOf(w).find(({ at, ids }) => at > 1000 && ids.some((id) => id === 'a' || id === 'b'))
    expect(back?.at).toBe(3_601_000)
  })

  it('F15: of a call under customBatches delays the items of its call alone', async () => {
    const w = await thrown(['bad', 'a'], 12_000, 13_000, {
      policies: [
        customBatches((due) => [
          due.filter(({ id }) => id === 'bad' || id === 'a'),
          due.filter(({ id }) => id !== 'bad' && id !== 'a'),
        ]),
      ],
    })
    expect(timesOf(w, 'bad')).toEqual([100, 12_100])
    expect(timesOf(w, 'a')).toEqual([100, 12_100])
    expect(timesOf(w, 'h').length).toBeGreaterThanOrEqual(3)
  })

  it('F15: shortens no delay', async () => {
    const w = await thrown(['bad'], 10, 8000)
    expect(timesOf(w, 'bad')).toEqual([100, 1100, 3100, 7100])
  })
})
