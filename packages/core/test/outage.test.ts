import { describe, expect, it } from 'vitest'
import { faultyWorld, outagesOf, rowsOf, sizesAt, startWithPulse, type FaultyWorld } from './faulty-source.ts'
import { after, createAll, failed, manyIds, times, timesOf, typesOf } from './scheduling.ts'
import { running, unchanged, world, type Job, type World } from './world.ts'
import { customBatches, type Batch, type SyncResponse } from '@auto-refresh/core'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

/** Items that were refreshed once, at 0; then the source goes down. They fail at 5000 for the first time. */
async function goneDown(count: number, options: Options = {}): Promise<FaultyWorld> {
  const w = faultyWorld({ interval: 5000, ...options })
  w.cache.start()
  createAll(w.cache, manyIds(count))
  await w.clock.advance(1)
  w.source.isDown = true
  return w
}

describe('when an outage begins', () => {
  it('F6: when the second call fails, a second or more after the last success', async () => {
    const w = await goneDown(4)
    await w.clock.advance(7500)
    expect([5000, 6000, 7000].map((at) => sizesAt(w, at))).toEqual([[4], [4], [1]])
  })

  it('F6: not while calls succeed: then groups are halved', async () => {
    const w = faultyWorld()
    manyIds(4).forEach((id) => w.source.poison.add(id))
    await startWithPulse(w)
    createAll(w.cache, manyIds(4))
    await w.clock.advance(2000)
    expect([100, 1100, 2100].map((at) => sizesAt(w, at))).toEqual([[4], [4], [2, 2]])
  })

  it.each([
    ['1000 ms', 0, [1]],
    ['999 ms', 1, [2, 2]],
  ])('F6: the last success must be a second ago: %s', async (_, goodAt, sizes) => {
    const w = faultyWorld()
    for (const id of [...manyIds(4), 'alone']) w.source.poison.add(id)
    w.cache.start()
    createAll(w.cache, manyIds(4))
    await w.clock.advance(goodAt)
    createAll(w.cache, ['good'])
    await w.clock.advance(2 - goodAt)
    // One more call that fails after the success. Its item is isolated, so its retry begins no outage.
    createAll(w.cache, ['alone'])
    await w.clock.advance(2500)
    expect(sizesAt(w, 1000)).toEqual([4])
    expect(sizesAt(w, 2000)).toEqual(sizes)
  })

  it('F6: without any success the start counts', async () => {
    const w = faultyWorld()
    w.source.isDown = true
    w.cache.start()
    createAll(w.cache, manyIds(4))
    await w.clock.advance(2000)
    expect([0, 1000, 2000].map((at) => sizesAt(w, at))).toEqual([[4], [4], [1]])
  })

  it('F6, F12: calls of an isolated item begin none, but are told of if no item is healthy', async () => {
    const w = await goneDown(1)
    await w.clock.advance(3_600_000)
    expect(outagesOf(w)).toEqual(['outage-started'])
    expect(w.cache.getStatus().isOutage).toBe(true)
    const kinds = w.events.flatMap((event) => (event.type === 'sync-started' ? [event.kind] : []))
    // 16 failed retry calls begin the half-open state, and no outage does (F11).
    expect(kinds.slice(0, 17)).not.toContain('probe')
  })

  it('F12: they are not told of while another item is healthy', async () => {
    const answer = (batch: Batch<Job>): SyncResponse<Job>[] => {
      if (batch.some(({ id }) => id === 'dead')) throw new Error('poison')
      return unchanged(batch)
    }
    const w = world({ interval: 60_000, batchSize: 1, answer })
    w.cache.start().getOrCreate('fine', running())
    w.cache.getOrCreate('dead', running())
    await w.clock.advance(600_000)
    expect(w.cache.getSnapshot('dead').failureCount).toBeGreaterThan(6)
    expect(outagesOf(w)).toEqual([])
  })

  it('F6: items that the source answers with `fail` begin none', async () => {
    const w = await goneDown(3, { batchSize: 1, answer: (batch) => batch.map(({ id }) => failed(id)) })
    await w.clock.advance(60_000)
    expect(outagesOf(w)).toEqual([])
    expect(w.cache.getStatus().error).toBeUndefined()
  })

  it('F6, T1: timeouts are failed calls', async () => {
    const w = await goneDown(2, {
      timeout: 500,
      answer: (batch, { at }) => (at === 0 ? unchanged(batch) : 'wait'),
    })
    await w.clock.advance(9000)
    expect(outagesOf(w)).toEqual(['outage-started'])
  })

  it('F6, L4: calls that `stop` aborts count in nothing', async () => {
    const w = world({
      interval: 5000,
      batchSize: 1,
      answer: (batch, { at }) => (at === 5000 ? 'wait' : unchanged(batch)),
    })
    w.cache.start()
    createAll(w.cache, manyIds(4))
    await w.clock.advance(5000)
    const stopped = w.cache.stop()
    w.calls.filter(({ at }) => at === 5000).forEach((call) => call.fail(new Error('aborted')))
    await stopped
    w.cache.start()
    await w.clock.advance(100)
    expect(outagesOf(w)).toEqual([])
    expect(times(w.calls).filter((at) => at >= 5000)).toHaveLength(8)
    expect(w.cache.getSnapshot('i0').failureCount).toBe(0)
  })
})

