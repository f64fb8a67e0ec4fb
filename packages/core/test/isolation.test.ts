import { describe, expect, it } from 'vitest'
import { faultyWorld, gaps, linesOf, pulsed, rowsOf, startWithPulse } from './faulty-source.ts'
import { createAll, failed, outcomeOf } from './scheduling.ts'
import { running, unchanged, world, type Job, type World } from './world.ts'

/** The times of the calls that contain the id, from 0 for the first. */
function timesOf(w: World<Job>, id: string): number[] {
  const at = rowsOf(w)
    .filter(({ ids }) => ids.includes(id))
    .map((row) => row.at)
  return at.map((time) => time - (at[0] ?? 0))
}

/** A world in which `bad` has failed alone at 100. */
async function isolated(options: Parameters<typeof faultyWorld>[0] = {}) {
  const w = faultyWorld(options)
  w.source.poison.add('bad')
  await startWithPulse(w)
  createAll(w.cache, ['bad'])
  await w.clock.advance(0)
  return w
}

describe('an item that fails alone', () => {
  const delays: readonly (readonly [string, Parameters<typeof faultyWorld>[0], readonly number[]])[] = [
    ['retry delay × factor^(n−1), up to a minute', { interval: 5000 }, [1, 2, 4, 8, 16, 32, 60, 60]],
    ['up to the maxDelay of the options', { interval: 1000, retry: { maxDelay: 3000 } }, [1, 2, 3, 3]],
    ['up to a longer interval', { interval: 10_000, retry: { maxDelay: 3000 } }, [1, 2, 4, 8, 10, 10]],
    ['up to maxDelay if the interval is endless', { interval: Infinity }, [1, 2, 4, 8, 16, 32, 60, 60]],
    ['by the factor of the options', { retry: { factor: 3 } }, [1, 3, 9, 27, 60]],
    ['from the interval if that is below a second', { interval: 200 }, [0.2, 0.4, 0.8, 1.6]],
  ]

  it.each(delays)('F9: for the n-th time alone it is due after %s', async (_, options, seconds) => {
    const w = await isolated(options)
    await w.clock.advance(seconds.reduce((sum, one) => sum + one, 0) * 1000)
    expect(gaps(timesOf(w, 'bad'))).toEqual(seconds.map((one) => one * 1000))
  })

  it('F9: calls that are asked for make no later one rarer', async () => {
    const w = await isolated()
    for (let nth = 0; nth < 5; nth += 1) {
      outcomeOf(w.cache.refresh('bad'))
      await w.clock.advance(10)
    }
    await w.clock.advance(7000)
    // The retries are the second and third time alone.
    expect(timesOf(w, 'bad')).toEqual([0, 0, 10, 20, 30, 40, 1040, 3040, 7040])
  })

  it('F9: such a call puts the next retry off by one retry delay at most', async () => {
    const w = await isolated()
    await w.clock.advance(7500)
    // It failed at 0, 1000, 3000, and 7000, and is due at 15,000.
    outcomeOf(w.cache.refresh('bad'))
    await w.clock.advance(6500)
    outcomeOf(w.cache.refresh('bad'))
    await w.clock.advance(500)
    outcomeOf(w.cache.refresh('bad'))
    await w.clock.advance(20_000)
    expect(timesOf(w, 'bad')).toEqual([0, 1000, 3000, 7000, 7500, 14_000, 14_500, 15_500, 31_500])
  })

  it('F9: an item whose first failed call was asked for is isolated as by any other', async () => {
    const w = faultyWorld()
    await startWithPulse(w)
    createAll(w.cache, ['bad'])
    await w.clock.advance(500)
    w.source.poison.add('bad')
    outcomeOf(w.cache.refresh('bad'))
    await w.clock.advance(4000)
    expect(timesOf(w, 'bad')).toEqual([0, 500, 1500, 3500])
  })

  it('F16: the delay is multiplied by 1 to 1 + retry.jitter', async () => {
    const w = await isolated({ interval: 5000, random: () => 0.5 })
    await w.clock.advance(3400)
    expect(timesOf(w, 'bad')).toEqual([0, 1125, 3375])
  })

  it('F9, T1: an item that times out backs off in the same way', async () => {
    const w = world({
      timeout: 100,
      interval: pulsed(60_000),
      answer: (batch, { ids }) => (ids.includes('bad') ? 'wait' : unchanged(batch)),
    })
    await startWithPulse(w)
    createAll(w.cache, ['bad'])
    await w.clock.advance(7500)
    expect(timesOf(w, 'bad')).toEqual([0, 1100, 3200, 7300])
  })

  it('F9: failures in a retry group do not count, failures alone do', async () => {
    const w = faultyWorld()
    w.source.poison.add('bad')
    await startWithPulse(w)
    createAll(w.cache, ['a', 'bad'])
    await w.clock.advance(17_000)
    expect(timesOf(w, 'bad')).toEqual([0, 1000, 2000, 3000, 5000, 9000, 17_000])
    expect(w.cache.getSnapshot('bad').failureCount).toBe(7)
  })

  it('F9: failures alone in an outage do not count', async () => {
    const w = faultyWorld({ interval: 5000 })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(100)
    w.source.isDown = true
    await w.clock.advance(13_900)
    createAll(w.cache, ['bad'])
    await w.clock.advance(26_000)
    // Alone at 14,000, and by probes at 21,000 and 37,000; then the source heals, this item aside.
    w.source.isDown = false
    w.source.poison.add('bad')
    outcomeOf(w.cache.refresh('a'))
    await w.clock.advance(8000)
    expect(timesOf(w, 'bad').map((time) => 14_000 + time)).toEqual([
      ...[14_000, 21_000, 37_000],
      ...[40_000, 41_000, 43_000, 47_000],
    ])
  })
})

