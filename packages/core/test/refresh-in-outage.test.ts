import { customBatches } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import {
  busy,
  faultyWorld,
  gaps,
  linesOf,
  outagesOf,
  rowsOf,
  sizesAt,
  startWithPulse,
  type FaultyWorld,
} from './faulty-source.ts'
import { createAll, manyIds, outcomeOf, type Outcome } from './scheduling.ts'
import { done, isTerminal, world, type Job } from './world.ts'

type Options = NonNullable<Parameters<typeof faultyWorld>[0]>

/** An announced outage: failed calls at 5000, 6000, 7000, 9000 and 13,000; the next probe is due at 21,000. */
async function outage(count: number, options: Options = {}): Promise<FaultyWorld> {
  const w = faultyWorld({ interval: 5000, ...options })
  w.cache.start()
  createAll(w.cache, manyIds(count))
  await w.clock.advance(100)
  w.source.isDown = true
  await w.clock.advance(14_900)
  return w
}

/** The times of the calls that were asked for. */
const askedOf = (w: FaultyWorld): number[] =>
  w.events.flatMap((event) =>
    event.type === 'sync-started' && event.kind === 'asked' ? [w.calls[event.call - 1]?.at ?? NaN] : [],
  )

const statesOf = (outcomes: readonly Outcome[]): string[] => [...new Set(outcomes.map(({ state }) => state))]

describe('failed items that are asked for', () => {
  it('S14: share a call only within one retry group', async () => {
    const w = faultyWorld({ batchSize: 2 })
    w.source.poison.add('a').add('c')
    await startWithPulse(w)
    createAll(w.cache, ['a', 'b', 'c', 'd', 'x', 'y'])
    await w.clock.advance(500)
    w.source.poison.clear()
    const outcomes = ['a', 'c', 'x', 'b', 'd', 'y'].map((id) => outcomeOf(w.cache.refresh(id)))
    await w.clock.advance(0)
    expect(linesOf(w).slice(3).sort()).toEqual(['600 a b', '600 c d', '600 x y'])
    expect(statesOf(outcomes)).toEqual(['resolved'])
  })

  it('F10, S8: use at most concurrency − 1 slots', async () => {
    const w = world({
      batchSize: 1,
      interval: 60_000,
      answer: (_, { at }) => (at === 0 ? Promise.reject(new Error('down')) : 'wait'),
    })
    w.cache.start()
    createAll(w.cache, manyIds(8))
    await w.clock.advance(100)
    const outcomes = manyIds(8).map((id) => outcomeOf(w.cache.refresh(id)))
    await w.clock.advance(0)
    expect(w.cache.stats().runningCalls).toBe(3)
    for (const call of w.calls.slice(8)) call.answer([])
    await w.clock.advance(0)
    expect(outcomes.filter(({ state }) => state === 'resolved')).toHaveLength(3)
    expect(w.cache.stats().runningCalls).toBe(3)
  })

  it('S8: pass their delay, and reject with the error of their call', async () => {
    const w = faultyWorld()
    w.source.poison.add('a')
    await startWithPulse(w)
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(500)
    const outcomes = ['a', 'b'].map((id) => outcomeOf(w.cache.refresh(id)))
    await w.clock.advance(0)
    expect(linesOf(w)).toEqual(['100 a b', '600 a b'])
    expect(outcomes).toEqual([1, 2].map(() => ({ state: 'rejected', error: w.source.error })))
  })
})

