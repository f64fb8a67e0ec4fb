import { expiry } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, failed, log, manyIds, outcomeOf, sizes, times, typesOf } from './scheduling.ts'
import { running, stepped, unchanged, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

/** The two ways in which a machine cannot refresh. */
const away: readonly {
  readonly name: string
  readonly set: (w: World<Job>, present: boolean) => void
  readonly anyway: Options
}[] = [
  {
    name: 'hidden',
    set: (w, present) => w.environment.setVisible(present),
    anyway: { refreshWhenHidden: true },
  },
  {
    name: 'offline',
    set: (w, present) => w.environment.setOnline(present),
    anyway: { refreshWhenOffline: true },
  },
]

describe.each(away)('while $name', ({ set, anyway }) => {
  it('T3: nothing is started', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(500)
    set(w, false)
    await w.clock.advance(100_000)
    expect(log(w.calls)).toEqual(['0 a'])
  })

  it('T3: not even for new items', async () => {
    const w = world()
    set(w, false)
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(100_000)
    expect(w.calls).toEqual([])
    set(w, true)
    await w.clock.advance(0)
    expect(log(w.calls)).toEqual(['100000 a b'])
  })

  it('T3: unless the option says so', async () => {
    const w = world(anyway)
    set(w, false)
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(2000)
    expect(times(w.calls)).toEqual([0, 1000, 2000])
  })

  it('T3: running calls finish', async () => {
    const w = world({ answer: () => 'wait' })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    set(w, false)
    await w.clock.advance(100)
    expect(w.lastCall().signal.aborted).toBe(false)
    w.lastCall().answer([{ id: 'a', item: running(1) }])
    await w.clock.advance(0)
    expect(w.cache.getSnapshot('a')).toMatchObject({ item: running(1), failureCount: 0 })
  })

  it('T3: running calls time out', async () => {
    const w = world({ timeout: 500, answer: () => 'wait' })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    set(w, false)
    await w.clock.advance(500)
    expect(w.lastCall().signal.aborted).toBe(true)
    expect(w.cache.getSnapshot('a').failureCount).toBe(1)
    await w.clock.advance(100_000)
    expect(w.calls).toHaveLength(1)
  })

  it('T3: a slot that comes free starts nothing', async () => {
    const w = world({ batchSize: 1, concurrency: 1, answer: () => 'wait' })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(0)
    set(w, false)
    w.calls[0]?.answer([])
    await w.clock.advance(10_000)
    expect(w.calls).toHaveLength(1)
    set(w, true)
    await w.clock.advance(0)
    expect(w.calls).toHaveLength(2)
  })

  it('T3: a pause is looked at when a refresh would start: away before it is too late', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(999)
    set(w, false)
    await w.clock.advance(1)
    expect(times(w.calls)).toEqual([0])
  })

  it('T3: a pause is looked at when a refresh would start: away and back before it is no matter', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(200)
    set(w, false)
    await w.clock.advance(600)
    set(w, true)
    await w.clock.advance(199)
    expect(times(w.calls)).toEqual([0])
    await w.clock.advance(1)
    expect(times(w.calls)).toEqual([0, 1000])
  })

  it('T3: on return overdue items are refreshed at once, and once', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(500)
    set(w, false)
    await w.clock.advance(10_000)
    set(w, true)
    await w.clock.advance(0)
    expect(times(w.calls)).toEqual([0, 10_500])
    await w.clock.advance(2000)
    expect(times(w.calls)).toEqual([0, 10_500, 11_500, 12_500])
  })

  it('T3: on return only overdue items are refreshed', async () => {
    const w = world({ interval: (_, id) => (id === 'a' ? 1000 : 60_000) })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(500)
    set(w, false)
    await w.clock.advance(20_000)
    set(w, true)
    await w.clock.advance(0)
    expect(log(w.calls)).toEqual(['0 a b', '20500 a'])
  })

  it('T3: on return, if nothing is overdue, nothing is called', async () => {
    const w = world({ interval: 60_000 })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    for (let turn = 0; turn < 20; turn++) {
      set(w, false)
      await w.clock.advance(500)
      set(w, true)
      await w.clock.advance(500)
    }
    expect(times(w.calls)).toEqual([0])
  })

  it('T3, S4: on return the limits hold', async () => {
    const w = world({
      batchSize: 1,
      concurrency: 2,
      answer: (batch, call) => (call.at === 0 ? unchanged(batch) : 'wait'),
    })
    w.cache.start()
    createAll(w.cache, manyIds(10))
    await w.clock.advance(500)
    set(w, false)
    await w.clock.advance(10_000)
    set(w, true)
    await w.clock.advance(0)
    expect(w.calls.filter((call) => call.at > 0)).toHaveLength(2)
  })

  it('T3: on return overdue items share batches', async () => {
    const w = world()
    w.cache.start()
    for (const id of manyIds(10)) {
      w.cache.getOrCreate(id, running())
      await w.clock.advance(10)
    }
    set(w, false)
    await w.clock.advance(10_000)
    set(w, true)
    await w.clock.advance(0)
    expect(sizes(w.calls.filter((call) => call.at > 1000))).toEqual([10])
  })

  it('T3: flickering within a turn causes one call at most', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(500)
    set(w, false)
    await w.clock.advance(5000)
    for (let turn = 0; turn < 10; turn++) {
      set(w, true)
      set(w, false)
    }
    set(w, true)
    await w.clock.advance(0)
    expect(times(w.calls)).toEqual([0, 5500])
  })

  it('T3: back and away again within a turn: away it is', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(500)
    set(w, false)
    await w.clock.advance(5000)
    set(w, true)
    set(w, false)
    await w.clock.advance(5000)
    expect(times(w.calls).length).toBeLessThanOrEqual(2)
    const before = w.calls.length
    await w.clock.advance(5000)
    expect(w.calls).toHaveLength(before)
  })

  it('T3: an item that is due after a failure waits for the return', async () => {
    const w = world({ answer: (_, call) => (call.at === 0 ? [failed('a')] : []) })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    set(w, false)
    await w.clock.advance(5000)
    expect(w.calls).toHaveLength(1)
    set(w, true)
    await w.clock.advance(0)
    expect(times(w.calls)).toEqual([0, 5000])
  })

  it('T3, W12: ages and removals go on', async () => {
    const w = world({ policies: [expiry({ maxAge: 2000, terminalTtl: 1000 })] })
    w.cache.start()
    createAll(w.cache, ['a', 'marked'])
    await w.clock.advance(500)
    set(w, false)
    w.cache.deleteDelayed('marked')
    await w.clock.advance(500)
    expect(w.cache.has('marked')).toBe(false)
    await w.clock.advance(1000)
    expect(w.cache.getSnapshot('a').status).toBe('expired')
    await w.clock.advance(1000)
    expect(w.cache.has('a')).toBe(false)
  })

  it('T3: reads, writes and pushes work', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(100)
    set(w, false)
    w.cache.update('a', running(1))
    expect(w.cache.get('a')).toEqual(running(1))
    w.cache.ingest([{ id: 'a', item: running(2) }])
    expect(w.cache.get('a')).toEqual(running(2))
  })

  it('T3: an item that was pushed meanwhile is not overdue on return', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(100)
    set(w, false)
    await w.clock.advance(5000)
    w.cache.ingest([{ id: 'a', item: running(2) }])
    await w.clock.advance(100)
    set(w, true)
    await w.clock.advance(899)
    expect(times(w.calls)).toEqual([0])
    await w.clock.advance(1)
    expect(times(w.calls)).toEqual([0, 6100])
  })

  it('T3: it is told once as an event, as is the return', async () => {
    const w = world()
    w.cache.start()
    await w.clock.advance(0)
    set(w, false)
    await w.clock.advance(1000)
    expect(typesOf(w.events)).toEqual(['started', 'paused'])
    set(w, true)
    await w.clock.advance(1000)
    expect(typesOf(w.events)).toEqual(['started', 'paused', 'resumed'])
  })

  it('T3, S8: a refresh by hand starts, and nothing after it', async () => {
    const w = world({ answer: stepped })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(100)
    set(w, false)
    const outcome = outcomeOf(w.cache.refresh('a'))
    await w.clock.advance(10_000)
    expect(outcome.state).toBe('resolved')
    expect(times(w.calls)).toEqual([0, 100])
  })
})