describe('an isolated item', () => {
  it('F9: is called alone, whoever is due at the same moment', async () => {
    const w = await isolated({ interval: 1000 })
    w.source.poison.add('worse')
    await w.clock.advance(1000)
    createAll(w.cache, ['h'])
    await w.clock.advance(0)
    createAll(w.cache, ['worse'])
    await w.clock.advance(4000)
    expect(linesOf(w).sort()).toEqual(
      [
        ...['100 bad', '1100 bad', '1100 h', '1100 worse', '2100 h', '2100 worse'],
        ...['3100 bad', '3100 h', '4100 h', '4100 worse', '5100 h'],
      ].sort(),
    )
  })

  it('S5: does not come early with others', async () => {
    const w = await isolated({ interval: 1000 })
    await w.clock.advance(900)
    createAll(w.cache, ['h'])
    await w.clock.advance(2100)
    expect(linesOf(w)).toEqual(['100 bad', '1000 h', '1100 bad', '2000 h', '3000 h', '3100 bad'])
  })

  it('F9: is healthy after a success: it shares batches again', async () => {
    const w = await isolated({ interval: 1000 })
    createAll(w.cache, ['h'])
    await w.clock.advance(500)
    w.source.poison.clear()
    await w.clock.advance(1500)
    expect(linesOf(w).sort()).toEqual(['100 bad', '100 h', '1100 bad', '1100 h', '2100 bad h'])
  })

  it('F9, F2: is isolated no longer after a successful call that answers `fail`', async () => {
    const w = world({
      interval: pulsed(1000),
      answer: (batch, { at, ids }) =>
        ids.includes('bad') && at < 3000
          ? Promise.reject(new Error('down'))
          : batch.map(({ id }) => (id === 'bad' ? failed(id) : { id, action: 'unchanged' })),
    })
    await startWithPulse(w)
    createAll(w.cache, ['bad'])
    await w.clock.advance(0)
    createAll(w.cache, ['h'])
    await w.clock.advance(7000)
    expect(timesOf(w, 'bad')).toEqual([0, 1000, 3000, 7000])
    expect(linesOf(w).slice(-1)).toEqual(['7100 bad h'])
  })

  it('S14: goes alone when it is asked for, beside another that is', async () => {
    const w = await isolated()
    w.source.poison.add('worse')
    createAll(w.cache, ['worse'])
    await w.clock.advance(500)
    const outcomes = ['bad', 'worse'].map((id) => outcomeOf(w.cache.refresh(id)))
    await w.clock.advance(0)
    expect(linesOf(w).slice(2).sort()).toEqual(['600 bad', '600 worse'])
    expect(outcomes.map(({ state }) => state)).toEqual(['rejected', 'rejected'])
  })

  it('F19: stays isolated, with its due time, when a value is pushed or written', async () => {
    const w = await isolated({ interval: 2000 })
    await w.clock.advance(400)
    createAll(w.cache, ['h'])
    w.cache.ingest([{ id: 'bad', item: running(1) }])
    w.cache.update('bad', running(2))
    expect(w.cache.getSnapshot('bad')).toMatchObject({ failureCount: 0, error: undefined })
    await w.clock.advance(2700)
    expect(linesOf(w)).toEqual(['100 bad', '500 h', '1100 bad', '2500 h', '3100 bad'])
  })

  it('L4: stays isolated over a stop', async () => {
    const w = await isolated({ interval: 2000 })
    await w.clock.advance(1400)
    createAll(w.cache, ['h'])
    await w.clock.advance(0)
    const stopped = w.cache.stop()
    await w.clock.advance(500)
    await stopped
    w.cache.start()
    await w.clock.advance(1600)
    expect(linesOf(w)).toEqual(['100 bad', '1100 bad', '1500 h', '3100 bad', '3500 h'])
  })

  it('F9: is retried as an item alone: a failed call of it is told as `retry`', async () => {
    const w = await isolated()
    await w.clock.advance(1000)
    const kinds = w.events.flatMap((event) =>
      event.type === 'sync-started' && event.ids.includes('bad') ? [event.kind] : [],
    )
    expect(kinds).toEqual(['clock', 'retry'])
  })
})
