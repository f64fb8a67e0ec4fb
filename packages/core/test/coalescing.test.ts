import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAll, failed, log, manyIds, sizes, times, timesOf } from './scheduling-helpers.ts'
import { done, running, unchanged, world, type Job, type World } from './world.ts'

/** Creates each id at its moment (ms), in order. */
async function createAt(
  { cache, clock }: World<Job>,
  moments: Readonly<Record<string, number>>,
): Promise<void> {
  for (const [id, at] of Object.entries(moments)) {
    if (at > clock.now()) await clock.advance(at - clock.now())
    cache.getOrCreate(id, running())
  }
  await clock.advance(0)
}

/** As a number would be, but not known before the first sync: new items then pull nobody along. */
const every = (interval: number) => () => interval

describe('who comes along', () => {
  it('S5: an item that is due soon goes with the batch of one that is due', async () => {
    const w = world()
    w.cache.start()
    await createAt(w, { a: 0, b: 400 })
    await w.clock.advance(600)
    expect(log(w.calls)).toEqual(['0 a', '400 b', '1000 a b'])
  })

  it('S5: items that went together stay together', async () => {
    const w = world()
    w.cache.start()
    await createAt(w, { a: 0, b: 100, c: 250, d: 400 })
    await w.clock.advance(4600)
    expect(log(w.calls).slice(4)).toEqual([
      '1000 a b c d',
      '2000 a b c d',
      '3000 a b c d',
      '4000 a b c d',
      '5000 a b c d',
    ])
  })

  it('S5: an item whose due time is as far away as coalesce allows comes along', async () => {
    const w = world({ interval: every(1000) })
    w.cache.start()
    await createAt(w, { a: 0, b: 500 })
    await w.clock.advance(500)
    expect(log(w.calls)).toEqual(['0 a', '500 b', '1000 a b'])
  })

  it('S5: one that is further away does not', async () => {
    const w = world({ interval: every(1000) })
    w.cache.start()
    await createAt(w, { a: 0, b: 501 })
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 a', '501 b', '1000 a', '1501 a b'])
  })

  it('S5: coalesce is a share of the interval', async () => {
    const w = world({ interval: every(1000), coalesce: 0.1 })
    w.cache.start()
    await createAt(w, { a: 0, b: 100, c: 201 })
    await w.clock.advance(1000)
    expect(log(w.calls).slice(3)).toEqual(['1000 a b', '1201 c'])
  })

  it('S5: with coalesce 0 nobody comes early', async () => {
    const w = world({ interval: every(1000), coalesce: 0 })
    w.cache.start()
    await createAt(w, { a: 0, b: 1 })
    await w.clock.advance(2000)
    expect(log(w.calls)).toEqual(['0 a', '1 b', '1000 a', '1001 b', '2000 a', '2001 b'])
  })

  it('S5: with coalesce 0, items that are due at the same time still share a batch', async () => {
    const w = world({ coalesce: 0 })
    w.cache.start()
    await createAt(w, { a: 0, b: 0 })
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 a b', '1000 a b'])
  })

  it('S5: with coalesce 1 a whole interval may be skipped', async () => {
    const w = world({ interval: every(1000), coalesce: 1 })
    w.cache.start()
    await createAt(w, { a: 0, b: 999 })
    await w.clock.advance(1)
    expect(log(w.calls)).toEqual(['0 a', '999 b', '1000 a b'])
  })

  it('S5: the smaller interval decides when the item with the larger one would come early', async () => {
    const w = world({ interval: (_, id) => (id === 'a' ? 1000 : 4000) })
    w.cache.start()
    await createAt(w, { a: 0, b: 300 })
    await w.clock.advance(3700)
    expect(timesOf(w.calls, 'a')).toEqual([0, 1000, 2000, 3000, 4000])
    expect(timesOf(w.calls, 'b')).toEqual([300, 4000])
  })

  it('S5: the smaller interval decides when the item with the smaller one would come early', async () => {
    const w = world({ coalesce: 0.3, interval: (_, id) => (id === 'a' ? 1000 : 4000) })
    w.cache.start()
    await createAt(w, { a: 0, b: 500 })
    await w.clock.advance(4500)
    expect(timesOf(w.calls, 'a')).toEqual([0, 1000, 2000, 3000, 4000, 5000])
    expect(timesOf(w.calls, 'b')).toEqual([500, 4500])
  })

  it('S5: a new item whose interval is a number is a due item like others: it brings along who is due soon', async () => {
    const w = world({ interval: 1000 })
    w.cache.start()
    await createAt(w, { a: 0, b: 600 })
    expect(log(w.calls)).toEqual(['0 a', '600 a b'])
  })

  it('S5: one whose interval function has not run yet pulls nobody along', async () => {
    const w = world({ interval: every(1000) })
    w.cache.start()
    await createAt(w, { a: 0, b: 900 })
    expect(log(w.calls)).toEqual(['0 a', '900 b'])
  })

  it('S5: who comes along brings nobody along, however long its interval is', async () => {
    const intervals: Readonly<Record<string, number>> = { short: 1000, long: 100_000, longer: 100_000 }
    const w = world({
      syncOnCreate: false,
      coalesce: 0.1,
      jitter: 0,
      interval: (_, id) => intervals[id] ?? 0,
    })
    w.cache.start().getOrCreate('long', running())
    await w.clock.advance(5000)
    w.cache.getOrCreate('longer', running())
    await w.clock.advance(93_950)
    w.cache.getOrCreate('short', running())
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['99950 long short'])
  })

  it('S5: refresh brings along who is due soon', async () => {
    const w = world()
    w.cache.start()
    await createAt(w, { a: 0, b: 400 })
    await w.clock.advance(200)
    await Promise.all([w.cache.refresh('b'), w.clock.advance(0)])
    expect(log(w.calls)).toEqual(['0 a', '400 b', '600 a b'])
  })

  it('S5: an item of a running call does not come along', async () => {
    const w = world({ answer: (batch, call) => (call.at === 400 ? 'wait' : unchanged(batch)) })
    w.cache.start()
    await createAt(w, { a: 0, b: 400 })
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 a', '400 b', '1000 a'])
  })

  it('S5: an item that waits after a failure never comes early', async () => {
    const w = world({
      answer: (batch) => batch.map(({ id }) => (id === 'b' ? failed(id) : { id, action: 'unchanged' })),
    })
    w.cache.start()
    await createAt(w, { a: 0, b: 400 })
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 a', '400 b', '1000 a', '1400 b'])
  })

  it('S5: who comes along brings nobody along', async () => {
    const w = world({ interval: (_, id) => (id === 'a' ? 1000 : 10_000) })
    w.cache.start()
    await createAt(w, { b: 0, c: 5000, a: 8600 })
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 b', '5000 c', '8600 a', '9600 a b'])
  })

  it('S5: a new item that waits for company comes along, though its interval is not known yet', async () => {
    const w = world({ batchWindow: 500, interval: every(1000) })
    w.cache.start()
    await createAt(w, { a: 0, b: 1100 })
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['500 a', '1500 a b'])
  })

  it('S5: nor does one whose whole call failed', async () => {
    const w = world({
      answer: (batch, call) => (call.at === 400 ? Promise.reject(new Error('down')) : unchanged(batch)),
    })
    w.cache.start()
    await createAt(w, { a: 0, b: 400, c: 400 })
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 a', '400 b c', '1000 a', '1400 b c'])
  })

  it('S5: nor one that waits for a retryAfter', async () => {
    const w = world({
      answer: (batch, call) =>
        batch.map(({ id }) =>
          call.at === 400 ? failed(id, new Error('busy'), 900) : { id, action: 'unchanged' },
        ),
    })
    w.cache.start()
    await createAt(w, { a: 0, b: 400 })
    await w.clock.advance(1000)
    expect(timesOf(w.calls, 'b')).toEqual([400, 1400])
  })

  it('S5: after a success it comes early again', async () => {
    let up = false
    const w = world({
      answer: (batch) =>
        batch.map(({ id }) => (id === 'b' && !up ? failed(id) : { id, action: 'unchanged' })),
    })
    w.cache.start()
    await createAt(w, { a: 0, b: 400 })
    up = true
    await w.clock.advance(1600)
    expect(log(w.calls)).toEqual(['0 a', '400 b', '1000 a', '1400 b', '2000 a b'])
  })
})