describe('refresh in an outage', () => {
  it.each([1, 100])(
    'S15: 200 ids × 20 clicks in 2 s: a call per second (batchSize %d)',
    async (batchSize) => {
      const w = await outage(200, { batchSize })
      const outcomes: Outcome[] = []
      const from = w.clock.now()
      for (let click = 0; click < 20; click++) {
        outcomes.push(...manyIds(200).map((id) => outcomeOf(w.cache.refresh(id))))
        await w.clock.advance(100)
      }
      expect(rowsOf(w).filter(({ at }) => at >= from).length).toBeLessThanOrEqual(3)
      await w.clock.advance(2000)
      expect(askedOf(w).length).toBeLessThanOrEqual(3)
      expect(gaps(askedOf(w)).every((gap) => gap >= 1000)).toBe(true)
      expect(statesOf(outcomes)).toEqual(['rejected'])
      expect(outcomes.every(({ error }) => error === w.source.error)).toBe(true)
    },
  )

  it('S15: starts at once if the last failed call is a second ago', async () => {
    const w = await outage(4)
    outcomeOf(w.cache.refresh('i0'))
    await w.clock.advance(0)
    expect(askedOf(w)).toEqual([15_000])
  })

  it('S15: starts 1 s after the last failed call, which may have been asked for', async () => {
    const w = await outage(4)
    outcomeOf(w.cache.refresh('i0'))
    await w.clock.advance(300)
    const outcome = outcomeOf(w.cache.refresh('i1'))
    await w.clock.advance(699)
    expect([askedOf(w), outcome.state]).toEqual([[15_000], 'pending'])
    await w.clock.advance(1)
    expect([askedOf(w), outcome.state]).toEqual([[15_000, 16_000], 'rejected'])
  })

  it('S15: a call that fails rejects all that were asked for before its start, and no later ones', async () => {
    const w = await outage(4, { batchSize: 1 })
    w.source.latency = 500
    const before = manyIds(4).map((id) => outcomeOf(w.cache.refresh(id)))
    await w.clock.advance(100)
    const later = manyIds(4).map((id) => outcomeOf(w.cache.refresh(id)))
    await w.clock.advance(400)
    expect(askedOf(w)).toHaveLength(1)
    expect([statesOf(before), statesOf(later)]).toEqual([['rejected'], ['pending']])
    await w.clock.advance(1500)
    expect([askedOf(w).length, statesOf(later)]).toEqual([2, ['rejected']])
  })

  it('S15: healthy and new items are asked for one at a time, too', async () => {
    const w = await outage(4, { batchSize: 1, isTerminal })
    createAll(w.cache, [])
    for (const id of ['x', 'y', 'z']) w.cache.getOrCreate(id, done())
    const outcomes = ['x', 'y', 'z'].map((id) => outcomeOf(w.cache.refresh(id)))
    await w.clock.advance(900)
    expect(askedOf(w)).toHaveLength(1)
    expect(statesOf(outcomes)).toEqual(['rejected'])
  })

  it('S15: a refresh that succeeds lets the others go at once', async () => {
    const w = await outage(4, { batchSize: 1 })
    w.source.isDown = false
    const outcomes = manyIds(4).map((id) => outcomeOf(w.cache.refresh(id)))
    await w.clock.advance(0)
    expect(statesOf(outcomes)).toEqual(['resolved'])
    expect(outagesOf(w).at(-1)).not.toBe('outage-started')
  })

  it('S15: an item that is due by the clock still goes by the clock', async () => {
    const w = await outage(4)
    outcomeOf(w.cache.refresh('i0'))
    await w.clock.advance(0)
    createAll(w.cache, ['new'])
    outcomeOf(w.cache.refresh('i1'))
    await w.clock.advance(0)
    expect(linesOf(w).at(-1)).toBe('15000 new')
    await w.clock.advance(7000)
    expect(rowsOf(w).some(({ at, ids }) => at === 16_000 && ids.includes('i1'))).toBe(true)
  })

  it('F6, S15: a new item is not held back because somebody asks for it, too', async () => {
    const w = await outage(4)
    outcomeOf(w.cache.refresh('i0'))
    await w.clock.advance(100)
    createAll(w.cache, ['new'])
    const outcome = outcomeOf(w.cache.refresh('new'))
    await w.clock.advance(0)
    expect(linesOf(w).at(-1)).toBe('15100 new')
    expect(outcome.state).toBe('rejected')
  })

  it('S14, S15: a batch of a policy with an item that is due and not asked for still goes by the clock', async () => {
    const w = await outage(4, { policies: [customBatches((due) => [due.slice(0, 1), due.slice(1)])] })
    w.source.latency = 300
    createAll(w.cache, ['x', 'y', 'z'])
    for (const id of ['x', 'y']) outcomeOf(w.cache.refresh(id))
    await w.clock.advance(0)
    expect(sizesAt(w, 15_000)).toEqual([2, 1])
  })

  it.each([
    ['of asked items alone waits until those before it have settled', [], ['15000 a1']],
    ['that takes a due item along does not', ['b2'], ['15000 a1', '15000 b1 b2']],
  ])('S14, S15: a batch of a policy %s', async (_what, created, lines) => {
    const byLetter = customBatches<Job>((due) =>
      ['a', 'b', 'i'].map((letter) => due.filter(({ id }) => id.startsWith(letter))),
    )
    const w = faultyWorld({ interval: (_, id) => (id.startsWith('i') ? 5000 : 60_000), policies: [byLetter] })
    w.cache.start()
    createAll(w.cache, ['a1', 'b1', ...manyIds(4)])
    await w.clock.advance(100)
    w.source.isDown = true
    await w.clock.advance(14_900)
    w.source.latency = 300
    createAll(w.cache, created)
    for (const id of ['a1', 'b1']) outcomeOf(w.cache.refresh(id))
    await w.clock.advance(200)
    expect(linesOf(w).slice(-lines.length)).toEqual(lines)
    expect(w.calls.filter(({ at }) => at >= 15_000)).toHaveLength(lines.length)
  })

  it('S14, S15: a batch that is asked for while it waits for a slot still goes by the clock', async () => {
    const policies = [customBatches((due) => due.map((entry) => [entry]))]
    const w = await outage(4, { policies, concurrency: 1 })
    w.source.latency = 300
    createAll(w.cache, ['x', 'y'])
    await w.clock.advance(100)
    outcomeOf(w.cache.refresh('y'))
    await w.clock.advance(200)
    expect(linesOf(w).slice(-2)).toEqual(['15000 x', '15300 y'])
  })

  it('F6, S3: a new item that waited for a call of an earlier generation is not held back', async () => {
    const w = await outage(4)
    w.source.latency = 500
    createAll(w.cache, ['new'])
    await w.clock.advance(100)
    w.cache.delete('new')
    createAll(w.cache, ['new'])
    outcomeOf(w.cache.refresh('new'))
    await w.clock.advance(400)
    expect(linesOf(w).slice(-2)).toEqual(['15000 new', '15500 new'])
  })

  it('T3: in a pause it waits like others that are asked for', async () => {
    const w = await outage(4)
    outcomeOf(w.cache.refresh('i0'))
    await w.clock.advance(100)
    createAll(w.cache, ['new'])
    outcomeOf(w.cache.refresh('new'))
    w.environment.setVisible(false)
    await w.clock.advance(899)
    expect(linesOf(w).at(-1)).not.toContain('new')
    expect(w.cache.stats().waitingItems).toBe(5)
    await w.clock.advance(1)
    expect(linesOf(w).at(-1)).toBe('16000 new')
  })

  it('O1: a request that is rejected without a call of its item leaves the snapshot as it was', async () => {
    const w = await outage(4, { batchSize: 1 })
    const outcomes = manyIds(4).map((id) => outcomeOf(w.cache.refresh(id)))
    const before = w.cache.getSnapshot('i3')
    await w.clock.advance(0)
    expect(statesOf(outcomes)).toEqual(['rejected'])
    expect(w.cache.getSnapshot('i3')).toBe(before)
  })

  it('S13: a refresh that waits rejects with DELETED and STOPPED', async () => {
    const w = await outage(4)
    outcomeOf(w.cache.refresh('i0'))
    await w.clock.advance(100)
    const gone = outcomeOf(w.cache.refresh('i1'))
    const stopped = outcomeOf(w.cache.refresh('i2'))
    w.cache.delete('i1')
    await w.clock.advance(100)
    expect(gone).toMatchObject({ state: 'rejected', error: { code: 'DELETED' } })
    const stop = w.cache.stop()
    await w.clock.advance(0)
    await stop
    expect(stopped).toMatchObject({ state: 'rejected', error: { code: 'STOPPED' } })
    expect(askedOf(w)).toEqual([15_000])
  })
})

