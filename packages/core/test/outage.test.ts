import { describe, expect, it } from 'vitest'
import {
  createAll,
  failed,
  log,
  manyIds,
  outcomeOf,
  sizes,
  times,
  timesOf,
  typesOf,
  untyped,
} from './scheduling-helpers.ts'
import { done, running, unchanged, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

const error = new Error('down')
const down = (): Promise<never> => Promise.reject(error)

/** Items in calls of their own, all of which fail. */
function broken(count: number, options: Options = {}): World<Job> {
  const w = world({ batchSize: 1, parallelism: 1, answer: down, ...options })
  w.cache.start()
  createAll(w.cache, manyIds(count))
  return w
}

const outages = (w: World<Job>): string[] => typesOf(w.events).filter((type) => type.startsWith('outage'))

describe('when an outage begins', () => {
  it('F6: after 3 failed calls in a row, one probe is sent at a time', async () => {
    const w = broken(10)
    await w.clock.advance(0)
    expect(times(w.calls)).toEqual([0, 0, 0])
    expect(outages(w)).toEqual(['outage-started'])
    await w.clock.advance(1000)
    expect(times(w.calls)).toEqual([0, 0, 0, 1000])
  })

  it('F6: not after 2', async () => {
    const w = broken(2)
    await w.clock.advance(900)
    expect(outages(w)).toEqual([])
  })

  it('F6: not where a success came between', async () => {
    let nth = 0
    const w = broken(8, { answer: (batch) => ((nth += 1) % 3 === 0 ? unchanged(batch) : down()) })
    await w.clock.advance(0)
    expect(w.calls).toHaveLength(8)
    expect(outages(w)).toEqual([])
  })

  it('F6: a call whose entries are all `fail` did not fail', async () => {
    const w = broken(10, { answer: (batch) => batch.map(({ id }) => failed(id)) })
    await w.clock.advance(0)
    expect(w.calls).toHaveLength(10)
    await w.clock.advance(20_000)
    expect(outages(w)).toEqual([])
  })

  it('F6: and interrupts a row of failed ones', async () => {
    let nth = 0
    const w = broken(6, {
      answer: (batch) => ((nth += 1) === 3 ? batch.map(({ id }) => failed(id)) : down()),
    })
    await w.clock.advance(0)
    expect(w.calls).toHaveLength(6)
  })

  it('F6: timeouts are failed calls', async () => {
    const w = broken(5, { parallelism: 5, timeout: 100, answer: () => 'wait' })
    await w.clock.advance(100)
    expect(outages(w)).toEqual(['outage-started'])
    await w.clock.advance(999)
    expect(w.calls).toHaveLength(5)
    await w.clock.advance(1)
    expect(times(w.calls).slice(5)).toEqual([1100])
  })

  it.each<[string, NonNullable<Options['answer']>]>([
    [
      'throws',
      () => {
        throw error
      },
    ],
    ['answers that are not iterable', () => untyped(null)],
    ['promises of such answers', () => Promise.resolve(untyped(5))],
  ])('F6: %s are failed calls', async (_, answer) => {
    const w = broken(10, { answer })
    await w.clock.advance(0)
    expect(w.calls).toHaveLength(3)
    expect(outages(w)).toEqual(['outage-started'])
  })

  it('F6: calls that `stop` aborted are no failed ones', async () => {
    const w = broken(6, {
      parallelism: 3,
      answer: (batch, call) => (call.at === 0 ? 'wait' : unchanged(batch)),
    })
    await w.clock.advance(10)
    const stopped = w.cache.stop()
    for (const call of w.calls) call.fail(error)
    await stopped
    w.cache.start()
    await w.clock.advance(0)
    expect(outages(w)).toEqual([])
    expect(w.calls.length).toBeGreaterThan(5)
  })

  it('F6: one poisonous item that fails alone, while others succeed, is no outage', async () => {
    const w = broken(4, {
      coalesce: 0,
      answer: (batch, call) => (call.ids.includes('i0') ? down() : unchanged(batch)),
    })
    await w.clock.advance(60_000)
    expect(outages(w)).toEqual([])
  })
})

describe('the probes', () => {
  it('F6: are spaced by interval × factor^(k−1) for the k-th that failed', async () => {
    const w = broken(10)
    await w.clock.advance(64_000)
    expect(times(w.calls).slice(3)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 64_000])
  })

  it('F6: up to maxDelay', async () => {
    const w = broken(10, { retry: { maxDelay: 3000 } })
    await w.clock.advance(13_000)
    expect(times(w.calls).slice(3)).toEqual([1000, 2000, 4000, 7000, 10_000, 13_000])
  })

  it('F6: up to 60,000 ms by default', async () => {
    const w = broken(10)
    await w.clock.advance(600_000)
    const at = times(w.calls).slice(9)
    expect(at).toEqual([64_000, 124_000, 184_000, 244_000, 304_000, 364_000, 424_000, 484_000, 544_000])
  })

  it('F6: by the factor of the options', async () => {
    const w = broken(10, { retry: { factor: 3 } })
    await w.clock.advance(41_000)
    expect(times(w.calls).slice(3)).toEqual([1000, 2000, 5000, 14_000, 41_000])
  })

  it('F6: are at most half as large as the last call that failed, down to 1', async () => {
    const w = broken(40, { batchSize: 10 })
    await w.clock.advance(20_000)
    expect(sizes(w.calls).slice(0, 3)).toEqual([10, 10, 10])
    for (const [index, size] of sizes(w.calls).slice(3).entries()) {
      const before = sizes(w.calls)[index + 2] ?? 0
      expect(size).toBeGreaterThanOrEqual(1)
      expect(size).toBeLessThanOrEqual(Math.max(1, Math.floor(before / 2)))
    }
    expect(w.calls.at(-1)?.ids).toHaveLength(1)
    expect(times(w.calls).slice(3)).toEqual([1000, 2000, 4000, 8000, 16_000])
  })

  it('F6: the first is as large as half allows', async () => {
    const w = broken(40, { batchSize: 10 })
    await w.clock.advance(1000)
    expect(sizes(w.calls)).toEqual([10, 10, 10, 5])
  })

  it('F6: the first comes the smallest interval of the third failed batch after its failure', async () => {
    const w = world({
      createBatches: (due) =>
        due.length < 4
          ? [due]
          : [
              due.filter(({ id }) => id === 'x'),
              due.filter(({ id }) => id === 'y'),
              due.filter(({ id }) => id !== 'x' && id !== 'y'),
            ],
      interval: (_, id) =>
        new Map([
          ['a', 4000],
          ['b', 2000],
        ]).get(id) ?? 500,
      answer: () => 'wait',
    })
    w.cache.start()
    createAll(w.cache, ['x', 'y', 'a', 'b'])
    await w.clock.advance(0)
    for (const id of ['x', 'y', 'a']) {
      w.calls.find((call) => call.ids.includes(id))?.fail(error)
      await w.clock.advance(0)
    }
    await w.clock.advance(1999)
    expect(w.calls).toHaveLength(3)
    await w.clock.advance(1)
    expect(w.calls).toHaveLength(4)
  })

  it('F6: one at a time: none starts while a slow one runs', async () => {
    const w = broken(10, { parallelism: 4, answer: (_, call) => (call.at === 0 ? down() : 'wait') })
    await w.clock.advance(1000)
    const before = w.calls.length
    await w.clock.advance(20_000)
    expect(w.calls).toHaveLength(before)
    expect(w.cache.stats().runningCalls).toBe(1)
  })

  it('F6: the next one waits from the failure of the last, not from its start', async () => {
    const w = broken(10, { timeout: 5000, answer: (_, call) => (call.at === 0 ? down() : 'wait') })
    await w.clock.advance(15_000)
    expect(times(w.calls).slice(3)).toEqual([1000, 7000, 14_000])
  })

  /** Four calls at a time: three of them have failed, the last one runs; six more items wait. */
  async function oneStillRuns(): Promise<World<Job>> {
    const w = broken(4, {
      parallelism: 4,
      answer: (batch, call) => (call.at < 5000 ? 'wait' : unchanged(batch)),
    })
    await w.clock.advance(0)
    for (const call of w.calls.slice(0, 3)) call.fail(error)
    await w.clock.advance(0)
    expect(outages(w)).toEqual(['outage-started'])
    createAll(w.cache, ['u', 'v', 'w', 'x', 'y', 'z'])
    return w
  }

  it('F6: calls that run when it begins are no probes, and no probe starts beside them', async () => {
    const w = await oneStillRuns()
    await w.clock.advance(10_000)
    expect(w.calls).toHaveLength(4)
  })

  it('F6: the first probe starts when the last of them failed, and alone', async () => {
    const w = await oneStillRuns()
    await w.clock.advance(3000)
    w.calls[3]?.fail(error)
    await w.clock.advance(1000)
    expect(w.calls).toHaveLength(5)
    w.calls[4]?.fail(error)
    await w.clock.advance(999)
    expect(w.calls).toHaveLength(5)
    await w.clock.advance(1)
    expect(w.calls).toHaveLength(5 + 10)
    expect(outages(w)).toEqual(['outage-started', 'outage-ended'])
  })

  it('F6: one of them that succeeds ends the outage', async () => {
    const w = await oneStillRuns()
    await w.clock.advance(6000)
    w.calls[3]?.answer([])
    await w.clock.advance(0)
    expect(outages(w)).toEqual(['outage-started', 'outage-ended'])
    expect(w.calls).toHaveLength(4 + 3 + 6)
  })

  it('F6: a batch that was cut by F5 is cut further', async () => {
    const w = broken(8, { batchSize: 8 })
    await w.clock.advance(4000)
    expect(times(w.calls)).toEqual([0, 1000, 2000, 3000, 4000])
    expect(sizes(w.calls)).toEqual([8, 8, 4, 2, 1])
  })

  it('F6, F2: the third failed call counts as one in the outage: its items back off', async () => {
    // At 0 and 1000 all four fail together; at 2000 in halves, with which the outage begins; at 3000 comes a probe.
    const w = broken(4, { batchSize: 4, parallelism: 4 })
    await w.clock.advance(3000)
    expect(sizes(w.calls)).toEqual([4, 4, 2, 2, 1])
    const [id = ''] = w.lastCall().ids
    expect(w.cache.getSnapshot(id).nextRefreshAt).toBe(1_000_000 + 3000 + 2000)
  })

  it('F6: the slots and the rate limit hold for probes', async () => {
    const w = broken(10, { rateLimit: { calls: 3, per: 60_000 } })
    await w.clock.advance(19_999)
    expect(w.calls).toHaveLength(3)
    await w.clock.advance(1)
    expect(w.calls).toHaveLength(4)
  })

  it('F6: however many items there are, an outage of an hour costs some 70 calls', async () => {
    const w = broken(2000, { batchSize: 50, parallelism: 8 })
    await w.clock.advance(3_600_000)
    expect(w.calls.length).toBeLessThan(85)
    expect(w.calls.length).toBeGreaterThan(55)
  })

  it('F6: every item is probed some time: none is probed for ever', async () => {
    const w = broken(6)
    await w.clock.advance(600_000)
    for (const id of manyIds(6)) expect(timesOf(w.calls, id).length).toBeGreaterThan(0)
  })
})

