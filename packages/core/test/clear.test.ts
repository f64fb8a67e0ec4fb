import { dehydrate, hydrate, until, type InMemoryAutoRefresh } from '@auto-refresh/core'
import { ItemObserver } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { createAll, log, outcomeOf, times, typesOf } from './scheduling.ts'
import { settlementOf } from './settlement.ts'
import { endOfTurn, running, stepped, unchanged, world, type Job } from './world.ts'

type Cache = InMemoryAutoRefresh<Job>

const nothing = (): void => {}

describe('clear', () => {
  it('G2: it deletes every item, as delete does', async () => {
    const { cache, events } = world()
    createAll(cache, ['a', 'b'])
    cache.getOrCreate('pending')
    const waiting = settlementOf(until(cache, 'a', () => false))
    cache.clear()
    expect([cache.size, [...cache.ids()], cache.get('a')]).toEqual([0, [], undefined])
    expect(events.slice(3)).toEqual([
      { type: 'deleted', id: 'a', item: running(), reason: 'deleted' },
      { type: 'deleted', id: 'b', item: running(), reason: 'deleted' },
      { type: 'deleted', id: 'pending', item: undefined, reason: 'deleted' },
    ])
    await endOfTurn()
    expect(waiting.now).toBe('DELETED')
  })

  it('G2, S13: pending refreshes reject DELETED', async () => {
    const { cache, clock } = world({ concurrency: 1, batchSize: 1, answer: () => 'wait' })
    cache.start()
    createAll(cache, ['a', 'b'])
    const outcomes = ['a', 'b'].map((id) => settlementOf(cache.refresh(id)))
    await clock.advance(0)
    cache.clear()
    await clock.advance(0)
    expect(outcomes.map(({ now }) => now)).toEqual(['DELETED', 'DELETED'])
  })

  it('G2: subscriptions stay, see `missing`, and are told of what comes after', async () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    const seen: string[] = []
    cache.subscribe('a', () => seen.push(cache.getSnapshot('a').status))
    await endOfTurn()
    cache.clear()
    await endOfTurn()
    cache.getOrCreate('a', running(1))
    await endOfTurn()
    expect(seen).toEqual(['missing', 'active'])
  })

  it('G2: an empty cache is cleared without a word', async () => {
    const { cache, events } = world()
    let told = 0
    cache.subscribeIds(() => (told += 1))
    cache.clear()
    await endOfTurn()
    expect([events, told]).toEqual([[], 0])
  })
})

describe('calls that run when the cache is cleared', () => {
  it('G2: they are aborted, are no failures, and what they bring is ignored', async () => {
    const { cache, clock, calls, events } = world({ answer: () => 'wait' })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(0)
    cache.clear()
    expect(calls[0]?.signal.aborted).toBe(true)
    calls[0]?.fail(new Error('aborted'))
    await clock.advance(0)
    expect(cache.stats()).toMatchObject({ syncErrors: 0, runningCalls: 0, size: 0 })
    expect(cache.getStatus().error).toBeUndefined()
    expect(typesOf(events)).not.toContain('outage-started')
  })

  it('G2, L4: they keep their slot until they settle', async () => {
    const { cache, clock, calls } = world({ concurrency: 1, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.clear()
    cache.getOrCreate('b', running())
    await clock.advance(100)
    expect(log(calls)).toEqual(['0 a'])
    calls[0]?.answer([])
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '100 b'])
  })

  it('G2, L4: or until their timeout has passed', async () => {
    const { cache, clock, calls } = world({ concurrency: 1, timeout: 3000, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.clear()
    cache.getOrCreate('b', running())
    await clock.advance(2999)
    expect(calls).toHaveLength(1)
    await clock.advance(1)
    expect(log(calls)).toEqual(['0 a', '3000 b'])
  })

  it('G2, L9: stop waits for them', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.clear()
    const stopped = settlementOf(cache.stop())
    await clock.advance(100)
    expect(stopped.now).toBe('pending')
    calls[0]?.answer([])
    await clock.advance(0)
    expect(stopped.now).toBeUndefined()
    expect(clock.timers).toBe(0)
  })

  it('G2, L4, S3: their ids wait, and the old answer does not reach the new item', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.clear()
    cache.getOrCreate('a', running(5))
    await clock.advance(100)
    expect(calls).toHaveLength(1)
    expect(cache.inProcessing('a')).toBe(true)
    calls[0]?.answer([{ id: 'a', item: running(1) }])
    await clock.advance(0)
    expect(cache.get('a')).toEqual(running(5))
    expect(log(calls)).toEqual(['0 a', '100 a'])
  })
})