describe('notifications of an outage', () => {
  it('F12: it is told once, at the third failed call in a row', async () => {
    const w = await goneDown(4)
    const seen: unknown[] = []
    for (const wait of [5000, 1000, 998, 2, 60_000]) {
      await w.clock.advance(wait)
      seen.push([outagesOf(w).length, w.cache.getStatus().isOutage])
    }
    expect(seen).toEqual([
      [0, false],
      [0, false],
      [0, false],
      [1, true],
      [1, true],
    ])
  })

  it('F12: at its beginning if three calls have failed by then', async () => {
    const w = faultyWorld({ batchSize: 2 })
    w.source.isDown = true
    w.cache.start()
    createAll(w.cache, manyIds(8))
    await w.clock.advance(999)
    expect(outagesOf(w)).toEqual([])
    await w.clock.advance(1)
    expect(outagesOf(w)).toEqual(['outage-started'])
  })

  it('F12: its end is told, once', async () => {
    const w = await goneDown(4)
    await w.clock.advance(8000)
    w.source.isDown = false
    await w.clock.advance(60_000)
    expect(outagesOf(w)).toEqual(['outage-started', 'outage-ended'])
    expect(w.cache.getStatus()).toMatchObject({ isOutage: false, error: undefined, retryAt: undefined })
  })

  it('F12: an outage that ends before it is announced is never told', async () => {
    const w = await goneDown(4)
    await w.clock.advance(6500)
    w.source.isDown = false
    await w.clock.advance(60_000)
    expect(outagesOf(w)).toEqual([])
  })

  it('F12, G4: `retryAt` is the time of the next probe, and only in an announced outage', async () => {
    const w = await goneDown(4)
    await w.clock.advance(6500)
    expect(w.cache.getStatus().retryAt).toBeUndefined()
    await w.clock.advance(500)
    expect(w.cache.getStatus()).toMatchObject({ isOutage: true, retryAt: 1_009_000, error: w.source.error })
    await w.clock.advance(2000)
    expect(w.cache.getStatus().retryAt).toBe(1_013_000)
  })

  it('F12: the next one is announced after three failed calls again', async () => {
    const w = await goneDown(4)
    await w.clock.advance(8000)
    w.source.isDown = false
    await w.clock.advance(7999)
    w.source.isDown = true
    // They fail at 19,000 and 20,000, and by a probe at 21,000.
    await w.clock.advance(4999)
    expect(outagesOf(w)).toHaveLength(2)
    await w.clock.advance(1)
    expect(outagesOf(w)).toEqual(['outage-started', 'outage-ended', 'outage-started'])
  })
})

describe('a source of which one region is down', () => {
  const regions = customBatches<Job>((due) =>
    ['a', 'b'].map((region) => due.filter(({ id }) => id.startsWith(region))),
  )
  /** Both regions have three items, with 30 s between refreshes; all calls to a region in `down` fail, after `latency` ms. */
  function regional(latency = 0): { readonly w: World<Job>; readonly down: Set<string> } {
    const down = new Set(['a'])
    const w = world({
      interval: 30_000,
      policies: [regions],
      answer: async (batch) => {
        if (!batch.some(({ id }) => down.has(id.slice(0, 1)))) return unchanged(batch)
        if (latency > 0) await after(w.clock, latency, undefined)
        throw new Error('region')
      },
    })
    w.cache.start()
    createAll(w.cache, ['a0', 'b0', 'a1', 'b1', 'a2', 'b2'])
    return { w, down }
  }

  it.each([
    ['no outage is told of while the other one answers', 0, []],
    ['one is, but once, if it failed after the other one answered', 2500, ['outage-started', 'outage-ended']],
  ])('F12: %s', async (_, latency, told) => {
    const { w } = regional(latency)
    await w.clock.advance(3_600_000)
    expect(w.calls.filter(({ ids }) => ids.some((id) => id.startsWith('a'))).length).toBeGreaterThan(100)
    expect(outagesOf(w)).toEqual(told)
  })

  it('F12: nor when a call of the other one fails once', async () => {
    const { w, down } = regional()
    await w.clock.advance(600_000 + 29_999)
    const before = outagesOf(w).length
    down.add('b')
    await w.clock.advance(1)
    expect(w.cache.getSnapshot('b0').failureCount).toBe(1)
    down.delete('b')
    await w.clock.advance(600_000)
    expect(outagesOf(w)).toHaveLength(before)
  })

  it('F12: if one retry succeeds in an outage, those that fail then tell of the next', async () => {
    let isLucky = false
    const w = world({
      interval: 600_000,
      answer: (batch) => {
        if (!isLucky) throw new Error('down')
        isLucky = false
        return unchanged(batch)
      },
    })
    createAll(w.cache.start(), manyIds(4))
    await w.clock.advance(2500)
    isLucky = true
    await w.clock.advance(20_000)
    expect(outagesOf(w)).toEqual(['outage-started', 'outage-ended', 'outage-started'])
  })

  it('F12: when the other one goes down, too, it is told at the third failed call in a row', async () => {
    const { w, down } = regional()
    await w.clock.advance(600_001)
    down.add('b')
    // It fails at 630,000, and probes at 631,000 and 633,000.
    await w.clock.advance(32_998)
    expect(outagesOf(w)).toEqual([])
    await w.clock.advance(1)
    expect(outagesOf(w)).toEqual(['outage-started'])
    down.clear()
    await w.clock.advance(90_000)
    expect(outagesOf(w)).toEqual(['outage-started', 'outage-ended'])
  })

  it('F12: it is told with the next failed call if no healthy item is left', async () => {
    const { w } = regional()
    await w.clock.advance(45_000)
    for (const id of ['b0', 'b1', 'b2']) w.cache.delete(id)
    await w.clock.advance(75_000)
    expect(outagesOf(w)).toEqual(['outage-started'])
  })
})

