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
import { createAll, failed, manyIds, outcomeOf } from './scheduling.ts'
import { running, type Job, type World } from './world.ts'

type Options = Parameters<typeof faultyWorld>[0]

/** Items of one batch, refreshed at 0; the source goes down, and they fail together at 5000 and 6000. */
async function probed(count: number, options: Options = {}): Promise<FaultyWorld> {
  const w = faultyWorld({ interval: 5000, ...options })
  w.cache.start()
  createAll(w.cache, manyIds(count))
  await w.clock.advance(100)
  w.source.isDown = true
  return w
}

/** The kinds of the calls of one moment. */
const kindsAt = (w: World<Job>, time: number): string[] =>
  w.events.flatMap((event) =>
    event.type === 'sync-started' && w.calls[event.call - 1]?.at === time ? [event.kind] : [],
  )

const probesOf = (w: FaultyWorld, from: number) => rowsOf(w).filter(({ at }) => at >= from)

describe('probes', () => {
  it('F11, F15: leave an item out whose retryAfter has not passed', async () => {
    const w = await probed(4)
    await w.clock.advance(14_900)
    w.cache.ingest([failed('i0', 'busy', 600_000)])
    const before = w.calls.length
    await w.clock.advance(300_000)
    expect(w.calls.length).toBeGreaterThan(before + 4)
    expect(w.calls.slice(before).filter(({ ids }) => ids.includes('i0'))).toEqual([])
  })

  it('F11: take the items of a healthy call that failed in random order, and go on in that order', async () => {
    let draw = 1
    // Drawn ever smaller, which turns the order around.
    const w = await probed(4, { batchSize: 4, random: () => (draw -= 0.001), retry: { jitter: 0 } })
    await w.clock.advance(60_000)
    const probes = rowsOf(w).filter(({ ids }) => ids.length === 1)
    expect(probes.map(({ ids }) => ids.join())).toEqual(['i3', 'i2', 'i1', 'i0', 'i3'])
  })

  it('F11, F14: are single items, with pauses of one retry delay × factor up to a minute', async () => {
    const w = await probed(4)
    await w.clock.advance(320_000)
    const probes = probesOf(w, 7000)
    expect(gaps([6000, ...probes.map(({ at }) => at)])).toEqual(
      [1, 2, 4, 8, 16, 32, 60, 60, 60, 60].map((seconds) => seconds * 1000),
    )
    expect(probes.map(({ ids }) => ids.length)).toEqual(probes.map(() => 1))
    expect(kindsAt(w, 6000)).toEqual(['retry'])
    expect(kindsAt(w, 7000)).toEqual(['probe'])
  })

  it.each<[string, Options, number[]]>([
    ['maxDelay', { retry: { maxDelay: 3000 } }, [1000, 2000, 3000, 3000]],
    ['factor', { retry: { factor: 3 } }, [1000, 3000, 9000, 27_000]],
    [
      'jitter',
      { retry: { jitter: 1, maxDelay: 4000 }, random: () => 0.5, jitter: 0 },
      [1500, 3000, 6000, 6000],
    ],
  ])('F14, F16: obey %s of the options', async (_, options, expected) => {
    const w = await probed(4, options)
    await w.clock.advance(50_000)
    const [, , second, ...probes] = rowsOf(w).map(({ at }) => at)
    expect(gaps([second ?? 0, ...probes]).slice(0, 4)).toEqual(expected)
  })

  it('F14: begin with a shorter pause if the retry delay is shorter', async () => {
    const w = await probed(4, { interval: 400 })
    await w.cache.stop()
    await w.clock.advance(4900)
    w.cache.start()
    await w.clock.advance(12_000)
    expect(rowsOf(w).map(({ at }) => at)).toEqual([0, 5000, 5400, 5800, 6600, 8200, 11_400])
  })

  it('F14: the pause counts from the end of the failed probe', async () => {
    const w = await probed(4)
    w.source.latency = 500
    await w.clock.advance(24_000)
    expect(rowsOf(w).map(({ at }) => at)).toEqual([0, 5000, 6500, 8000, 10_500, 15_000, 23_500])
  })

  it('F11: run one at a time', async () => {
    const w = await probed(4)
    await w.clock.advance(6000)
    w.source.latency = 25_000
    await w.clock.advance(20_000)
    expect(probesOf(w, 7000)).toHaveLength(1)
    expect(w.cache.stats().runningCalls).toBe(1)
  })

  it('F14: a probe that fails in an outage goes to the end of its group', async () => {
    const w = await probed(4)
    await w.clock.advance(40_000)
    const order = probesOf(w, 7000).flatMap(({ ids }) => ids)
    expect([...order.slice(0, 4)].sort()).toEqual(manyIds(4))
    expect(order.slice(4)).toEqual(order.slice(0, order.length - 4))
  })

  it('F14, F15: a probe that throws retryAfter goes there, too: it comes before no other', async () => {
    const w = await probed(4)
    await w.clock.advance(8800)
    w.source.error = busy(15_000)
    await w.clock.advance(200)
    w.source.error = new Error('down')
    await w.clock.advance(300_000)
    const order = probesOf(w, 7000).flatMap(({ ids }) => ids)
    expect([...order.slice(0, 4)].sort()).toEqual(manyIds(4))
    expect(order.slice(4, 8)).toEqual(order.slice(0, 4))
  })

  it('F14: a probe that fails in an outage is not isolated', async () => {
    const w = await probed(4)
    await w.clock.advance(10_000)
    w.source.isDown = false
    await w.clock.advance(3000)
    expect(sizesAt(w, 13_000)).toEqual([2, 1, 1])
  })

  it('F11: choose the group with the fewest failed calls, its probes included', async () => {
    const w = await probed(4)
    await w.clock.advance(13_900)
    createAll(w.cache, ['x', 'y'])
    await w.clock.advance(25_000)
    const [created, ...later] = probesOf(w, 14_000)
    expect(created).toEqual({ at: 14_000, ids: ['x', 'y'] })
    expect(later.map(({ at }) => at)).toEqual([21_000, 37_000])
    expect(later.flatMap(({ ids }) => ids).sort()).toEqual(['x', 'y'])
  })
})

