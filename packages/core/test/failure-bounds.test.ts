import { customBatches, type Batch, type BatchEntry, type ItemId } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { after, createAll, manyIds } from './scheduling.ts'
import { unchanged, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

const interval = 5000
const latency = 100
const second = 1000
const minute = 60_000

/** Random numbers from a seed, so that a failure can be repeated. */
function seeded(seed: number): () => number {
  let state = seed * 7919
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647
}

/** A cache over a source that takes 100 ms, and a record of every id's successes. */
class Scenario {
  readonly w: World<Job>
  readonly refreshed = new Map<ItemId, number[]>()

  /** @param fails True: the call throws. */
  constructor(fails: (batch: Batch<Job>, at: number) => unknown, options: Options = {}) {
    this.w = world({
      interval,
      random: seeded(3),
      equals: Object.is,
      answer: async (batch, { at }) => {
        const error = fails(batch, at)
        await after(this.w.clock, latency, undefined)
        if (error !== undefined && error !== false) throw error === true ? new Error('500') : error
        for (const { id } of batch) this.#times(id).push(this.w.clock.now())
        return unchanged(batch)
      },
      ...options,
    })
    this.w.cache.start()
  }

  #times(id: ItemId): number[] {
    const times = this.refreshed.get(id) ?? []
    this.refreshed.set(id, times)
    return times
  }

  /** Mean share of the ideal number of refreshes since `from`. */
  share(ids: readonly ItemId[], from: number): number {
    const ideal = (this.w.clock.now() - from) / (interval * 1.05 + latency)
    const counts = ids.map((id) => this.#times(id).filter((time) => time >= from).length)
    return counts.reduce((sum, count) => sum + count, 0) / ids.length / ideal
  }

  /** The longest time that one of the ids was not refreshed since `from`. */
  worstAge(ids: readonly ItemId[], from: number): number {
    return Math.max(
      ...ids.map((id) => {
        const times = [from, ...this.#times(id).filter((time) => time >= from), this.w.clock.now()]
        return Math.max(...times.slice(1).map((time, nth) => time - (times[nth] ?? 0)))
      }),
    )
  }

  /** ms until each of the ids has been refreshed once more, or `limit`. */
  async untilFresh(ids: readonly ItemId[], limit: number): Promise<number> {
    const from = this.w.clock.now()
    const isFresh = (id: ItemId): boolean => (this.#times(id).at(-1) ?? 0) > from
    while (!ids.every(isFresh) && this.w.clock.now() - from < limit) await this.w.clock.advance(100)
    return this.w.clock.now() - from
  }

  /** Number of calls that started from `from` to `to`. */
  calls(from: number, to: number, includes: (id: ItemId) => boolean = () => true): number {
    return this.w.calls.filter(({ at, ids }) => at >= from && at < to && ids.some(includes)).length
  }
}

/** Ids of which some are chosen at random. */
function chosen(
  count: number,
  some: number,
  seed: number,
): { ids: ItemId[]; bad: Set<ItemId>; good: ItemId[] } {
  const ids = manyIds(count)
  const random = seeded(seed)
  const bad = new Set<ItemId>()
  while (bad.size < some) bad.add(`i${Math.floor(random() * count)}`)
  return { ids, bad, good: ids.filter((id) => !bad.has(id)) }
}

/** Batches of at most 100 of one region, which is the first letter of the id. */
const byRegion = customBatches<Job>((due) =>
  ['A', 'B'].flatMap((region) => {
    const list = due.filter(({ id }) => id.startsWith(region))
    const batches: BatchEntry<Job>[][] = []
    for (let start = 0; start < list.length; start += 100) batches.push(list.slice(start, start + 100))
    return batches
  }),
)
const region = (name: string, count: number): ItemId[] =>
  Array.from({ length: count }, (_, nth) => name + nth)

describe('poisonous items', () => {
  it.each([
    [1, 100, 15],
    [30, 100, 25],
    [100, 1000, 45],
    [300, 1000, 150],
  ])('Bounds: %d of %d are isolated within %d s; then the others are fresh', async (count, of, seconds) => {
    const { ids, bad, good } = chosen(of, count, 5)
    const one = new Scenario((batch) => batch.some(({ id }) => bad.has(id)))
    createAll(one.w.cache, ids)
    await one.w.clock.advance(seconds * second)
    const before = one.w.calls.length
    await one.w.clock.advance(3 * minute)
    const mixed = one.w.calls
      .slice(before)
      .filter(({ ids: sent }) => sent.length > 1 && sent.some((id) => bad.has(id)))
    expect(mixed).toEqual([])
    expect(one.share(good, seconds * second)).toBeGreaterThanOrEqual(0.95)
    expect(one.worstAge(good, seconds * second)).toBeLessThanOrEqual(1.5 * interval)
  })

  it.each([
    [1, 10],
    [100, 10],
    [1, 1],
  ])(
    'Bounds: a new item is called in the next free slot (batchSize %d, %d dead items)',
    async (batchSize, dead) => {
      const one = new Scenario((batch) => batch.some(({ id }) => id.startsWith('i')), { batchSize })
      createAll(one.w.cache, manyIds(dead))
      await one.w.clock.advance(10 * minute)
      createAll(one.w.cache, ['new'])
      expect(await one.untilFresh(['new'], minute)).toBeLessThanOrEqual(2 * latency)
    },
  )

  it.each([3, 30])('Bounds: one of %d isolated items that heals is seen in time', async (count) => {
    const { ids, bad } = chosen(100, count, 5)
    const one = new Scenario((batch) => batch.some(({ id }) => bad.has(id)))
    createAll(one.w.cache, ids)
    await one.w.clock.advance(10 * minute)
    const [healed = ''] = bad
    bad.delete(healed)
    const limit = 1.25 * minute + 2 * count * second
    expect(await one.untilFresh([healed], 2 * limit)).toBeLessThanOrEqual(limit)
  })
})

describe('one of two regions is dead', () => {
  it.each([
    [100, 100],
    [1000, 100],
  ])(
    'Bounds: %d dead items get few calls, %d others do not notice, and healing is seen',
    async (dead, alive) => {
      let isDown = true
      const one = new Scenario((batch) => isDown && batch.some(({ id }) => id.startsWith('A')), {
        policies: [byRegion],
      })
      createAll(one.w.cache, [...region('B', alive), ...region('A', dead)])
      await one.w.clock.advance(5 * minute)
      expect(one.calls(minute, 5 * minute, (id) => id.startsWith('A')) / 240).toBeLessThanOrEqual(1.2)
      expect(one.share(region('B', alive), 0)).toBeGreaterThanOrEqual(0.98)
      isDown = false
      const limit = 1.25 * minute + 15 * second
      expect(await one.untilFresh(region('A', dead), 2 * limit)).toBeLessThanOrEqual(limit)
    },
  )

  it('Bounds: when the dead and the living region swap, both settle within 4 maxDelay', async () => {
    let down = 'A'
    const one = new Scenario((batch) => batch.some(({ id }) => id.startsWith(down)), { policies: [byRegion] })
    createAll(one.w.cache, [...region('B', 100), ...region('A', 300)])
    await one.w.clock.advance(5 * minute)
    down = 'B'
    expect(await one.untilFresh(region('A', 300), 10 * minute)).toBeLessThanOrEqual(4 * minute)
    await one.w.clock.advance(4 * minute)
    const from = one.w.clock.now()
    await one.w.clock.advance(2 * minute)
    expect(one.share(region('A', 300), from)).toBeGreaterThanOrEqual(0.95)
    expect(one.calls(from, one.w.clock.now(), (id) => id.startsWith('B')) / 120).toBeLessThanOrEqual(1.2)
  })
})

describe('an outage of everything', () => {
  it.each([
    [100, 1],
    [1000, 10],
  ])(
    'Bounds: %d items: a round of %d, 6, 10 and 1 calls per minute; then all are fresh',
    async (count, round) => {
      let isDown = false
      const one = new Scenario(() => isDown)
      createAll(one.w.cache, manyIds(count))
      await one.w.clock.advance(minute)
      isDown = true
      const from = one.w.clock.now()
      await one.w.clock.advance(10 * minute)
      expect(one.calls(from, from + 10 * second)).toBeLessThanOrEqual(round + 6)
      expect(one.calls(from, from + minute)).toBeLessThanOrEqual(round + 16)
      // The first minute's pauses may still be shorter than maxDelay.
      expect(one.calls(from + 2 * minute, from + 10 * minute)).toBeLessThanOrEqual(9)
      isDown = false
      expect(await one.untilFresh(manyIds(count), 10 * minute)).toBeLessThanOrEqual(
        1.25 * minute + 2 * Math.ceil(round / 3) * 2 * latency,
      )
    },
  )

  // Whether a second without a call follows the first failures depends on when the outage begins.
  it.each(Array.from({ length: 20 }, (_, nth) => 250 * nth))(
    'Bounds: one item a call, from %d ms of a round on: 16 and `concurrency` − 1 more',
    async (phase) => {
      let isDown = false
      const one = new Scenario(() => isDown, { batchSize: 1, jitter: 0 })
      createAll(one.w.cache, manyIds(100))
      await one.w.clock.advance(2 * minute + phase)
      isDown = true
      // Calls of this very moment have begun before, and succeed.
      const from = one.w.clock.now() + 1
      await one.w.clock.advance(minute)
      expect(one.calls(from, from + 10 * second)).toBeLessThanOrEqual(100 + 6 + 16 + 3)
      expect(one.calls(from, from + minute)).toBeLessThanOrEqual(100 + 16 + 16 + 3)
    },
  )
})

describe('items answered `fail`', () => {
  /** Calls in 5 minutes, after 5 minutes. */
  async function callsWith(share: number, base: number): Promise<number> {
    const count = 500
    const place = (id: ItemId): number => Number(id.slice(1))
    const one = new Scenario(() => false, {
      interval: (_, id) => base + ((place(id) * 7919) % count) * (base / count),
      answer: (batch) =>
        batch.map(({ id }) =>
          place(id) < count * share ? { id, action: 'fail', error: 'quota' } : { id, action: 'unchanged' },
        ),
    })
    createAll(one.w.cache, manyIds(count))
    await one.w.clock.advance(5 * minute)
    const before = one.w.calls.length
    await one.w.clock.advance(5 * minute)
    return one.w.calls.length - before
  }

  it('Bounds: cost never more calls than healthy ones', async () => {
    const healthy = await callsWith(0, 10 * second)
    for (const share of [0.05, 0.2, 0.5, 1])
      expect(await callsWith(share, 10 * second)).toBeLessThanOrEqual(healthy)
  })

  it('Bounds: with intervals over maxDelay, at most one call per item and maxDelay more', async () => {
    const healthy = await callsWith(0, 10 * minute)
    expect(await callsWith(0.01, 10 * minute)).toBeLessThanOrEqual(healthy + 5 * 5)
  })
})

describe('one id that throws retryAfter', () => {
  it.each([
    [100, 1],
    [1000, 100],
  ])('Bounds: of %d items in batches of %d, the others get nine tenths', async (count, batchSize) => {
    const error = Object.assign(new Error('503'), { retryAfter: minute })
    const one = new Scenario((batch) => batch.some(({ id }) => id === 'i0') && error, { batchSize })
    createAll(one.w.cache, manyIds(count))
    await one.w.clock.advance(20 * minute)
    expect(one.share(manyIds(count).slice(1), 0)).toBeGreaterThanOrEqual(0.9)
  })
})