describe('calls in an outage', () => {
  it('F6: healthy items, as they fall due', async () => {
    const w = faultyWorld({ interval: (_, id) => (id === 'later' ? 14_500 : 5000) })
    w.cache.start()
    createAll(w.cache, manyIds(4))
    await w.clock.advance(1)
    w.cache.getOrCreate('later', running())
    await w.clock.advance(1)
    w.source.isDown = true
    await w.clock.advance(20_000)
    expect(timesOf(w.calls, 'later').slice(0, 2)).toEqual([1, 14_501])
  })

  it('F6: new items, in the next free slot', async () => {
    const w = await goneDown(4)
    await w.clock.advance(7500)
    createAll(w.cache, ['x', 'y'])
    await w.clock.advance(0)
    expect(rowsOf(w).at(-1)).toEqual({ at: 7501, ids: ['x', 'y'] })
  })

  it('F6: any successful call ends it, also that of a new item', async () => {
    const w = await goneDown(4)
    manyIds(4).forEach((id) => w.source.poison.add(id))
    await w.clock.advance(8000)
    w.source.isDown = false
    w.cache.getOrCreate('new', running())
    await w.clock.advance(0)
    expect(outagesOf(w)).toEqual(['outage-started', 'outage-ended'])
    expect(w.cache.getStatus().isOutage).toBe(false)
  })

  it('F6: a successful call in which entries fail ends it', async () => {
    const w = await goneDown(4, {
      answer: (batch, { at }) =>
        at === 0
          ? unchanged(batch)
          : at < 8000
            ? Promise.reject(new Error('down'))
            : batch.map(({ id }) => failed(id)),
    })
    await w.clock.advance(9000)
    expect(outagesOf(w)).toEqual(['outage-started', 'outage-ended'])
  })

  it('F6: a probe that succeeds brings back all others at once, within the slots', async () => {
    const w = await goneDown(250, { batchSize: 50 })
    await w.clock.advance(10_000)
    w.source.isDown = false
    await w.clock.advance(60_000)
    const back = rowsOf(w).find(({ at, ids }) => at > 10_000 && ids.length === 1)?.at ?? 0
    const fresh = new Set(rowsOf(w).flatMap(({ at, ids }) => (at === back ? ids : [])))
    expect(fresh.size).toBe(250)
  })

  it('F19: pushed and written values do not end it', async () => {
    const w = await goneDown(4)
    await w.clock.advance(8000)
    w.cache.ingest([{ id: 'i0', item: running(1) }])
    w.cache.update('i1', running(1))
    expect(w.cache.getStatus().isOutage).toBe(true)
    expect(typesOf(w.events)).not.toContain('outage-ended')
  })

  it('L4: it outlasts a stop, with its pauses', async () => {
    const w = await goneDown(4)
    await w.clock.advance(14_000)
    const stopped = w.cache.stop()
    await w.clock.advance(1000)
    await stopped
    w.cache.start()
    await w.clock.advance(10_000)
    expect(w.cache.getStatus().isOutage).toBe(true)
    expect(rowsOf(w).map(({ at }) => at)).toEqual([0, 5000, 6000, 7000, 9000, 13_000, 21_000])
  })
})