describe('the end of half-open', () => {
  it('F11: a successful probe; the batch limits of the groups outlast it', async () => {
    const w = await probed(8)
    await w.clock.advance(8000)
    w.source.isDown = false
    await w.clock.advance(1000)
    expect(sizesAt(w, 9000)).toEqual([4, 3, 1])
    expect(manyIds(8).map((id) => w.cache.getSnapshot(id).error)).toEqual(manyIds(8).map(() => undefined))
  })

  it('F11: a successful refresh of a failed item', async () => {
    const w = await probed(8)
    await w.clock.advance(8000)
    w.source.isDown = false
    const outcome = outcomeOf(w.cache.refresh('i0'))
    await w.clock.advance(0)
    expect(outcome.state).toBe('resolved')
    const { length } = probesOf(w, 8100).flatMap(({ ids }) => ids)
    expect(length).toBe(8)
  })

  it('F11, F14: not the success of a healthy item, which makes the pause one retry delay again', async () => {
    const w = await probed(4, { interval: 60_000 })
    await w.clock.advance(59_900)
    // Whole at 60,000 and 61,000; probes at 62,000, 64,000, 68,000; the next one would be at 76,000.
    await w.clock.advance(9000)
    manyIds(4).forEach((id) => w.source.poison.add(id))
    w.source.isDown = false
    w.cache.getOrCreate('new', running())
    await w.clock.advance(4000)
    // The probe at 69,000 multiplies nothing, because the new item succeeded since the one before.
    expect(probesOf(w, 69_000).map(({ at, ids }) => `${at}: ${ids.length}`)).toEqual([
      '69000: 1',
      '69000: 1',
      '70000: 1',
      '72000: 1',
    ])
    expect(outagesOf(w).slice(0, 2)).toEqual(['outage-started', 'outage-ended'])
  })
})

