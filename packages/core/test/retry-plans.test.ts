import { expiry } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, log, outcomeOf, timesOf, times } from './scheduling.ts'
import { unchanged, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

const down = new Error('down')
const busy = (retryAfter: number): Error => Object.assign(new Error('429'), { retryAfter })

/** A source that is down. `errorAt` says what a call throws that starts at a time. */
function downWorld(options: Options = {}, errorAt: (at: number) => Error = () => down): World<Job> {
  const w = world<Job>({
    interval: 60_000,
    batchSize: 2,
    answer: (_, { at }) => Promise.reject(errorAt(at)),
    ...options,
  })
  w.cache.start()
  return w
}

/** When a retry of the item is due, ms since the start. */
const dueOf = ({ cache }: World<Job>, id: string): number =>
  (cache.getSnapshot(id).nextRefreshAt ?? NaN) - 1_000_000

describe('a retryAfter', () => {
  it('F15: of a single healthy item counts for more than an hour in an outage, too', async () => {
    const w = downWorld({}, (at) => (at === 1500 ? busy(7_200_000) : down))
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(1500)
    createAll(w.cache, ['new'])
    await w.clock.advance(100)
    expect(timesOf(w.calls, 'new')).toEqual([1500])
    expect(dueOf(w, 'new')).toBe(7_201_500)
  })

  it('F8: of several begins a hold-off, whatever other policies there are', async () => {
    const w = downWorld({ policies: [expiry({ maxAge: 3_600_000 })] }, () => busy(5000))
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(100)
    createAll(w.cache, ['new'])
    await w.clock.advance(4899)
    expect(log(w.calls)).toEqual(['0 a b'])
    await w.clock.advance(1)
    expect(timesOf(w.calls, 'new')).toEqual([5000])
  })

  it('F8: a failure without one, later, does not put off the end of the hold-off', async () => {
    const w = downWorld({
      answer: (batch, { at, ids }) => (at === 0 && ids.includes('e') ? unchanged(batch) : 'wait'),
    })
    createAll(w.cache, ['a', 'b', 'c', 'd', 'e', 'f'])
    await w.clock.advance(100)
    w.calls[0]?.fail(busy(20_000))
    await w.clock.advance(0)
    void w.cache.refresh('e')
    await w.clock.advance(1100)
    w.calls[1]?.fail(down)
    await w.clock.advance(100)
    // It started after the hold-off began.
    w.lastCall().answer([])
    await w.clock.advance(0)
    createAll(w.cache, ['new'])
    await w.clock.advance(0)
    expect(log(w.calls)).toEqual(['0 a b', '0 c d', '0 e f', '1100 e', '1300 new'])
  })
})

describe('a probe', () => {
  /** An outage since 1200 in which `a` is the only item that failed. Delays are 1.2 times as long. Its first probe is at 2400. */
  async function alone(errorAt?: (at: number) => Error): Promise<World<Job>> {
    const w = downWorld({ random: () => 0.8, jitter: 0, retry: { jitter: 0.25 } }, errorAt)
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(1300)
    w.cache.delete('b')
    await w.clock.advance(1200)
    expect(log(w.calls)).toEqual(['0 a b', '1200 a b', '2400 a'])
    return w
  }

  it('F14, F16: of a group without other members is due one retry delay later', async () => {
    const w = await alone()
    expect(dueOf(w, 'a')).toBe(3600)
  })

  it('F14, F15: that throws retryAfter is due after that, and one retry delay after the next failure', async () => {
    const w = await alone((at) => (at === 2400 ? busy(30_000) : down))
    expect(dueOf(w, 'a')).toBe(32_400)
    await w.clock.advance(30_000)
    expect(times(w.calls).at(-1)).toBe(32_400)
    expect(dueOf(w, 'a')).toBe(33_600)
  })

  it('F11: is of the group with the fewest failed calls, which is the newer one here', async () => {
    const w = downWorld()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(1500)
    createAll(w.cache, ['c', 'd'])
    await w.clock.advance(2500)
    expect(log(w.calls)).toEqual(['0 a b', '1000 a b', '1500 c d', '2000 a', '4000 c'])
  })

  it('F11: is at first of an isolated item, if one is due', async () => {
    const w = downWorld()
    createAll(w.cache, ['alone'])
    await w.clock.advance(6500)
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 alone', '1000 alone', '3000 alone', '6500 a b', '7500 alone'])
  })

  it('F9: of an isolated item that fails in an outage leaves it isolated, with the same delay', async () => {
    const w = downWorld()
    createAll(w.cache, ['alone'])
    await w.clock.advance(3500)
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(7000)
    expect(timesOf(w.calls, 'alone')).toEqual([0, 1000, 3000, 10_500])
    // It had failed alone three times before: 1 s × 2 × 2.
    expect(dueOf(w, 'alone')).toBe(14_500)
  })
})

describe('the status in an announced outage', () => {
  /** An isolated item that failed at 0, 1000 and 3000, by which an outage is announced. */
  async function announced(): Promise<World<Job>> {
    const w = downWorld()
    createAll(w.cache, ['alone'])
    await w.clock.advance(3500)
    expect(w.cache.getStatus().isOutage).toBe(true)
    return w
  }

  it('G4, F12: retryAt is the next retry of an isolated item, if nothing else is there', async () => {
    const w = await announced()
    expect(w.cache.getStatus().retryAt).toBe(1_007_000)
  })

  it('G4: retryAt is undefined if no failed item is left', async () => {
    const w = await announced()
    w.cache.delete('alone')
    expect(w.cache.getStatus()).toMatchObject({ isOutage: true, retryAt: undefined })
  })

  it('G4, T6: it stays the same object when the wall clock is corrected by some ms', async () => {
    const w = await announced()
    const before = w.cache.getStatus()
    w.clock.setEpoch(w.clock.epoch() + 7)
    expect(w.cache.getStatus()).toBe(before)
  })
})

it('F15: a retryAfter of a retry call holds for an item whose neighbour is asked for meanwhile, and fails', async () => {
  const { cache, clock, calls } = world<Job>({
    jitter: 0,
    retry: { jitter: 0 },
    answer: (_, { at }) =>
      Promise.reject(Object.assign(new Error('busy'), at === 1000 && { retryAfter: 5000 })),
  })
  createAll(cache.start(), ['a', 'b'])
  await clock.advance(2100)
  const outcomes = [outcomeOf(cache.refresh('a')), outcomeOf(cache.refresh('b'))]
  await clock.advance(3800)
  expect(log(calls)).toEqual(['0 a b', '1000 a b', '2100 a'])
  expect(outcomes.map(({ error }) => error)).toMatchObject([{ message: 'busy' }, { message: 'busy' }])
  await clock.advance(200)
  expect(log(calls)).toHaveLength(4)
})
