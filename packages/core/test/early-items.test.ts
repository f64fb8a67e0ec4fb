import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAll, createAt, crowd, failed, log, sizes, timesOf } from './scheduling.ts'
import { done, running, unchanged, world } from './world.ts'

/** Like a number, but not known before the first sync: new items then bring nothing along. */
const every = (interval: number) => () => interval

describe('early items', () => {
  it('S5: an item that is due soon goes with the batch of one that is due', async () => {
    const w = world()
    w.cache.start()
    await createAt(w, { a: 0, b: 400 })
    await w.clock.advance(600)
    expect(log(w.calls)).toEqual(['0 a', '400 b', '1000 a b'])
  })

  it('S5: an item may come early by half its interval', async () => {
    const w = world({ interval: every(1000) })
    w.cache.start()
    await createAt(w, { a: 0, b: 500 })
    await w.clock.advance(500)
    expect(log(w.calls)).toEqual(['0 a', '500 b', '1000 a b'])
  })

  it('S5: no item comes earlier than that', async () => {
    const w = world({ interval: every(1000) })
    w.cache.start()
    await createAt(w, { a: 0, b: 501 })
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 a', '501 b', '1000 a', '1501 a b'])
  })

  it('S5: items that are due at the same time share a batch', async () => {
    const w = world()
    w.cache.start()
    await createAt(w, { a: 0, b: 0 })
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 a b', '1000 a b'])
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
    const w = world({ interval: (_, id) => (id === 'a' ? 1000 : 4000) })
    w.cache.start()
    await createAt(w, { b: 0, a: 3600 })
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 b', '3600 a', '4000 b', '4600 a'])
  })

  it('S5: a new item whose interval is a number brings along what is due soon', async () => {
    const w = world({ interval: 1000 })
    w.cache.start()
    await createAt(w, { a: 0, b: 600 })
    expect(log(w.calls)).toEqual(['0 a', '600 a b'])
  })

  it('S5: an item whose interval function has not run yet brings nothing along', async () => {
    const w = world({ interval: every(1000) })
    w.cache.start()
    await createAt(w, { a: 0, b: 900 })
    expect(log(w.calls)).toEqual(['0 a', '900 b'])
  })

  it('S5: an early item brings nothing along, however long its interval is', async () => {
    const intervals: Readonly<Record<string, number>> = { short: 1000, long: 100_000, longer: 100_000 }
    const w = world({
      syncOnCreate: false,
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

  it('S5, S8: an item that is asked for brings along what is due soon', async () => {
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

  it('S5, F2: after an item failure it may come early by half its delay, or half the interval of the due one', async () => {
    const w = world({
      answer: (batch) => batch.map(({ id }) => (id === 'b' ? failed(id) : { id, action: 'unchanged' })),
    })
    w.cache.start()
    await createAt(w, { a: 0, b: 400 })
    await w.clock.advance(2600)
    expect(log(w.calls)).toEqual(['0 a', '400 b', '1000 a b', '2000 a', '3000 a b'])
  })

  it('S5: an early item with a longer interval brings nothing along', async () => {
    const w = world({ interval: (_, id) => (id === 'a' ? 1000 : 10_000) })
    w.cache.start()
    await createAt(w, { b: 0, c: 5000, a: 8600 })
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 b', '5000 c', '8600 a', '9600 a b'])
  })

  it('S5: a new item in its batch window comes along, though its interval is not known yet', async () => {
    const w = world({ batchWindow: 500, interval: every(1000) })
    w.cache.start()
    await createAt(w, { a: 0, b: 1100 })
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['500 a', '1500 a b'])
  })

  it('S5: an item of a retry group never comes early', async () => {
    const w = world({
      answer: (batch, call) => (call.at === 400 ? Promise.reject(new Error('down')) : unchanged(batch)),
    })
    w.cache.start()
    await createAt(w, { a: 0, b: 400, c: 400 })
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 a', '400 b c', '1000 a', '1400 b c'])
  })

  it('S5: an item of a retry group brings nothing along', async () => {
    const w = world({
      interval: every(1000),
      answer: (batch, call) => (call.at === 600 ? Promise.reject(new Error('down')) : unchanged(batch)),
    })
    w.cache.start()
    await createAt(w, { a: 0, b: 600, c: 600 })
    await w.clock.advance(1400)
    expect(log(w.calls)).toEqual(['0 a', '600 b c', '1000 a', '1600 b c', '2000 a'])
  })

  it('S5: no item comes before its retryAfter', async () => {
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

  it('S5, F9: an isolated item never comes early, and after a success it does again', async () => {
    let isDown = true
    const w = world({
      interval: every(1000),
      answer: (batch) =>
        isDown && batch.some(({ id }) => id === 'b') ? Promise.reject(new Error('poison')) : unchanged(batch),
    })
    w.cache.start()
    await createAt(w, { a: 0, b: 400 })
    isDown = false
    await w.clock.advance(1600)
    expect(log(w.calls)).toEqual(['0 a', '400 b', '1000 a', '1400 b', '2000 a b'])
  })
})

describe('filling a batch', () => {
  it('S5: a batch is filled with the items due soonest', async () => {
    const w = world({ interval: every(1000), batchSize: 2 })
    w.cache.start()
    await createAt(w, { a: 0, c: 100, b: 300 })
    await w.clock.advance(1000)
    expect(log(w.calls).slice(3)).toEqual(['1000 a c', '1300 b'])
  })

  it('S5: a batch is filled up to batchSize', async () => {
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

  it('S5: every call has an item that was due, and none that could not come early', async () => {
    const creations = fc.array(fc.integer({ min: 0, max: 5000 }), {
      minLength: 1,
      maxLength: 60,
      size: 'max',
    })
    await fc.assert(
      fc.asyncProperty(creations, fc.integer({ min: 1, max: 25 }), async (created, batchSize) => {
        const w = await crowd(created, batchSize)
        const last = new Map<string, number>()
        for (const { at, ids } of w.calls) {
          const waits = ids.map((id) => (last.has(id) ? (last.get(id) ?? 0) + 1000 - at : 0))
          expect(Math.min(...waits)).toBe(0)
          expect(Math.max(...waits)).toBeLessThanOrEqual(500)
          for (const id of ids) last.set(id, at)
        }
      }),
      { numRuns: 60 },
    )
  })
})