describe('how a batch is filled', () => {
  it('S5: with those due soonest', async () => {
    const w = world({ interval: every(1000), batchSize: 2 })
    w.cache.start()
    await createAt(w, { a: 0, c: 100, b: 300 })
    await w.clock.advance(1000)
    expect(log(w.calls).slice(3)).toEqual(['1000 a c', '1300 b'])
  })

  it('S5: up to batchSize', async () => {
    const w = world({ batchSize: 3 })
    w.cache.start()
    await createAt(w, { a: 0, b: 10, c: 20, d: 30, e: 40 })
    await w.clock.advance(1000 - 40)
    expect(log(w.calls).slice(5)).toEqual(['1000 a b c'])
  })

  it('S5: an early item never causes a call of its own', async () => {
    const w = world({ batchSize: 1 })
    w.cache.start()
    await createAt(w, { a: 0, b: 100 })
    await w.clock.advance(900)
    expect(log(w.calls)).toEqual(['0 a', '100 b', '1000 a'])
    await w.clock.advance(100)
    expect(log(w.calls)).toEqual(['0 a', '100 b', '1000 a', '1100 b'])
  })

  it('S5: early items fill what is left in the last batch, and no more', async () => {
    const w = world({ interval: every(1000), batchSize: 2 })
    w.cache.start()
    createAll(w.cache, ['a', 'b', 'c'])
    await w.clock.advance(200)
    createAll(w.cache, ['d', 'e'])
    await w.clock.advance(800)
    const woken = w.calls.filter((call) => call.at === 1000)
    expect(sizes(woken)).toEqual([2, 2])
    expect(woken.flatMap((call) => call.ids)).toEqual(expect.arrayContaining(['a', 'b', 'c']))
  })

  it('S5: an item that came early is not called again at the time when it would have been due', async () => {
    const w = world()
    w.cache.start()
    await createAt(w, { a: 0, b: 400 })
    await w.clock.advance(1599)
    expect(timesOf(w.calls, 'b')).toEqual([400, 1000])
  })

  it('S5: an item that is deleted or terminal does not come along', async () => {
    const w = world({ isTerminal: (job) => job.done })
    w.cache.start()
    await createAt(w, { a: 0, b: 100, c: 200, d: 300 })
    w.cache.delete('b')
    w.cache.update('c', done())
    await w.clock.advance(700)
    expect(log(w.calls).slice(4)).toEqual(['1000 a d'])
  })
})