describe('the end of it', () => {
  it('F6: a call that succeeds ends it; then everything overdue is refreshed at once', async () => {
    const w = broken(10, { answer: (batch, call) => (call.at === 0 ? down() : unchanged(batch)) })
    await w.clock.advance(999)
    expect(w.calls).toHaveLength(3)
    await w.clock.advance(1)
    expect(outages(w)).toEqual(['outage-started', 'outage-ended'])
    expect(new Set(w.calls.filter((call) => call.at === 1000).flatMap((call) => call.ids))).toEqual(
      new Set(manyIds(10)),
    )
  })

  it('F6: in batches of the usual size', async () => {
    const w = broken(40, {
      batchSize: 10,
      answer: (batch, call) => (call.at === 0 ? down() : unchanged(batch)),
    })
    await w.clock.advance(1000)
    expect(w.calls.filter((call) => call.at === 1000).length).toBeLessThanOrEqual(5)
    await w.clock.advance(1000)
    expect(sizes(w.calls.filter((call) => call.at === 2000))).toEqual([10, 10, 10, 10])
  })

  it('F6, S4: within the slots', async () => {
    let most = 0
    let open = 0
    const w = broken(20, {
      parallelism: 2,
      answer: (batch, call) => {
        if (call.at < 1000) return down()
        open += 1
        most = Math.max(most, open)
        return Promise.resolve().then(() => {
          open -= 1
          return unchanged(batch)
        })
      },
    })
    await w.clock.advance(1000)
    expect(new Set(w.calls.filter((call) => call.at === 1000).flatMap((call) => call.ids)).size).toBe(20)
    expect(most).toBe(2)
  })

  it('F6, S4: within the rate limit', async () => {
    const w = broken(10, {
      rateLimit: { calls: 1, per: 1000, burst: 3 },
      answer: (batch, call) => (call.at === 0 ? down() : unchanged(batch)),
      interval: 2000,
    })
    await w.clock.advance(5000)
    expect(times(w.calls)).toEqual([0, 0, 0, 2000, 2000, 3000, 4000, 5000])
  })

  it('F6: then three failures in a row are needed again', async () => {
    let up = false
    const w = broken(3, { answer: (batch) => (up ? unchanged(batch) : down()) })
    await w.clock.advance(999)
    up = true
    await w.clock.advance(1)
    expect(outages(w)).toEqual(['outage-started', 'outage-ended'])
    up = false
    await w.clock.advance(1000)
    expect(outages(w)).toEqual(['outage-started', 'outage-ended', 'outage-started'])
    expect(w.calls.filter((call) => call.at === 2000)).toHaveLength(3)
  })

  it('F6: a probe in which an entry fails has succeeded', async () => {
    const w = broken(10, {
      answer: (batch, call) => (call.at === 0 ? down() : batch.map(({ id }) => failed(id))),
    })
    await w.clock.advance(1000)
    expect(outages(w)).toEqual(['outage-started', 'outage-ended'])
  })

  it('F6: the spacing of the next outage begins anew', async () => {
    let up = false
    const w = broken(10, { answer: (batch) => (up ? unchanged(batch) : down()), interval: 1000 })
    await w.clock.advance(10_000)
    up = true
    await w.clock.advance(6000)
    expect(outages(w)).toEqual(['outage-started', 'outage-ended'])
    await w.clock.advance(4000)
    up = false
    const before = w.calls.length
    await w.clock.advance(1000)
    const started = w.calls.at(before + 2)?.at ?? 0
    await w.clock.advance(6000)
    expect(times(w.calls.slice(before + 3)).slice(0, 3)).toEqual([
      started + 1000,
      started + 2000,
      started + 4000,
    ])
  })
})

