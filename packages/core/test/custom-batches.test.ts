import { customBatches, type Batch } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, log, manyIds, oneEach, outcomeOf, sizes, times } from './scheduling.ts'
import { done, running, unchanged, world, type Job, type World } from './world.ts'

const group = (id: string): string => id.slice(0, 1)

/** Batches of one group each: ids of a group begin with the same letter. */
function byGroup<Item>(due: Batch<Item>): Batch<Item>[] {
  const groups = new Map<string, Batch<Item>>()
  for (const entry of due) groups.set(group(entry.id), [...(groups.get(group(entry.id)) ?? []), entry])
  return [...groups.values()]
}

describe('the items that it is given', () => {
  it('S7: it sees the due entries, with the items', async () => {
    const seen: Batch<Job>[] = []
    const { cache, clock } = world({
      policies: [
        customBatches<Job>((due) => {
          seen.push([...due].sort((one, other) => one.id.localeCompare(other.id)))
          return [due]
        }),
      ],
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
      concurrency: 10,
      policies: [
        customBatches((due) => {
          seen.push(due.length)
          return [due]
        }),
      ],
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
      policies: [
        customBatches((due) => {
          called += 1
          return [due]
        }),
      ],
    })
    cache.start().getOrCreate('a', done())
    await clock.advance(10_000)
    expect(called).toBe(0)
  })

  it('S7: it sees the items that would come early, too', async () => {
    const seen: string[][] = []
    const { cache, clock, calls } = world({
      policies: [
        customBatches((due) => {
          seen.push(due.map(({ id }) => id).sort())
          return [due]
        }),
      ],
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
      policies: [
        customBatches((due) => {
          seen.push(due.map(({ id }) => id))
          return [due]
        }),
      ],
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(600)
    cache.getOrCreate('b', running())
    await clock.advance(400)
    expect(seen).toEqual([['a'], ['b'], ['a']])
  })

  it('S7: it does not see items that are terminal, marked, running or of a subscription that ended', async () => {
    const seen: string[][] = []
    const { cache, clock } = world({
      isTerminal: (job) => job.done,
      policies: [
        customBatches((due) => {
          seen.push(due.map(({ id }) => id).sort())
          return oneEach(due)
        }),
      ],
      answer: (batch, call) => (call.ids.includes('running') ? 'wait' : unchanged(batch)),
    })
    cache.start()
    createAll(cache, ['a', 'terminal', 'marked', 'running'])
    cache.subscribe('unobserved', () => undefined, { initialItem: running() })()
    await clock.advance(500)
    cache.update('terminal', done())
    cache.deleteDelayed('marked')
    await clock.advance(500)
    expect(seen.at(-1)).toEqual(['a'])
  })
})

describe('its batches', () => {
  it('S7: its batches are the calls', async () => {
    const { cache, clock, calls } = world({ policies: [customBatches(byGroup)] })
    cache.start()
    createAll(cache, ['a1', 'b1', 'a2', 'b2', 'c1'])
    await clock.advance(0)
    expect(log(calls).sort()).toEqual(['0 a1 a2', '0 b1 b2', '0 c1'])
  })

  it('S7: nothing is added to its batches', async () => {
    const { cache, clock, calls } = world({ policies: [customBatches(byGroup)] })
    cache.start().getOrCreate('a1', running())
    await clock.advance(300)
    createAll(cache, ['b1', 'a2'])
    await clock.advance(10_000)
    expect(calls.every((call) => new Set(call.ids.map(group)).size === 1)).toBe(true)
  })

  it('S7: its batches hold while they wait for a slot', async () => {
    const w: World<Job> = world({ policies: [customBatches(byGroup)], concurrency: 1, answer: () => 'wait' })
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
      concurrency: 1,
      policies: [
        customBatches((due) => {
          asked += 1
          return oneEach(due)
        }),
      ],
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
    const { cache, clock } = world({
      concurrency: 1,
      policies: [customBatches(oneEach)],
      answer: () => 'wait',
    })
    cache.start()
    createAll(cache, ['a', 'b', 'c', 'd'])
    void cache.refresh('a')
    void cache.refresh('b')
    await clock.advance(0)
    expect(cache.stats()).toMatchObject({ runningCalls: 1, waitingItems: 3 })
  })

  it('S14: a batch with an item that was asked for goes as a whole, though the page is hidden meanwhile', async () => {
    const { cache, clock, environment, calls, lastCall } = world({
      concurrency: 1,
      policies: [customBatches((due) => [due.slice(0, 1), due.slice(1)])],
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
    const { cache, clock, calls } = world({ batchSize: 2, policies: [customBatches((due) => [due])] })
    cache.start()
    createAll(cache, manyIds(7))
    await clock.advance(0)
    expect(sizes(calls)).toEqual([7])
  })

  it('S7: any iterable of batches will do', async () => {
    const { cache, clock, calls } = world({
      policies: [
        customBatches(function* (due) {
          yield due.slice(0, 1)
          yield due.slice(1)
        }),
      ],
    })
    cache.start()
    createAll(cache, ['a', 'b', 'c'])
    await clock.advance(0)
    expect(sizes(calls)).toEqual([1, 2])
  })

  it('S7, S8: it divides items that were asked for, too', async () => {
    const { cache, clock, calls } = world({ policies: [customBatches(oneEach)] })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(100)
    const outcomes = ['a', 'b'].map((id) => outcomeOf(cache.refresh(id)))
    await clock.advance(0)
    expect(sizes(calls)).toEqual([1, 1, 1, 1])
    expect(outcomes.map(({ state }) => state)).toEqual(['resolved', 'resolved'])
  })

  it('S7: an entry that it leaves out is due again one interval later', async () => {
    const seen: string[] = []
    const { cache, clock, calls } = world({
      policies: [
        customBatches((due) => {
          seen.push([clock.now(), ...due.map(({ id }) => id).sort()].join(' '))
          return [due.filter(({ id }) => id !== 'b')]
        }),
      ],
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
      policies: [
        customBatches(() => {
          asked += 1
          return []
        }),
      ],
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
      policies: [customBatches((due) => ((asked += 1) === 1 ? [] : [due]))],
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    expect(times(calls)).toEqual([1000])
  })

  it('S7: an empty batch makes no call', async () => {
    const { cache, clock, calls } = world({ policies: [customBatches((due) => [[], due, []])] })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    expect(log(calls)).toEqual(['0 a', '1000 a'])
  })

  it('S7: an id twice in a batch is sent once', async () => {
    const { cache, clock, calls } = world({ policies: [customBatches((due) => [[...due, ...due]])] })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a b'])
  })

  it('S7: an id in two batches is sent once', async () => {
    const { cache, clock, calls } = world({ policies: [customBatches((due) => [due, due, ...oneEach(due)])] })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(1000)
    expect(log(calls)).toEqual(['0 a b', '1000 a b'])
  })

  it('S7: an unknown id is ignored', async () => {
    const { cache, clock, calls } = world({
      policies: [customBatches((due) => [[{ id: 'unknown', item: running() }, ...due]])],
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a'])
    expect(cache.has('unknown')).toBe(false)
  })

  it('S7: a batch of unknown ids makes no call', async () => {
    const { cache, clock, calls } = world({
      policies: [customBatches((due) => [[{ id: 'unknown', item: running() }], due])],
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('S7: an id of the cache that it was not given is unknown to it', async () => {
    const { cache, clock, calls } = world({
      isTerminal: (job) => job.done,
      policies: [customBatches((due) => [[...due, { id: 'terminal', item: done() }]])],
    })
    cache.getOrCreate('terminal', done())
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('S7, S6: the call sends the item of the cache, not that of the entry', async () => {
    const { cache, clock, lastCall } = world({
      policies: [customBatches((due) => [due.map(({ id }) => ({ id, item: running(99) }))])],
    })
    cache.start().getOrCreate('a', running(1))
    await clock.advance(0)
    expect(lastCall().batch).toMatchObject([{ id: 'a', item: running(1) }])
  })

  it('T3, S7: batches that were asked for do not outlive a stop', async () => {
    const w = world({
      concurrency: 1,
      timeout: 500,
      policies: [customBatches((due) => due.map((entry) => [entry]))],
      answer: () => 'wait',
    })
    w.cache.start()
    for (const id of ['a', 'b']) {
      w.cache.getOrCreate(id, running())
      void w.cache.refresh(id)
    }
    await w.clock.advance(0)
    void w.cache.stop()
    w.environment.setVisible(false)
    w.cache.start()
    await w.clock.advance(5000)
    expect(w.calls).toHaveLength(1)
  })
})
