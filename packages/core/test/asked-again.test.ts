import { customBatches } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, log, outcomeOf, times, timesOf } from './scheduling.ts'
import { running, unchanged, world, type Job, type World } from './world.ts'

const down = new Error('down')

/** `h` and `x` were refreshed at 0; `a` and `b` failed at 1000 and 2000, by which an outage began. It is 2100. */
async function outage(answer: 'wait' | 'fail' = 'fail'): Promise<World<Job>> {
  const w = world<Job>({
    interval: 60_000,
    batchSize: 2,
    answer: (batch, { at, ids }) => {
      if (at === 0) return unchanged(batch)
      return ids.includes('x') && answer === 'wait' ? 'wait' : Promise.reject(down)
    },
  })
  createAll(w.cache.start(), ['h', 'x'])
  await w.clock.advance(1000)
  createAll(w.cache, ['a', 'b'])
  await w.clock.advance(1100)
  expect(log(w.calls)).toEqual(['0 h x', '1000 a b', '2000 a b'])
  return w
}

describe('an item that is asked for again', () => {
  it('S15: waits in an outage as if it had been asked for once', async () => {
    const { cache, clock, calls } = await outage()
    void cache.refresh('h')
    await clock.advance(10)
    void cache.refresh('h')
    await clock.advance(889)
    expect(timesOf(calls, 'h')).toEqual([0])
    await clock.advance(1)
    expect(timesOf(calls, 'h')).toEqual([0, 3000])
  })

  it('S14: keeps its place among those that are due', async () => {
    const { cache, clock, calls, lastCall } = world({
      concurrency: 1,
      batchSize: 1,
      answer: () => 'wait',
    })
    cache.start().getOrCreate('busy', running())
    await clock.advance(0)
    createAll(cache, ['a', 'b'])
    for (const id of ['a', 'b', 'a']) void cache.refresh(id)
    for (const _ of [1, 2]) {
      lastCall().answer([])
      await clock.advance(0)
    }
    expect(calls.map(({ ids }) => ids.join())).toEqual(['busy', 'a', 'b'])
  })

  it('S14: keeps its place among those of its retry group', async () => {
    const { cache, clock, calls } = world<Job>({
      interval: 60_000,
      answer: () => Promise.reject(down),
    })
    createAll(cache.start(), ['a', 'b', 'c', 'd'])
    await clock.advance(1100)
    for (const id of ['a', 'b', 'c', 'a']) void cache.refresh(id)
    await clock.advance(900)
    expect(log(calls).slice(0, 3)).toEqual(['0 a b c d', '1000 a b c d', '2000 a b'])
  })

  it('O1, S15: what was asked for after a call began stays as it was when that call fails', async () => {
    const { cache, clock, calls, lastCall } = await outage('wait')
    void cache.refresh('x')
    await clock.advance(900)
    const asked = calls.find(({ at, ids }) => at === 3000 && ids.includes('x'))
    expect(asked?.ids).toEqual(['x'])
    await clock.advance(100)
    const outcome = outcomeOf(cache.refresh('h'))
    await clock.advance(0)
    const before = cache.getSnapshot('h')
    await clock.advance(100)
    asked?.fail(down)
    await clock.advance(0)
    expect(cache.getSnapshot('h')).toBe(before)
    expect(outcome.state).toBe('pending')
    await clock.advance(1000)
    expect(lastCall().ids).toEqual(['h'])
    expect(timesOf(calls, 'h')).toEqual([0, 4200])
  })
})

describe('an item that customBatches leaves out', () => {
  /** A cache with an item `a`, which is left out of all batches as long as `skips` says so. */
  function skipping(skips: { a: boolean }, interval = 1000): World<Job> & { readonly offers: string[] } {
    const offers: string[] = []
    const w = world<Job>({
      interval,
      policies: [
        customBatches((due) => {
          offers.push(due.map(({ id }) => id).join(' '))
          return [due.filter(({ id }) => id !== 'a' || !skips.a)]
        }),
      ],
    })
    w.cache.start()
    return { ...w, offers }
  }

  it('S7, S8: stays asked for: one interval later it goes in a pause, too', async () => {
    const skips = { a: false }
    const { cache, clock, calls } = skipping(skips)
    cache.getOrCreate('a', running())
    await clock.advance(500)
    skips.a = true
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(100)
    skips.a = false
    cache.pause()
    await clock.advance(899)
    expect(outcome.state).toBe('pending')
    await clock.advance(1)
    expect([times(calls), outcome.state]).toEqual([[0, 1500], 'resolved'])
  })

  it('S7, G5: does not go in a pause if nobody asked for it', async () => {
    const skips = { a: true }
    const { cache, clock, calls, offers } = skipping(skips)
    cache.getOrCreate('a', running())
    await clock.advance(500)
    skips.a = false
    cache.pause()
    await clock.advance(5000)
    expect(calls).toEqual([])
    // Nor is it offered, because nothing may go.
    expect(offers).toEqual(['a'])
    cache.resume()
    await clock.advance(0)
    expect(times(calls)).toEqual([5500])
  })

  it('S7, O1: has a snapshot that says when it is due again', async () => {
    const { cache, clock } = skipping({ a: true })
    cache.getOrCreate('a', running())
    await clock.advance(500)
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(1_001_000)
    await clock.advance(1000)
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(1_002_000)
  })

  it('S7, O1: keeps its snapshot if it is left out twice at one moment', async () => {
    const { cache, clock, calls } = skipping({ a: true }, Infinity)
    await clock.advance(500)
    cache.getOrCreate('a', running())
    await clock.advance(0)
    const before = cache.getSnapshot('a')
    expect(before.nextRefreshAt).toBe(1_060_500)
    cache.getOrCreate('b', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['500 b'])
    expect(cache.getSnapshot('a')).toBe(before)
  })
})

it.each([
  // The last call failed at 9000.
  { batchSize: 1, asked: 9200, due: 9500 },
  // The last probe failed at 6000.
  { batchSize: 10, asked: 6200, due: 6500 },
])(
  'S15: in an outage an item that falls due takes nothing along that was asked for less than 1 s after a failed call: batchSize $batchSize',
  async ({ batchSize, asked, due }) => {
    const intervals: Record<string, number> = { f1: 2000, f2: 2000, x1: 60_000, d: due }
    const { cache, clock, calls }: World<Job> = world<Job>({
      batchSize,
      jitter: 0,
      retry: { jitter: 0 },
      interval: (_, id) => intervals[id] ?? 11_000,
      answer(batch, { at, ids }) {
        if (at === 0) return unchanged(batch)
        return ids.some((id) => id.startsWith('f')) ? Promise.reject(new Error('down')) : 'wait'
      },
    })
    createAll(cache.start(), ['f1', 'f2', 'x1', 'd'])
    await clock.advance(asked)
    void cache.refresh('x1')
    await clock.advance(700)
    expect(log(calls.filter(({ at }) => at >= asked))).toEqual([`${due} d`])
  },
)
