import { expiry } from '@auto-refresh/core'
import { refreshIds } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { createAll, failed, log, manyIds, outcomeOf, sizes, times } from './scheduling.ts'
import { settlementOf } from './settlement.ts'
import { done, isTerminal, running, unchanged, world, type Job, type World } from './world.ts'

const down = new Error('down')

describe('refreshAll', () => {
  it('G1: it refreshes every polled item in full batches, and resolves when all have settled', async () => {
    const { cache, clock, calls } = world({ interval: Infinity, batchSize: 10, answer: () => 'wait' })
    cache.start()
    createAll(cache, manyIds(25))
    await clock.advance(0)
    for (const call of calls) call.answer(unchanged(call.batch))
    await clock.advance(100)
    const outcome = outcomeOf(cache.refreshAll())
    await clock.advance(0)
    expect(sizes(calls.slice(3)).sort()).toEqual([10, 10, 5])
    for (const call of calls.slice(3, 5)) call.answer(unchanged(call.batch))
    await clock.advance(0)
    expect(outcome.state).toBe('pending')
    calls[5]?.answer(unchanged(calls[5].batch))
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
  })

  it('G1: not terminal, expired, marked, or unobserved ones of subscriptions; pending ones, too', async () => {
    const { cache, clock, calls } = world<Job>({
      isTerminal,
      interval: 10_000,
      policies: [expiry({ maxAge: 1000 })],
      answer: (batch) => batch.map(({ id }) => (id === 'pending' ? failed(id) : { id, action: 'unchanged' })),
    })
    cache.start()
    cache.getOrCreate('terminal', done())
    cache.getOrCreate('expired', running())
    await clock.advance(1000)
    createAll(cache, ['active', 'marked'])
    cache.getOrCreate('pending')
    cache.subscribe('shown', () => {}, { initialItem: running() })
    cache.subscribe('left', () => {}, { initialItem: running() })()
    await clock.advance(100)
    cache.deleteDelayed('marked')
    const { length } = calls
    const outcome = outcomeOf(cache.refreshAll())
    await clock.advance(0)
    expect(log(calls.slice(length))).toEqual(['1100 active pending shown'])
    expect(outcome.state).toBe('resolved')
    expect(cache.has('marked')).toBe(true)
  })

  it('G1: without an item it resolves', async () => {
    const { cache } = world()
    await expect(cache.start().refreshAll()).resolves.toBeUndefined()
  })

  it('G1: an item in a running call is refreshed by a later call', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const outcome = outcomeOf(cache.refreshAll())
    calls[0]?.answer(unchanged(calls[0].batch))
    await clock.advance(0)
    expect([calls.length, outcome.state]).toEqual([2, 'pending'])
    calls[1]?.answer(unchanged(calls[1].batch))
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
  })

  it.each<[string, (w: World<Job>) => unknown]>([
    ['its call fails', ({ lastCall }) => lastCall().fail(down)],
    ['an item fails', ({ lastCall }) => lastCall().answer([failed('a'), { id: 'b', action: 'unchanged' }])],
    ['the source deletes an item', ({ lastCall }) => lastCall().answer([{ id: 'a', action: 'delete' }])],
    ['every item is deleted meanwhile', ({ cache }) => [cache.delete('a'), cache.delete('b')]],
    ['the cache is cleared', ({ cache }) => cache.clear()],
  ])('G1: it resolves if %s', async (_, act) => {
    const w = world({
      interval: 10_000,
      answer: (batch, call) => (call.at === 0 ? unchanged(batch) : 'wait'),
    })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(2000)
    const outcome = outcomeOf(w.cache.refreshAll())
    await w.clock.advance(0)
    expect(outcome.state).toBe('pending')
    act(w)
    await w.clock.advance(0)
    expect(outcome.state).toBe('resolved')
  })

  it('E6: refreshIds refreshes those that are named and polled, and leaves isolated ones alone', async () => {
    const { cache, clock, calls } = world({
      interval: 10_000,
      answer: (batch) => (batch.some(({ id }) => id === 'poison') ? Promise.reject(down) : unchanged(batch)),
    })
    cache.start().getOrCreate('poison', running())
    await clock.advance(100)
    createAll(cache, ['a', 'b', 'c'])
    await clock.advance(100)
    const { length } = calls
    const outcome = outcomeOf(refreshIds(cache, ['a', 'poison', 'c', 'absent']))
    await clock.advance(0)
    expect(log(calls.slice(length))).toEqual(['200 a c'])
    expect(outcome.state).toBe('resolved')
  })

  it('E6, G8: while the source is down, refreshIds is one call', async () => {
    const { cache, clock, calls } = world({
      interval: 60_000,
      batchSize: 1,
      answer: () => Promise.reject(down),
    })
    cache.start()
    createAll(cache, manyIds(20))
    await clock.advance(100_000)
    const { length } = calls
    const outcome = outcomeOf(refreshIds(cache, manyIds(10)))
    await clock.advance(0)
    expect(calls.length - length).toBe(1)
    expect(outcome.state).toBe('resolved')
  })

  it('E6, O3: refreshIds is refused within a question', async () => {
    let refused: unknown
    const { cache, clock } = world({
      isTerminal: () => {
        try {
          void refreshIds(cache, ['a'])
        } catch (error) {
          refused = error
        }
        return false
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(refused).toMatchObject({ code: 'REENTRANT' })
  })

  it('G1: it rejects STOPPED if the cache does not run, or stops meanwhile', async () => {
    const { cache, clock } = world({ answer: () => 'wait' })
    cache.getOrCreate('a', running())
    const before = settlementOf(cache.refreshAll())
    await clock.advance(0)
    expect(before.now).toBe('STOPPED')
    const meanwhile = settlementOf(cache.start().refreshAll())
    await clock.advance(0)
    expect(meanwhile.now).toBe('pending')
    void cache.stop()
    await clock.advance(0)
    expect(meanwhile.now).toBe('STOPPED')
  })

  it('G1: an isolated item is left alone', async () => {
    const { cache, clock, calls } = world({
      interval: 10_000,
      answer: (batch) => (batch.some(({ id }) => id === 'poison') ? Promise.reject(down) : unchanged(batch)),
    })
    cache.start().getOrCreate('good', running())
    await clock.advance(500)
    cache.getOrCreate('poison', running())
    await clock.advance(100)
    const { length } = calls
    const outcome = outcomeOf(cache.refreshAll())
    await clock.advance(0)
    expect(log(calls.slice(length))).toEqual(['600 good'])
    expect(outcome.state).toBe('resolved')
  })
})

describe('refreshAll while the source is down', () => {
  /** Two batches of two that fail at 0 and at 1000, by which an outage begins. It is 1100; the next probe is at 2000. */
  async function outage(): Promise<World<Job> & { readonly heal: () => void }> {
    let isDown = true
    const w = world({
      batchSize: 2,
      interval: 5000,
      answer: (batch) => (isDown ? Promise.reject(down) : unchanged(batch)),
    })
    w.cache.start()
    createAll(w.cache, ['a', 'b', 'c', 'd'])
    await w.clock.advance(1100)
    expect(times(w.calls)).toEqual([0, 0, 1000, 1000])
    return {
      ...w,
      heal: () => {
        isDown = false
      },
    }
  }

  const asked = (w: World<Job>): string[][] =>
    w.events.flatMap((event) =>
      event.type === 'sync-started' && event.kind === 'asked' ? [[...event.ids]] : [],
    )

  it('G8: in an outage it is one call, of the group that failed last, and resolves if that fails', async () => {
    const w = await outage()
    const lastFailed = w.calls.at(-1)?.ids ?? []
    const outcome = outcomeOf(w.cache.refreshAll())
    await w.clock.advance(899)
    expect([asked(w), outcome.state]).toEqual([[], 'pending'])
    await w.clock.advance(1101)
    expect(outcome.state).toBe('resolved')
    expect(asked(w)).toHaveLength(1)
    expect(lastFailed).toEqual(expect.arrayContaining(asked(w)[0] ?? ['none']))
  })

  it('G8: if it succeeds, the rest is asked for, and it resolves when all have settled', async () => {
    const w = await outage()
    w.heal()
    const outcome = outcomeOf(w.cache.refreshAll())
    await w.clock.advance(900)
    expect(outcome.state).toBe('resolved')
    expect(asked(w).flat().sort()).toEqual(['a', 'b', 'c', 'd'])
    for (const id of w.cache.ids()) expect(w.cache.getSnapshot(id).failureCount).toBe(0)
  })

  it('G8: in a hold-off it is one call, too', async () => {
    const w = world({
      interval: 500,
      batchSize: 2,
      answer: () => Promise.reject(Object.assign(new Error('429'), { retryAfter: 20_000 })),
    })
    w.cache.start()
    createAll(w.cache, ['a', 'b', 'c', 'd'])
    await w.clock.advance(100)
    const { length } = w.calls
    const outcome = outcomeOf(w.cache.refreshAll())
    await w.clock.advance(5000)
    expect(outcome.state).toBe('resolved')
    expect(asked(w)).toHaveLength(1)
    expect(times(w.calls.slice(length))).toEqual([1000])
  })

  it('G8: if the group that failed last is gone, it is one call of what else failed', async () => {
    const w = await outage()
    for (const id of w.lastCall().ids) w.cache.delete(id)
    const left = [...w.cache.ids()]
    const outcome = outcomeOf(w.cache.refreshAll())
    await w.clock.advance(2000)
    expect(outcome.state).toBe('resolved')
    expect(asked(w)).toHaveLength(1)
    expect(left).toEqual(expect.arrayContaining(asked(w)[0] ?? ['none']))
  })

  it('G8: also if that was asked for already', async () => {
    const w = await outage()
    for (const id of w.lastCall().ids) w.cache.delete(id)
    const refreshes = [...w.cache.ids()].map((id) => outcomeOf(w.cache.refresh(id)))
    const outcome = outcomeOf(w.cache.refreshAll())
    await w.clock.advance(2000)
    expect(outcome.state).toBe('resolved')
    expect(refreshes.map(({ state }) => state)).toEqual(['rejected', 'rejected'])
    expect(asked(w)).toHaveLength(1)
  })

  it('G8, S15: if nothing that failed is left, everything is asked for, one call at a time', async () => {
    const w = world({
      interval: 60_000,
      batchSize: 2,
      answer: (batch, { at }) => {
        if (at === 0) return unchanged(batch)
        if (at > 2000) return 'wait'
        return Promise.reject(Object.assign(new Error('429'), { retryAfter: 20_000 }))
      },
    })
    w.cache.start()
    createAll(w.cache, ['a', 'b', 'c', 'd'])
    await w.clock.advance(2000)
    createAll(w.cache, ['e', 'f'])
    await w.clock.advance(0)
    for (const id of ['e', 'f']) w.cache.delete(id)
    const outcome = outcomeOf(w.cache.refreshAll())
    await w.clock.advance(999)
    expect(asked(w)).toEqual([])
    await w.clock.advance(1)
    expect(asked(w)).toHaveLength(1)
    w.lastCall().answer([])
    await w.clock.advance(0)
    expect(asked(w).map((ids) => ids.join(' '))).toEqual(['a b', 'c d'])
    expect(outcome.state).toBe('pending')
    w.lastCall().answer([])
    await w.clock.advance(0)
    expect(outcome.state).toBe('resolved')
  })
})
