import { customBatches, type Batch } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, log, oneEach, outcomeOf } from './scheduling.ts'
import { done, isTerminal, running, unchanged, world, type World, type Job } from './world.ts'

const firstApart = <Each>(due: readonly Each[]): (readonly Each[])[] => [due.slice(0, 1), due.slice(1)]

describe('a batch of customBatches that waits', () => {
  /** `a` is in a running call, and `b` and `c` wait for its slot in one batch. */
  async function waiting(): Promise<World<Job>> {
    const w = world({ concurrency: 1, policies: [customBatches(firstApart)], answer: () => 'wait' })
    createAll(w.cache.start(), ['a', 'b', 'c'])
    await w.clock.advance(0)
    return w
  }

  it('S14: goes as a whole if one of its items is asked for, in a pause, too', async () => {
    const w = await waiting()
    w.cache.pause()
    w.lastCall().answer([])
    await w.clock.advance(100)
    expect(log(w.calls)).toEqual(['0 a'])
    const outcome = outcomeOf(w.cache.refresh('c'))
    await w.clock.advance(0)
    expect(log(w.calls)).toEqual(['0 a', '100 b c'])
    w.lastCall().answer(unchanged(w.lastCall().batch))
    await w.clock.advance(5000)
    expect(outcome.state).toBe('resolved')
    expect(w.calls).toHaveLength(2)
  })

  it.each([
    ['b', 'c'],
    ['c', 'b'],
  ])(
    "S14, G5: does not go in the user's pause for %s, which was asked for and is gone",
    async (id, other) => {
      const w = await waiting()
      w.cache.pause()
      const outcome = outcomeOf(w.cache.refresh(id))
      await w.clock.advance(0)
      w.cache.delete(id)
      w.lastCall().answer([])
      await w.clock.advance(100)
      expect(outcome.state).toBe('rejected')
      expect(log(w.calls)).toEqual(['0 a'])
      w.cache.resume()
      await w.clock.advance(0)
      expect(log(w.calls)).toEqual(['0 a', `100 ${other}`])
    },
  )

  it('T3, O1: the rest of it shows since when it is due, if what was asked for is gone', async () => {
    const w = await waiting()
    const before = w.cache.getSnapshot('b')
    let told = 0
    w.cache.subscribe('b', () => (told += 1), { activity: true })
    w.environment.setVisible(false)
    outcomeOf(w.cache.refresh('c'))
    await w.clock.advance(50)
    w.cache.delete('c')
    w.lastCall().answer([])
    await w.clock.advance(100)
    expect(log(w.calls)).toEqual(['0 a'])
    expect(w.cache.getSnapshot('b')).toBe(before)
    expect(told).toBe(0)
  })

  it("S14, G5: does not go in the user's pause for a first fetch that is gone", async () => {
    const apart = <Each extends { readonly id: string }>(due: readonly Each[]): (readonly Each[])[] => [
      due.filter(({ id }) => id === 'new'),
      due.filter(({ id }) => id !== 'new'),
    ]
    const w = world({ concurrency: 1, policies: [customBatches(apart)], answer: () => 'wait' })
    w.cache.start().getOrCreate('new')
    w.cache.getOrCreate('b', running())
    w.cache.getOrCreate('p')
    await w.clock.advance(0)
    w.cache.pause()
    w.cache.delete('p')
    w.lastCall().answer([])
    await w.clock.advance(100)
    expect(log(w.calls)).toEqual(['0 new'])
    w.cache.resume()
    await w.clock.advance(0)
    expect(log(w.calls)).toEqual(['0 new', '100 b'])
  })

  it('S14, G6: what is left of it stays due if the interval is longer by then', async () => {
    const w = await waiting()
    outcomeOf(w.cache.refresh('b'))
    await w.clock.advance(0)
    w.cache.setOptions({ interval: 600_000 })
    w.cache.delete('b')
    w.lastCall().answer([])
    await w.clock.advance(0)
    expect(log(w.calls)).toEqual(['0 a', '0 c'])
  })

  it('S14: goes once, whichever of its items are asked for', async () => {
    const w = await waiting()
    const outcomes = ['c', 'b'].map((id) => outcomeOf(w.cache.refresh(id)))
    w.lastCall().answer([])
    await w.clock.advance(0)
    w.lastCall().answer([])
    await w.clock.advance(500)
    expect(log(w.calls)).toEqual(['0 a', '0 b c'])
    expect(outcomes.map(({ state }) => state)).toEqual(['resolved', 'resolved'])
  })
})

