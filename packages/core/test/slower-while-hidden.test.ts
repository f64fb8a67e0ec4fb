import { describe, expect, it } from 'vitest'
import { createAll, log, manyIds, outcomeOf, times, timesOf } from './scheduling.ts'
import { running, unchanged, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

/** An item `a` of an interval of 3 s. It is 10 s, and `a` was refreshed at 0, 3, 6 and 9 s. */
async function shown(options: Options): Promise<World<Job> & { readonly since: () => number[] }> {
  const w = world({ interval: 3000, ...options })
  w.cache.start().getOrCreate('a', running())
  await w.clock.advance(10_000)
  return { ...w, since: () => times(w.calls).filter((at) => at > 9000) }
}

describe('slower while hidden', () => {
  it('G7: whatever is overdue is refreshed once per that time, from when it was hidden', async () => {
    const { clock, environment, since } = await shown({ refreshWhenHidden: 30_000 })
    environment.setVisible(false)
    await clock.advance(29_999)
    expect(since()).toEqual([])
    await clock.advance(70_001)
    expect(since()).toEqual([40_000, 70_000, 100_000])
  })

  it('G7, T3: shown again, what is overdue is refreshed at once, and in its interval from then on', async () => {
    const { clock, environment, since } = await shown({ refreshWhenHidden: 30_000 })
    environment.setVisible(false)
    await clock.advance(35_000)
    environment.setVisible(true)
    await clock.advance(4000)
    expect(since()).toEqual([40_000, 45_000, 48_000])
  })

  it('G7: hidden anew, the time counts from then', async () => {
    const { clock, environment, since } = await shown({ refreshWhenHidden: 30_000 })
    environment.setVisible(false)
    await clock.advance(31_000)
    environment.setVisible(true)
    await clock.advance(1000)
    environment.setVisible(false)
    await clock.advance(29_999)
    expect(since()).toEqual([40_000])
    await clock.advance(1)
    expect(since()).toEqual([40_000, 72_000])
  })

  it('G7: a round is what was overdue at its start, each item once, without early items', async () => {
    const intervals: Readonly<Record<string, number>> = { fast: 1000, soon: 31_000 }
    const { cache, clock, calls, environment } = world({
      refreshWhenHidden: 30_000,
      interval: (_, id) => intervals[id] ?? Infinity,
    })
    createAll(cache.start(), Object.keys(intervals))
    await clock.advance(500)
    environment.setVisible(false)
    await clock.advance(60_500)
    expect(log(calls)).toEqual(['0 fast soon', '30500 fast', '60500 fast soon'])
  })

  it('G7, S4: a round of many batches is made in full, within the slots', async () => {
    let most = 0
    const w: World<Job> = world({
      batchSize: 10,
      concurrency: 2,
      refreshWhenHidden: 30_000,
      interval: 20_000,
      answer: (batch) => {
        most = Math.max(most, w.cache.stats().runningCalls)
        return Promise.resolve(batch.map(({ id }) => ({ id, action: 'unchanged' as const })))
      },
    })
    createAll(w.cache.start(), manyIds(100))
    await w.clock.advance(100)
    w.environment.setVisible(false)
    await w.clock.advance(30_000)
    for (const id of manyIds(100)) expect(timesOf(w.calls, id)).toEqual([0, 30_100])
    expect(most).toBe(2)
  })

  it('G7, T6: after a sleep a round is due at once, and one only', async () => {
    const { cache, clock, environment, since } = await shown({ refreshWhenHidden: 30_000 })
    environment.setVisible(false)
    await clock.advance(5000)
    clock.sleep(3_600_000)
    cache.getOrCreate('seen', running())
    await clock.advance(29_999)
    expect(since()).toEqual([15_000])
    await clock.advance(1)
    expect(since()).toEqual([15_000, 45_000])
  })

  it('G7, F11: no item of a source that is down is tried more than once in a round', async () => {
    const { cache, clock, calls, environment } = world({
      interval: 3000,
      refreshWhenHidden: 30_000,
      answer: (batch, call) => (call.at < 10_000 ? unchanged(batch) : Promise.reject(new Error('down'))),
    })
    createAll(cache.start(), ['a', 'b'])
    await clock.advance(10_000)
    environment.setVisible(false)
    await clock.advance(290_000)
    for (const id of ['a', 'b']) {
      const rounds = timesOf(calls, id)
        .filter((at) => at > 9000)
        .map((at) => Math.floor((at - 10_000) / 30_000))
      expect(rounds).toEqual([...new Set(rounds)])
      expect(rounds[0]).toBe(1)
    }
  })

  it('G7: nothing overdue, nothing called', async () => {
    const { clock, environment, since } = await shown({ refreshWhenHidden: 500 })
    environment.setVisible(false)
    await clock.advance(1999)
    expect(since()).toEqual([])
    await clock.advance(501)
    expect(since()).toHaveLength(1)
  })

  it('G7: refresh works at once', async () => {
    const { cache, clock, environment, since } = await shown({ refreshWhenHidden: 30_000 })
    environment.setVisible(false)
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(100)
    expect(outcome.state).toBe('resolved')
    expect(since()).toEqual([10_000])
  })
})

describe('slower while offline', () => {
  it('G7: refreshWhenOffline does the same', async () => {
    const { clock, environment, since } = await shown({ refreshWhenOffline: 30_000 })
    environment.setOnline(false)
    await clock.advance(60_000)
    expect(since()).toEqual([40_000, 70_000])
  })

  it.each<[string, Options, number[]]>([
    ['the longer counts', { refreshWhenHidden: 20_000, refreshWhenOffline: 30_000 }, [40_000, 70_000]],
    ['whichever it is', { refreshWhenHidden: 30_000, refreshWhenOffline: 20_000 }, [40_000, 70_000]],
    ['false is longest', { refreshWhenHidden: 30_000, refreshWhenOffline: false }, []],
    ['true is none', { refreshWhenHidden: true, refreshWhenOffline: 30_000 }, [40_000, 70_000]],
  ])('G7: hidden and offline: %s', async (_, options, expected) => {
    const { clock, environment, since } = await shown(options)
    environment.setVisible(false)
    environment.setOnline(false)
    await clock.advance(60_000)
    expect(since()).toEqual(expected)
  })
})

describe('rounds while hidden', () => {
  it('G7: a time without anything overdue is no round: what falls due after it is refreshed when it is due', async () => {
    const { cache, clock, calls, environment } = world({ interval: 60_000, refreshWhenHidden: 10_000 })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    environment.setVisible(false)
    await clock.advance(54_000)
    // A write makes the cache look at what is due.
    cache.update('a', running(1))
    await clock.advance(5000)
    expect(times(calls)).toEqual([0, 60_000])
  })
})