describe('what else happens in an outage', () => {
  it('F6: a new item causes no call of its own', async () => {
    const w = broken(5)
    await w.clock.advance(300)
    w.cache.getOrCreate('new', running())
    await w.clock.advance(699)
    expect(w.calls).toHaveLength(3)
    await w.clock.advance(1)
    expect(w.calls).toHaveLength(4)
  })

  it('F6: it outlives its items, and the next one is the probe', async () => {
    const w = broken(3)
    await w.clock.advance(10)
    for (const id of manyIds(3)) w.cache.delete(id)
    await w.clock.advance(0)
    expect(w.clock.timers).toBe(0)
    await w.clock.advance(5000)
    createAll(w.cache, ['x', 'y'])
    await w.clock.advance(0)
    expect(w.calls).toHaveLength(4)
  })

  it('F6: a probe whose item was deleted takes another', async () => {
    const w = broken(6)
    await w.clock.advance(500)
    for (const id of manyIds(5)) w.cache.delete(id)
    await w.clock.advance(500)
    expect(log(w.calls).slice(3)).toEqual(['1000 i5'])
  })

  it('F6, T3: while the page is hidden no probe is sent; on return one', async () => {
    const w = broken(10)
    await w.clock.advance(100)
    w.environment.setVisible(false)
    await w.clock.advance(100_000)
    expect(w.calls).toHaveLength(3)
    w.environment.setVisible(true)
    await w.clock.advance(0)
    expect(w.calls).toHaveLength(4)
  })

  it('F6, T3: showing and hiding the page hurries no probe', async () => {
    const w = broken(10)
    await w.clock.advance(5000)
    const before = w.calls.length
    for (let turn = 0; turn < 10; turn++) {
      w.environment.setVisible(false)
      w.environment.setVisible(true)
      await w.clock.advance(100)
    }
    expect(w.calls).toHaveLength(before)
  })

  it('F6: reads, writes and `ingest` work, and what was pushed is fresh', async () => {
    const w = broken(5)
    await w.clock.advance(100)
    w.cache.ingest([{ id: 'i0', item: running(5) }])
    w.cache.update('i1', running(6))
    expect(w.cache.getSnapshot('i0')).toMatchObject({ item: running(5), failureCount: 0 })
    expect(w.cache.get('i1')).toEqual(running(6))
    expect(outages(w)).toEqual(['outage-started'])
    await w.clock.advance(900)
    expect(w.calls).toHaveLength(4)
  })

  it('F6, S8: a refresh that fails does not start a row of probes', async () => {
    const w = broken(10)
    await w.clock.advance(100)
    for (const id of ['i7', 'i8', 'i9']) {
      const outcome = outcomeOf(w.cache.refresh(id))
      await w.clock.advance(10)
      expect(outcome.state).toBe('rejected')
    }
    await w.clock.advance(500)
    expect(w.calls).toHaveLength(6)
  })

  it('F6, S8: a refresh is the probe though another item waits for it longer', async () => {
    const w = broken(3)
    await w.clock.advance(50)
    createAll(w.cache, ['new'])
    await w.clock.advance(50)
    void w.cache.refresh('i0')
    await w.clock.advance(0)
    expect(w.calls.map(({ ids }) => ids)).toEqual([['i0'], ['i1'], ['i2'], ['i0']])
  })

  it('F6: nobody comes early to a probe', async () => {
    let isDown = false
    const w = world({
      batchSize: 4,
      parallelism: 1,
      coalesce: 1,
      interval: (_, id) => (id === 'early' ? 2000 : 1000),
      answer: (batch) => (isDown ? down() : unchanged(batch)),
    })
    w.cache.start()
    createAll(w.cache, ['early'])
    await w.clock.advance(500)
    isDown = true
    createAll(w.cache, manyIds(12))
    await w.clock.advance(100)
    for (const id of manyIds(12).slice(1)) w.cache.delete(id)
    await w.clock.advance(1399)
    expect(log(w.calls.slice(4))).toEqual(['1500 i0'])
  })

  it('F6: an item that becomes terminal or is marked is not probed', async () => {
    const w = broken(3, { isTerminal: (job) => job.done })
    await w.clock.advance(100)
    w.cache.update('i0', done())
    w.cache.deleteDelayed('i1')
    await w.clock.advance(100_000)
    expect(timesOf(w.calls, 'i0')).toEqual([0])
    expect(timesOf(w.calls, 'i1')).toEqual([0])
    expect(w.cache.has('i1')).toBe(false)
    expect(timesOf(w.calls, 'i2').length).toBeGreaterThan(3)
  })

  it('F6: a single item that always fails is retried for ever', async () => {
    const w = broken(1, { retry: { maxDelay: 4000 } })
    await w.clock.advance(400_000)
    expect(w.calls.length).toBeGreaterThan(95)
    expect(w.calls.length).toBeLessThan(105)
  })

  it('F6, L5: one timer is all it takes', async () => {
    const w = broken(100, { batchSize: 10 })
    for (let step = 0; step < 50; step++) {
      await w.clock.advance(777)
      expect(w.clock.timers).toBeLessThanOrEqual(1)
    }
  })
})

