import type { Batch } from '@auto-refresh/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createAll,
  log,
  manyIds,
  oneEach,
  outcomeOf,
  sizes,
  times,
  timesOf,
  untyped,
} from './scheduling-helpers.ts'
import { captureReports, done, running, unchanged, world, type Job, type World } from './world.ts'

const group = (id: string): string => id.slice(0, 1)

/** Batches of one group each: ids of a group begin with the same letter. */
function byGroup(due: Batch<Job>): Batch<Job>[] {
  const groups = new Map<string, Batch<Job>>()
  for (const entry of due) groups.set(group(entry.id), [...(groups.get(group(entry.id)) ?? []), entry])
  return [...groups.values()]
}

describe('what it is given', () => {
  it('S7: it sees what is due, with the items', async () => {
    const seen: Batch<Job>[] = []
    const { cache, clock } = world({
      createBatches: (due) => {
        seen.push([...due].sort((one, other) => one.id.localeCompare(other.id)))
        return [due]
      },
    })
    cache.start()
    cache.getOrCreate('a', running(1))
    cache.getOrCreate('b', running(2))
    await clock.advance(0)
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatchObject([
      { id: 'a', item: running(1) },
      { id: 'b', item: running(2) },
    ])
  })

  it('S7: once a wake-up, however much is due', async () => {
    const seen: number[] = []
    const { cache, clock } = world({
      parallelism: 10,
      createBatches: (due) => {
        seen.push(due.length)
        return [due]
      },
    })
    cache.start()
    createAll(cache, manyIds(450))
    await clock.advance(0)
    expect(seen).toEqual([450])
    await clock.advance(1000)
    expect(seen).toEqual([450, 450])
  })

  it('S7: it is not called when nothing is due', async () => {
    let called = 0
    const { cache, clock } = world({
      isTerminal: (job) => job.done,
      createBatches: (due) => {
        called += 1
        return [due]
      },
    })
    cache.start().getOrCreate('a', done())
    await clock.advance(10_000)
    expect(called).toBe(0)
  })

  it('S7: it sees what is due soon, too', async () => {
    const seen: string[][] = []
    const { cache, clock, calls } = world({
      createBatches: (due) => {
        seen.push(due.map(({ id }) => id).sort())
        return [due]
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(400)
    cache.getOrCreate('b', running())
    await clock.advance(600)
    expect(seen.at(-1)).toEqual(['a', 'b'])
    expect(log(calls)).toEqual(['0 a', '400 b', '1000 a b'])
  })

  it('S7: it does not see what is due later than that', async () => {
    const seen: string[][] = []
    const { cache, clock } = world({
      interval: () => 1000,
      createBatches: (due) => {
        seen.push(due.map(({ id }) => id))
        return [due]
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(600)
    cache.getOrCreate('b', running())
    await clock.advance(400)
    expect(seen).toEqual([['a'], ['b'], ['a']])
  })

  it('S7: it does not see what is terminal, marked, running or unobserved', async () => {
    const seen: string[][] = []
    const { cache, clock } = world({
      isTerminal: (job) => job.done,
      createBatches: (due) => {
        seen.push(due.map(({ id }) => id).sort())
        return oneEach(due)
      },
      answer: (batch, call) => (call.ids.includes('running') ? 'wait' : unchanged(batch)),
    })
    cache.start()
    createAll(cache, ['a', 'terminal', 'marked', 'running'])
    await clock.advance(500)
    cache.update('terminal', done())
    cache.deleteDelayed('marked')
    await clock.advance(500)
    expect(seen.at(-1)).toEqual(['a'])
  })
})

describe('what it answers', () => {
  it('S7: its batches are the calls', async () => {
    const { cache, clock, calls } = world({ createBatches: byGroup })
    cache.start()
    createAll(cache, ['a1', 'b1', 'a2', 'b2', 'c1'])
    await clock.advance(0)
    expect(log(calls).sort()).toEqual(['0 a1 a2', '0 b1 b2', '0 c1'])
  })

  it('S7: nothing is added to its batches', async () => {
    const { cache, clock, calls } = world({ createBatches: byGroup })
    cache.start().getOrCreate('a1', running())
    await clock.advance(300)
    createAll(cache, ['b1', 'a2'])
    await clock.advance(10_000)
    expect(calls.every((call) => new Set(call.ids.map(group)).size === 1)).toBe(true)
  })

  it('S7: its batches hold while they wait for a slot', async () => {
    const w: World<Job> = world({ createBatches: byGroup, parallelism: 1, answer: () => 'wait' })
    w.cache.start()
    createAll(w.cache, ['a1', 'b1', 'a2', 'b2'])
    await w.clock.advance(0)
    w.calls[0]?.answer([])
    await w.clock.advance(0)
    expect(log(w.calls).sort()).toEqual(['0 a1 a2', '0 b1 b2'])
  })

  it('S7: while they wait and nothing else is due, it is not asked again', async () => {
    let asked = 0
    const { cache, clock, calls, lastCall } = world({
      parallelism: 1,
      createBatches(due) {
        asked += 1
        return oneEach(due)
      },
      answer: () => 'wait',
    })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(0)
    lastCall().answer([])
    await clock.advance(0)
    expect(calls).toHaveLength(2)
    expect(asked).toBe(1)
  })

  it('S7, stats: what waits in them is counted, asked for or not', async () => {
    const { cache, clock } = world({ parallelism: 1, createBatches: oneEach, answer: () => 'wait' })
    cache.start()
    createAll(cache, ['a', 'b', 'c', 'd'])
    void cache.refresh('a')
    void cache.refresh('b')
    await clock.advance(0)
    expect(cache.stats()).toMatchObject({ runningCalls: 1, waitingItems: 3 })
  })

  it('S7, S8: one that holds an item that was asked for goes though the page is hidden meanwhile', async () => {
    const { cache, clock, environment, calls, lastCall } = world({
      parallelism: 1,
      createBatches: (due) => [due.slice(0, 1), due.slice(1)],
      answer: () => 'wait',
    })
    cache.start()
    createAll(cache, ['a', 'b', 'c'])
    void cache.refresh('a')
    void cache.refresh('b')
    await clock.advance(0)
    environment.setVisible(false)
    lastCall().answer([])
    await clock.advance(0)
    expect(calls.map(({ ids }) => ids)).toEqual([['a'], ['b', 'c']])
  })

  it('S7: they may be larger than batchSize', async () => {
    const { cache, clock, calls } = world({ batchSize: 2, createBatches: (due) => [due] })
    cache.start()
    createAll(cache, manyIds(7))
    await clock.advance(0)
    expect(sizes(calls)).toEqual([7])
  })

  it('S7: any iterable of batches will do', async () => {
    const { cache, clock, calls } = world({
      *createBatches(due) {
        yield due.slice(0, 1)
        yield due.slice(1)
      },
    })
    cache.start()
    createAll(cache, ['a', 'b', 'c'])
    await clock.advance(0)
    expect(sizes(calls)).toEqual([1, 2])
  })

  it('S7: what it leaves out is due again one interval later', async () => {
    const seen: string[] = []
    const { cache, clock, calls } = world({
      createBatches: (due) => {
        seen.push([clock.now(), ...due.map(({ id }) => id).sort()].join(' '))
        return [due.filter(({ id }) => id !== 'b')]
      },
    })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(2500)
    expect(seen).toEqual(['0 a b', '1000 a b', '2000 a b'])
    expect(log(calls)).toEqual(['0 a', '1000 a', '2000 a'])
  })

  it('S7: left out of all batches, nothing is called, and nobody asks again before', async () => {
    let asked = 0
    const { cache, clock, calls } = world({
      createBatches: () => {
        asked += 1
        return []
      },
    })
    cache.start()
    createAll(cache, manyIds(10))
    await clock.advance(2999)
    expect(calls).toEqual([])
    expect(asked).toBe(3)
  })

  it('S7: an item that was left out once is sent the next time', async () => {
    let asked = 0
    const { cache, clock, calls } = world({
      createBatches: (due) => ((asked += 1) === 1 ? [] : [due]),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    expect(times(calls)).toEqual([1000])
  })

  it('S7: an empty batch makes no call', async () => {
    const { cache, clock, calls } = world({ createBatches: (due) => [[], due, []] })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    expect(log(calls)).toEqual(['0 a', '1000 a'])
  })

  it('S7: an id twice in a batch is sent once', async () => {
    const { cache, clock, calls } = world({ createBatches: (due) => [[...due, ...due]] })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a b'])
  })

  it('S7: an id in two batches is sent once', async () => {
    const { cache, clock, calls } = world({ createBatches: (due) => [due, due, ...oneEach(due)] })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(1000)
    expect(log(calls)).toEqual(['0 a b', '1000 a b'])
  })

  it('S7: an unknown id is ignored', async () => {
    const { cache, clock, calls } = world({
      createBatches: (due) => [[{ id: 'unknown', item: running() }, ...due]],
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a'])
    expect(cache.has('unknown')).toBe(false)
  })

  it('S7: a batch of unknown ids makes no call', async () => {
    const { cache, clock, calls } = world({
      createBatches: (due) => [[{ id: 'unknown', item: running() }], due],
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('S7: an id of the cache that it was not given is unknown to it', async () => {
    const { cache, clock, calls } = world({
      isTerminal: (job) => job.done,
      createBatches: (due) => [[...due, { id: 'terminal', item: done() }]],
    })
    cache.getOrCreate('terminal', done())
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('S7, S6: what is sent is the item of the cache, not that of the entry', async () => {
    const { cache, clock, lastCall } = world({
      createBatches: (due) => [due.map(({ id }) => ({ id, item: running(99) }))],
    })
    cache.start().getOrCreate('a', running(1))
    await clock.advance(0)
    expect(lastCall().batch).toMatchObject([{ id: 'a', item: running(1) }])
  })

  it('S7, S6: what it deletes is left out', async () => {
    const w: World<Job> = world({
      createBatches: (due) => {
        w.cache.delete('a')
        return [due]
      },
    })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(0)
    expect(log(w.calls)).toEqual(['0 b'])
  })

  it('S7, W5, S8: what it asks for, and then marks, is removed and not sent', async () => {
    const w: World<Job> = world({
      createBatches(due) {
        if (w.cache.has('a')) {
          outcomes.push(outcomeOf(w.cache.refresh('a')))
          w.cache.deleteDelayed('a')
        }
        return [due]
      },
    })
    const outcomes: ReturnType<typeof outcomeOf>[] = []
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(0)
    expect(w.batches()).toEqual([['b']])
    expect(w.cache.has('a')).toBe(false)
    expect(outcomes).toMatchObject([{ state: 'rejected', error: { code: 'DELETED' } }])
  })

  it('S7: it may stop the cache', async () => {
    const w: World<Job> = world({
      createBatches: (due) => {
        void w.cache.stop()
        return [due]
      },
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(5000)
    expect(w.calls).toEqual([])
    expect(w.clock.timers).toBe(0)
  })
})

describe('what goes wrong in it', () => {
  let captured: ReturnType<typeof captureReports>
  beforeEach(() => {
    captured = captureReports()
  })
  afterEach(() => captured.restore())

  const error = new Error('createBatches')

  it('S7: a throw falls back to the default batches', async () => {
    const { cache, clock, calls } = world({
      batchSize: 2,
      createBatches: () => {
        throw error
      },
    })
    cache.start()
    createAll(cache, ['a', 'b', 'c'])
    await clock.advance(0)
    expect(sizes(calls)).toEqual([2, 1])
    await clock.advance(1000)
    expect(sizes(calls)).toEqual([2, 1, 2, 1])
  })

  it('S7, F7: a throw is reported', async () => {
    const { cache, clock, events } = world({
      createBatches: () => {
        throw error
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(events).toContainEqual({ type: 'callback-error', error })
    expect(captured.reports).toContain(error)
  })

  it('S7: a generator that throws halfway falls back, and nothing is sent twice', async () => {
    const { cache, clock, calls } = world({
      *createBatches(due) {
        yield due.slice(0, 1)
        throw error
      },
    })
    cache.start()
    createAll(cache, ['a', 'b', 'c'])
    await clock.advance(0)
    expect(calls.flatMap((call) => call.ids).sort()).toEqual(['a', 'b', 'c'])
    expect(captured.reports).toContain(error)
  })

  it.each([
    ['undefined', undefined],
    ['a number', 5],
    ['batches that are null', [null]],
    ['entries that are null', [[null]]],
    ['a promise', Promise.resolve([])],
  ])('S7: %s as the answer loses nobody', async (_, answer) => {
    const { cache, clock, calls } = world({ createBatches: () => untyped(answer) })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(0)
    // Whether this is a throw or leaves both out, the cache lives, and sends nothing twice.
    expect(timesOf(calls, 'a').length).toBeLessThanOrEqual(1)
    cache.update('a', running(1))
    expect(cache.get('a')).toEqual(running(1))
    await clock.advance(1000)
    expect(cache.getSnapshot('a').nextRefreshAt).toBeGreaterThan(1_001_000)
  })

  it('S7: no batches at all (undefined) fall back to the default ones', async () => {
    const { cache, clock, calls } = world({ createBatches: () => untyped(undefined) })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a b'])
    expect(captured.reports).toHaveLength(1)
  })
})

describe('the limits of failures', () => {
  it('S7, F5: its batches are cut for items that failed twice in a row', async () => {
    const { cache, clock, calls } = world({
      createBatches: (due) => [due],
      answer: (batch, call) => {
        if (call.ids.includes('bad')) throw new Error('poison')
        return unchanged(batch)
      },
    })
    cache.start()
    createAll(cache, ['bad', ...manyIds(7)])
    await clock.advance(1000)
    expect(sizes(calls)).toEqual([8, 8])
    await clock.advance(1000)
    expect(Math.max(...sizes(calls.slice(2)))).toBeLessThanOrEqual(4)
  })

  it('S7, F5: only what is in a batch with them is cut', async () => {
    const suspects = ['p', 'q', 'r']
    let rounds = 0
    const { cache, clock, calls } = world({
      createBatches(due) {
        rounds += 1
        const entries = new Map(due.map((entry) => [entry.id, entry]))
        const pick = (names: readonly string[]): Batch<Job> =>
          names.flatMap((name) => entries.get(name) ?? [])
        return rounds < 3
          ? [pick(suspects), pick(manyIds(5))]
          : [pick(['i0', 'i1', 'i2', 'p', 'i3', 'i4', 'q', 'r'])]
      },
      answer: (batch, call) => {
        if (call.ids.includes('p')) throw new Error('poison')
        return unchanged(batch)
      },
    })
    cache.start()
    createAll(cache, [...suspects, ...manyIds(5)])
    await clock.advance(2000)
    expect(log(calls.slice(4)).sort()).toEqual(['2000 i0 i1 i2', '2000 i3 p', '2000 i4 q', '2000 r'])
  })

  it('S7, F6: in an outage it sends no more than the probe', async () => {
    const { cache, clock, calls } = world({
      createBatches: byGroup,
      answer: () => Promise.reject(new Error('down')),
    })
    cache.start()
    createAll(
      cache,
      ['a', 'b', 'c', 'd'].flatMap((letter) => manyIds(4).map((id) => letter + id)),
    )
    await clock.advance(0)
    expect(calls).toHaveLength(4)
    await clock.advance(999)
    expect(calls).toHaveLength(4)
    await clock.advance(1)
    expect(calls).toHaveLength(5)
    expect(calls[4]?.ids.length).toBeLessThanOrEqual(2)
  })

  it('S7, S8: refresh goes through it', async () => {
    const { cache, clock, calls } = world({ createBatches: oneEach })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(100)
    const outcomes = ['a', 'b'].map((id) => outcomeOf(cache.refresh(id)))
    await clock.advance(0)
    expect(sizes(calls)).toEqual([1, 1, 1, 1])
    expect(outcomes.map(({ state }) => state)).toEqual(['resolved', 'resolved'])
  })
})

describe('what createBatches leaves out', () => {
  it('S7, S2: before its interval function has run, it is due again after maxDelay', async () => {
    const offered: string[] = []
    const { cache, clock } = world({
      interval: () => 1000,
      retry: { maxDelay: 7000 },
      createBatches(due) {
        offered.push(`${clock.now()} ${due.map(({ id }) => id).join(' ')}`)
        return []
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(6999)
    expect(offered).toEqual(['0 a'])
    await clock.advance(1)
    expect(offered).toEqual(['0 a', '7000 a'])
  })

  it('S7: with an endless interval it is offered again after a minute', async () => {
    const offered: string[] = []
    const { cache, clock, calls } = world({
      interval: Infinity,
      createBatches(due) {
        offered.push(`${clock.now()} ${due.map(({ id }) => id).join(' ')}`)
        return offered.length < 2 ? [] : [due]
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(59_999)
    expect(offered).toEqual(['0 a'])
    await clock.advance(1)
    expect(offered).toEqual(['0 a', '60000 a'])
    await clock.advance(10_000_000)
    expect(log(calls)).toEqual(['60000 a'])
  })

  it.each<[string, (cache: World<Job>['cache']) => void]>([
    ['deletes', (cache) => cache.delete('a')],
    ['makes terminal', (cache) => cache.update('a', done())],
  ])('S7, S6, O3: what it %s while it leaves it out is not offered again', async (_, change) => {
    const offered: string[][] = []
    const { cache, clock, calls } = world({
      isTerminal: (job) => job.done,
      createBatches(due) {
        offered.push(due.map(({ id }) => id))
        change(cache)
        return []
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(10_000)
    expect(offered).toEqual([['a']])
    expect(calls).toEqual([])
    expect(clock.timers).toBe(0)
  })
})