describe('items that come back after clear', () => {
  const restart = async (cache: Cache): Promise<void> => {
    await cache.stop()
    cache.start()
  }

  it('G2: ids that have a subscription with `create`, pending, at the next start', async () => {
    const { cache, clock, calls } = world({ answer: (batch) => unchanged(batch) })
    cache.start()
    cache.subscribe('given', nothing, { initialItem: running(7) })
    cache.subscribe('fetched', nothing, { create: true })
    cache.subscribe('looked at', nothing, { create: false, initialItem: running(7) })
    createAll(cache, ['looked at', 'application'])
    await clock.advance(0)
    cache.clear()
    await clock.advance(5000)
    expect(cache.size).toBe(0)
    const { length } = calls
    await restart(cache)
    expect([...cache.ids()].sort()).toEqual(['fetched', 'given'])
    expect(cache.getSnapshot('given')).toMatchObject({
      status: 'pending',
      failureCount: 0,
      createdAt: 1_005_000,
    })
    await clock.advance(0)
    expect(log(calls.slice(length))).toEqual(['5000 fetched given'])
  })

  it("G2: log-out: stop and clear, then the next user's start", async () => {
    const { cache, clock } = world({ answer: stepped })
    const release = cache.retain()
    cache.subscribe('a', nothing, { initialItem: running(41) })
    await clock.advance(0)
    expect(cache.get('a')).toEqual(running(42))
    await cache.stop()
    cache.clear()
    await clock.advance(1000)
    expect(cache.has('a')).toBe(false)
    cache.start()
    await clock.advance(0)
    expect(cache.get('a')).toEqual(running(1))
    release()
  })

  it('G2: not if the subscription has left, or delete removed the item', async () => {
    const { cache, clock } = world()
    cache.start()
    const leave = cache.subscribe('left', nothing, { create: true })
    cache.subscribe('deleted', nothing, { create: true })
    await clock.advance(0)
    cache.delete('deleted')
    cache.clear()
    leave()
    await restart(cache)
    await clock.advance(0)
    expect(cache.size).toBe(0)
  })

  it("G2, P7: it is a subscription's item then", async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    const leave = cache.subscribe('a', nothing, { create: true })
    cache.clear()
    await restart(cache)
    expect(cache.has('a')).toBe(true)
    leave()
    await clock.advance(500)
    expect(cache.has('a')).toBe(false)
  })

  it('G2: it comes back once, and a start without a clear brings nothing', async () => {
    const { cache, clock, events } = world()
    cache.start().subscribe('a', nothing, { create: true })
    cache.clear()
    await restart(cache)
    await restart(cache)
    await clock.advance(0)
    expect(typesOf(events).filter((type) => type === 'created')).toHaveLength(2)
    cache.delete('a')
    await restart(cache)
    expect(cache.has('a')).toBe(false)
  })

  it('G2: the cache goes on as new: what is created afterwards is polled', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    const outcome = outcomeOf(cache.refreshAll())
    cache.clear()
    cache.getOrCreate('b', running())
    await clock.advance(1000)
    expect(outcome.state).toBe('resolved')
    expect(times(calls)).toEqual([0, 500, 1500])
    expect(calls.slice(1).flatMap(({ ids }) => ids)).toEqual(['b', 'b'])
  })

  it('G2, A13: nothing is left of what `hydrate` brought: it may be another user’s', () => {
    const server = world().cache
    server.getOrCreate('a', running(7))
    const { cache } = world()
    hydrate(cache, dehydrate(server))
    const shown = () => new ItemObserver<Job>().readInitial({ cache, id: 'a', create: true })
    expect(shown().item).toEqual(running(7))
    cache.clear()
    expect(shown()).toMatchObject({ status: 'pending', item: undefined })
  })
})