describe('an outage of items of which nothing is known', () => {
  it('F6: where no item of the failed call has an interval, probes are spaced by 1 s', async () => {
    const w = world({
      answer: () => 'wait',
      interval: () => 100,
      batchSize: 1,
      parallelism: 3,
      timeout: Infinity,
    })
    w.cache.start()
    createAll(w.cache, ['a', 'b', 'c', 'd'])
    await w.clock.advance(0)
    for (const id of ['a', 'b', 'c']) w.cache.delete(id)
    for (const call of w.calls) call.fail(new Error('down'))
    await w.clock.advance(999)
    expect(log(w.calls)).toEqual(['0 a', '0 b', '0 c'])
    await w.clock.advance(1)
    expect(log(w.calls).slice(3)).toEqual(['1000 d'])
  })
})

describe('an outage and a sleep', () => {
  const interval = 60_000

  /** Something that is due, for whatever probe there is; then the cache is told to look. */
  function look(w: World<Job>): void {
    w.cache.getOrCreate('new', running())
    w.environment.setVisible(false)
    w.environment.setVisible(true)
  }

  it('F6, T2: a probe that is overdue by the wall clock starts when the machine wakes', async () => {
    const w = broken(3, { interval })
    await w.clock.advance(20_000)
    w.clock.sleep(40_000)
    look(w)
    await w.clock.advance(0)
    expect(times(w.calls)).toEqual([0, 0, 0, 20_000])
  })

  it('F6, T2: one that is not does not move', async () => {
    const w = broken(3, { interval })
    await w.clock.advance(20_000)
    w.clock.sleep(35_000)
    look(w)
    await w.clock.advance(39_999)
    expect(times(w.calls)).toEqual([0, 0, 0])
    await w.clock.advance(1)
    expect(times(w.calls)).toEqual([0, 0, 0, 60_000])
  })

  it('F6, T2: nor does one that was planned after the sleep', async () => {
    const w = broken(0, { interval })
    w.clock.sleep(100_000)
    createAll(w.cache, manyIds(3))
    await w.clock.advance(0)
    look(w)
    await w.clock.advance(59_999)
    expect(times(w.calls)).toEqual([0, 0, 0])
    await w.clock.advance(1)
    expect(times(w.calls)).toEqual([0, 0, 0, 60_000])
  })

  it('F6, T2: one that was planned before the start is measured by the clocks as they were then', async () => {
    const w = broken(3, { interval })
    await w.clock.advance(20_000)
    await w.cache.stop()
    w.clock.setEpoch(w.clock.epoch() - 86_400_000)
    w.cache.start()
    w.clock.sleep(40_000)
    look(w)
    await w.clock.advance(0)
    expect(times(w.calls)).toEqual([0, 0, 0, 20_000])
  })

  it('F6, T2: how far the wall clock is ahead is measured since the start', async () => {
    const w = broken(0, { interval })
    w.clock.setEpoch(w.clock.epoch() - 100_000)
    createAll(w.cache, manyIds(3))
    await w.clock.advance(10_000)
    w.clock.sleep(140_000)
    look(w)
    await w.clock.advance(49_999)
    expect(times(w.calls)).toEqual([0, 0, 0])
    await w.clock.advance(1)
    expect(times(w.calls)).toEqual([0, 0, 0, 60_000])
  })
})