describe('jitter', () => {
  it('S5: jitter adds a share of the interval', async () => {
    const { cache, clock, calls } = world({ random: () => 0.5 })
    cache.start().getOrCreate('a', running())
    await clock.advance(2100)
    expect(times(calls)).toEqual([0, 1050, 2100])
  })

  it('S5: it is the share that the option says', async () => {
    const { cache, clock, calls } = world({ random: () => 0.5, jitter: 1 })
    cache.start().getOrCreate('a', running())
    await clock.advance(3000)
    expect(times(calls)).toEqual([0, 1500, 3000])
  })

  it('S5: with jitter 0 refreshes come exactly', async () => {
    const { cache, clock, calls } = world({ random: () => 0.5, jitter: 0 })
    cache.start().getOrCreate('a', running())
    await clock.advance(2000)
    expect(times(calls)).toEqual([0, 1000, 2000])
  })

  it('S5: jitter is drawn once a batch, so that its items stay together', async () => {
    let seed = 1
    const random = (): number => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed / 2_147_483_647
    }
    const w = world({ random, coalesce: 0, jitter: 1 })
    w.cache.start()
    createAll(w.cache, manyIds(20))
    await w.clock.advance(20_000)
    expect(w.calls.length).toBeGreaterThan(9)
    expect(new Set(sizes(w.calls))).toEqual(new Set([20]))
    expect(new Set(times(w.calls).map((at, index, all) => at - (all[index - 1] ?? 0))).size).toBeGreaterThan(
      5,
    )
  })

  it('S5: batches of their own draw each', async () => {
    let draws = 0
    const w = world({ random: () => (draws += 1) / 100, batchSize: 1, coalesce: 0 })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(0)
    const planned = ['a', 'b'].map((id) => w.cache.getSnapshot(id).nextRefreshAt)
    expect(new Set(planned).size).toBe(2)
  })

  it('S5: an early item does not undo the coalescing with jitter', async () => {
    const w = world({ random: () => 0.9 })
    w.cache.start()
    await createAt(w, { a: 0, b: 200, c: 400 })
    await w.clock.advance(20_000)
    expect(new Set(sizes(w.calls.slice(3)))).toEqual(new Set([3]))
  })
})