describe('requested items under customBatches', () => {
  it('S7, O1: an early item that waits in its batch is due now, and its snapshot says so', async () => {
    const { cache, clock } = world({
      concurrency: 1,
      policies: [customBatches(oneEach)],
      answer: (batch, { at }) => (at < 1000 ? unchanged(batch) : 'wait'),
    })
    createAll(cache.start(), ['a'])
    await clock.advance(300)
    createAll(cache, ['b'])
    await clock.advance(0)
    const before = cache.getSnapshot('b')
    let told = 0
    cache.subscribe('b', () => (told += 1), { activity: true })
    await clock.advance(700)
    expect(before.nextRefreshAt).toBe(1_001_300)
    expect(cache.getSnapshot('b')).toMatchObject({ nextRefreshAt: 1_001_000, isRefreshing: false })
    expect(told).toBe(1)
  })

  it('S8, S6: a terminal item that is asked for is sent', async () => {
    const { cache, clock, calls } = world({ isTerminal, policies: [customBatches(oneEach)] })
    cache.start().getOrCreate('a', done())
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a'])
    expect(outcome.state).toBe('resolved')
  })

  it('G5: in the user’s pause a first fetch is made, and nothing else', async () => {
    const w = world<Job>({
      policies: [customBatches(oneEach)],
      answer: (batch) => batch.map(({ id }) => ({ id, item: running(1) })),
    })
    w.cache.start().pause()
    createAll(w.cache, ['a'])
    w.cache.getOrCreate('new')
    await w.clock.advance(5000)
    expect(log(w.calls)).toEqual(['0 new'])
    w.cache.resume()
    await w.clock.advance(0)
    expect(log(w.calls.slice(1)).sort()).toEqual(['5000 a', '5000 new'])
  })

  it.each([
    ['named', true],
    ['left out', false],
  ])('S9, O7: an item whose last subscriber leaves meanwhile is not sent, %s or not', async (_, isNamed) => {
    let leave = (): void => undefined
    const { cache, clock, calls } = world({
      gcTime: 500,
      policies: [
        customBatches((due) => {
          leave()
          return [due.filter(({ id }) => isNamed || id !== 'shown')]
        }),
      ],
    })
    cache.start()
    leave = cache.subscribe('shown', () => {}, { initialItem: running() })
    createAll(cache, ['a'])
    await clock.advance(499)
    expect(log(calls)).toEqual(['0 a'])
    expect(cache.has('shown')).toBe(true)
    await clock.advance(1)
    expect(cache.has('shown')).toBe(false)
  })
})

/** Batches of the ids that begin with one letter. */
function byLetter(due: Batch<Job>): Batch<Job>[] {
  const letters = new Set(due.map(({ id }) => id.slice(0, 1)))
  return [...letters].map((letter) => due.filter(({ id }) => id.startsWith(letter)))
}

describe('batches of customBatches and time', () => {
  it('O1, S7: an item that is left out twice at one moment keeps its snapshot', async () => {
    const w = world({
      interval: Infinity,
      policies: [customBatches((due) => [due.filter(({ id }) => id !== 'a')])],
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    const before = w.cache.getSnapshot('a')
    expect(before.nextRefreshAt).toBe(1_060_000)
    w.cache.getOrCreate('b', running())
    await w.clock.advance(0)
    expect(log(w.calls)).toEqual(['0 b'])
    expect(w.cache.getSnapshot('a')).toBe(before)
  })

  it("G5: one that holds a first fetch goes in the user's pause, too", async () => {
    const w: World<Job> = world({ policies: [customBatches(byLetter)], concurrency: 1, answer: () => 'wait' })
    w.cache.start()
    for (const id of ['a1', 'b1', 'b2']) w.cache.getOrCreate(id)
    w.cache.getOrCreate('b3', running())
    await w.clock.advance(0)
    w.cache.pause()
    w.lastCall().answer([{ id: 'a1', item: running() }])
    await w.clock.advance(0)
    expect(log(w.calls)).toEqual(['0 a1', '0 b1 b2 b3'])
  })

  it('G5, S7: after a stop, only the first fetches of it do', async () => {
    const w: World<Job> = world({
      policies: [customBatches(byLetter)],
      concurrency: 1,
      timeout: 500,
      answer: () => 'wait',
    })
    w.cache.start()
    for (const id of ['a1', 'b1']) w.cache.getOrCreate(id)
    w.cache.getOrCreate('b2', running())
    await w.clock.advance(0)
    void w.cache.stop()
    w.cache.pause()
    w.cache.delete('a1')
    w.cache.start()
    await w.clock.advance(600)
    expect(log(w.calls)).toEqual(['0 a1', '500 b1'])
  })
})