describe('refresh in a hold-off', () => {
  it('S15: one call at a time, 1 s after the last failed call', async () => {
    const w = faultyWorld({ interval: 5000, batchSize: 2 })
    w.source.error = busy(600_000)
    w.source.isDown = true
    w.cache.start()
    createAll(w.cache, manyIds(2))
    await w.clock.advance(500)
    createAll(w.cache, ['x', 'y'])
    const outcomes = ['i0', 'x', 'i1', 'y'].map((id) => outcomeOf(w.cache.refresh(id)))
    await w.clock.advance(499)
    expect([rowsOf(w).length, statesOf(outcomes)]).toEqual([1, ['pending']])
    await w.clock.advance(1)
    expect([rowsOf(w).length, statesOf(outcomes)]).toEqual([2, ['rejected']])
    expect(outcomes[0]?.error).toBe(w.source.error)
  })
})

describe('an id that stays dead, and is asked for again and again', () => {
  /** Asks for `i0` every so many ms, for as long as it takes until `i3` is refreshed. Returns how long that took. */
  async function untilFresh(w: FaultyWorld, every: number): Promise<number> {
    const from = w.clock.now()
    while (w.cache.getSnapshot('i3').error !== undefined && w.clock.now() - from < 600_000) {
      outcomeOf(w.cache.refresh('i0'))
      await w.clock.advance(every)
    }
    return w.clock.now() - from
  }

  it.each([500, 2000, 10_000, 55_000])(
    'F21: after an outage puts off no probe of the others: every %d ms',
    async (every) => {
      const w = faultyWorld({ interval: 5000 })
      w.cache.start()
      createAll(w.cache, manyIds(20))
      await w.clock.advance(1)
      w.source.isDown = true
      await w.clock.advance(300_000)
      w.source.isDown = false
      w.source.poison.add('i0')
      // maxDelay and its jitter, and two rounds.
      expect(await untilFresh(w, every)).toBeLessThanOrEqual(75_000 + 10_000)
    },
  )

  it('F21, T8: after a return puts off no retry of the others', async () => {
    const w = faultyWorld({ batchSize: 1, interval: 60_000 })
    manyIds(4).forEach((id) => w.source.poison.add(id))
    w.cache.start()
    createAll(w.cache, manyIds(4))
    await w.clock.advance(30_000)
    w.environment.setVisible(false)
    for (const id of ['i1', 'i2', 'i3']) w.source.poison.delete(id)
    await w.clock.advance(1000)
    w.environment.setVisible(true)
    expect(await untilFresh(w, 500)).toBeLessThanOrEqual(4000)
  })
})