describe('what it costs', () => {
  const interval = 1000
  const moments = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 60, size: 'max' })

  async function crowd(
    created: readonly number[],
    batchSize: number,
    coalesce?: number,
  ): Promise<World<Job>> {
    const w = world({ interval, batchSize, parallelism: 1000, coalesce })
    w.cache.start()
    await createAt(
      w,
      Object.fromEntries([...created].sort((a, b) => a - b).map((at, index) => [`i${index}`, at])),
    )
    await w.clock.advance(15_000)
    return w
  }

  it('S5: N items, created at any N moments, soon cost at most 2⌈N / batchSize⌉ calls an interval', async () => {
    await fc.assert(
      fc.asyncProperty(moments, fc.integer({ min: 1, max: 25 }), async (created, batchSize) => {
        const w = await crowd(created, batchSize)
        const before = w.calls.length
        await w.clock.advance(10 * interval)
        const batches = Math.ceil(created.length / batchSize)
        expect(w.calls.length - before).toBeLessThanOrEqual(2 * batches * 10)
        // Each item is refreshed at least once an interval, which takes so many calls.
        expect(w.calls.length - before).toBeGreaterThanOrEqual((created.length * 10) / batchSize)
      }),
      { numRuns: 60 },
    )
  })

  it('S5: however early some come, none comes late', async () => {
    await fc.assert(
      fc.asyncProperty(moments, fc.integer({ min: 1, max: 25 }), async (created, batchSize) => {
        const w = await crowd(created, batchSize)
        for (const id of manyIds(created.length)) {
          const at = timesOf(w.calls, id)
          for (const [index, time] of at.slice(1).entries())
            expect(time - (at[index] ?? 0)).toBeLessThanOrEqual(interval)
          expect(w.clock.now() - (at.at(-1) ?? 0)).toBeLessThan(interval)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('S5: every call has an item that was due, and none that could not come early', async () => {
    await fc.assert(
      fc.asyncProperty(
        moments,
        fc.integer({ min: 1, max: 25 }),
        fc.constantFrom(0, 0.2, 0.5, 1),
        async (created, batchSize, coalesce) => {
          const w = await crowd(created, batchSize, coalesce)
          const last = new Map<string, number>()
          for (const { at, ids } of w.calls) {
            const waits = ids.map((id) => (last.has(id) ? (last.get(id) ?? 0) + interval - at : 0))
            expect(Math.min(...waits)).toBe(0)
            expect(Math.max(...waits)).toBeLessThanOrEqual(coalesce * interval)
            for (const id of ids) last.set(id, at)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('S5: 200 items created 5 ms apart, as rows of a list are, cost at most 2 calls an interval', async () => {
    const w = world({ batchSize: 200 })
    w.cache.start()
    await createAt(w, Object.fromEntries(manyIds(200).map((id, index) => [id, index * 5])))
    await w.clock.advance(5000)
    const before = w.calls.length
    await w.clock.advance(10_000)
    expect(w.calls.length - before).toBeLessThanOrEqual(20)
    expect(w.calls.length - before).toBeGreaterThanOrEqual(10)
  })

  it('S5: it holds while items come and go', async () => {
    const w = world({ batchSize: 50 })
    w.cache.start()
    for (let step = 0; step < 300; step++) {
      w.cache.getOrCreate(`i${step}`, running())
      if (step >= 50) w.cache.delete(`i${step - 50}`)
      await w.clock.advance(10)
    }
    await w.clock.advance(5000)
    const before = w.calls.length
    await w.clock.advance(10_000)
    expect(w.cache.size).toBe(50)
    expect(w.calls.length - before).toBeLessThanOrEqual(20)
  })
})