describe('sixteen failed retry calls in a row', () => {
  /** Creates a world with `count` single items that all fail at 100 and are retried at 1100, beside a pulse. */
  async function retried(count: number, options: Options = {}): Promise<FaultyWorld> {
    const w = faultyWorld({ batchSize: 1, concurrency: 2, ...options })
    manyIds(count).forEach((id) => w.source.poison.add(id))
    await startWithPulse(w)
    createAll(w.cache, manyIds(count))
    await w.clock.advance(1000)
    return w
  }

  it('F11: begin half-open, whatever healthy items do', async () => {
    const w = await retried(20)
    expect(sizesAt(w, 1100)).toHaveLength(16)
    await w.clock.advance(3500)
    expect(probesOf(w, 1101).map(({ at }) => at)).toEqual([2100, 3100, 4100])
    expect(outagesOf(w)).toEqual([])
    expect(kindsAt(w, 1100).filter((kind) => kind === 'retry')).toHaveLength(16)
    expect(kindsAt(w, 2100)).toContain('probe')
  })

  it('F11: a successful one among them begins the count anew', async () => {
    const w = faultyWorld({ concurrency: 2 })
    await startWithPulse(w)
    for (const id of manyIds(31)) {
      w.source.poison.add(id)
      createAll(w.cache, [id])
      await w.clock.advance(10)
    }
    w.source.poison.delete('i15')
    await w.clock.advance(1000)
    expect(linesOf(w).slice(31)).toEqual(manyIds(31).map((id, nth) => `${1100 + 10 * nth} ${id}`))
  })

  it('F11: a successful retry call ends it: all that is due is retried', async () => {
    const w = await retried(20)
    w.source.poison.clear()
    await w.clock.advance(1000)
    const first = new Set(probesOf(w, 2100).flatMap(({ ids }) => ids))
    // The four that were held back at 1100; the rest is due by its own delay.
    expect(first.size).toBe(4)
    await w.clock.advance(1000)
    expect(new Set(probesOf(w, 2100).flatMap(({ ids }) => ids)).size).toBe(20)
  })

  it('F11: then the isolated item that is due longest is probed', async () => {
    const w = faultyWorld({ concurrency: 2 })
    await startWithPulse(w)
    for (const id of manyIds(20)) {
      w.source.poison.add(id)
      createAll(w.cache, [id])
      await w.clock.advance(10)
    }
    await w.clock.advance(6000)
    expect(linesOf(w).slice(36, 40)).toEqual(['2250 i16', '3250 i17', '4250 i18', '5250 i19'])
  })

  it('F6, F11: new and healthy items are not held back by it', async () => {
    const w = await retried(20)
    createAll(w.cache, ['new'])
    await w.clock.advance(0)
    expect(linesOf(w).at(-1)).toBe('1100 new')
  })

  it('F11: probes take turns: an isolated item that is due, then an item of a group', async () => {
    const w = faultyWorld({ concurrency: 2 })
    await startWithPulse(w)
    for (const id of manyIds(20)) {
      w.source.poison.add(id)
      createAll(w.cache, [id])
      await w.clock.advance(0)
    }
    await w.clock.advance(1000)
    expect(sizesAt(w, 1100)).toHaveLength(16)
    const group = ['x', 'y', 'z']
    group.forEach((id) => w.source.poison.add(id))
    createAll(w.cache, group)
    await w.clock.advance(6500)
    const probes = probesOf(w, 2100).flatMap(({ ids }) => ids)
    // A probe that fails outside an outage isolates its item (F9).
    const kinds = probes.map((id, nth) => group.includes(id) && probes.indexOf(id) === nth)
    expect(kinds.filter(Boolean)).toHaveLength(3)
    expect(kinds.slice(1).every((isOfGroup, nth) => isOfGroup !== kinds[nth])).toBe(true)
    const before = rowsOf(w).length
    w.source.poison.clear()
    await w.clock.advance(60_000)
    const first = new Map(
      group.map((id) => [
        id,
        rowsOf(w)
          .slice(before)
          .find(({ ids }) => ids.includes(id)),
      ]),
    )
    expect([...first.values()].map((row) => row?.ids.length)).toEqual([1, 1, 1])
  })
})
