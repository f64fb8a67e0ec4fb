import { describe, expect, it } from 'vitest'
import { log } from './scheduling.ts'
import { settlementOf } from './settlement.ts'
import { done, isTerminal, running, stepped, world, type Job } from './world.ts'

describe('start after stop', () => {
  it('L4: it refreshes again', async () => {
    const { cache, clock, calls } = world({ answer: stepped })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    await cache.stop()
    cache.start()
    await clock.advance(2000)
    expect(log(calls)).toEqual(['0 a', '1000 a', '2000 a'])
    expect(cache.get('a')).toEqual(running(3))
  })

  it('L4: an item that fell due meanwhile is due now, and once, not once per interval', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    await cache.stop()
    await clock.advance(9700)
    cache.start()
    await clock.advance(999)
    expect(log(calls)).toEqual(['0 a', '10200 a'])
    await clock.advance(1)
    expect(log(calls)).toEqual(['0 a', '10200 a', '11200 a'])
  })

  it('L4: an item that did not fall due meanwhile keeps its due time', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(200)
    await cache.stop()
    await clock.advance(300)
    cache.start()
    await clock.advance(499)
    expect(log(calls)).toEqual(['0 a'])
    await clock.advance(1)
    expect(log(calls)).toEqual(['0 a', '1000 a'])
  })

  it('L4: an item created meanwhile is due now', async () => {
    const { cache, clock, calls } = world()
    cache.start()
    await cache.stop()
    cache.getOrCreate('a', running())
    await clock.advance(700)
    cache.start()
    await clock.advance(0)
    expect(log(calls)).toEqual(['700 a'])
  })

  it('L4: an item that waited for a slot when the cache stopped is sent', async () => {
    const { cache, clock, calls } = world({ batchSize: 1, concurrency: 1, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(0)
    const stopped = cache.stop()
    calls[0]?.answer([])
    await stopped
    cache.start()
    await clock.advance(0)
    calls[1]?.answer([])
    await clock.advance(0)
    expect(
      calls
        .slice(1)
        .map((call) => call.ids[0])
        .sort(),
    ).toEqual(['a', 'b'])
  })

  it('L4: an item whose first call was aborted is due at once', async () => {
    const { cache, clock, calls, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(300)
    const stopped = cache.stop()
    lastCall().answer([])
    await stopped
    cache.start()
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '300 a'])
  })

  it('L4: every start after a stop is told', async () => {
    const { cache, events } = world()
    cache.start()
    await cache.stop()
    cache.start()
    expect(events.map((event) => event.type)).toEqual(['started', 'stopped', 'started'])
  })

  it('L4: it works while stop still waits, whose promise is kept', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const stopped = settlementOf(cache.stop())
    cache.start()
    expect(cache.isRunning).toBe(true)
    calls[0]?.answer([])
    await clock.advance(0)
    expect(calls).toHaveLength(2)
    calls[1]?.answer([])
    await clock.advance(0)
    expect(stopped.now).toBeUndefined()
  })
})

describe('an aborted call that still runs after the next start', () => {
  function hanging(options: Parameters<typeof world<Job>>[0] = {}) {
    const all = world({ timeout: 5000, answer: () => 'wait', ...options })
    all.cache.start().getOrCreate('a', running())
    return all
  }

  async function restart({ cache, clock }: ReturnType<typeof hanging>): Promise<void> {
    await clock.advance(100)
    void cache.stop()
    await clock.advance(100)
    cache.start()
    await clock.advance(0)
  }

  it('L4: it keeps its ids until it settles', async () => {
    const all = hanging()
    await restart(all)
    await all.clock.advance(1000)
    expect(log(all.calls)).toEqual(['0 a'])
    all.calls[0]?.answer([])
    await all.clock.advance(0)
    expect(log(all.calls)).toEqual(['0 a', '1200 a'])
  })

  it('L4: it keeps its ids until its timeout has passed, no longer', async () => {
    const all = hanging()
    await restart(all)
    await all.clock.advance(4799)
    expect(log(all.calls)).toEqual(['0 a'])
    await all.clock.advance(1)
    expect(log(all.calls)).toEqual(['0 a', '5000 a'])
  })

  it('L4: without a timeout it keeps its ids until it settles', async () => {
    const all = hanging({ timeout: Infinity })
    await restart(all)
    await all.clock.advance(10_000_000)
    expect(log(all.calls)).toEqual(['0 a'])
    all.calls[0]?.fail(new Error('at last'))
    await all.clock.advance(0)
    expect(log(all.calls)).toEqual(['0 a', '10000200 a'])
  })

  it('L4: an id that was deleted and created again waits for it, too', async () => {
    const all = hanging()
    await all.clock.advance(0)
    all.cache.delete('a')
    all.cache.getOrCreate('a', running(5))
    await restart(all)
    expect(log(all.calls)).toEqual(['0 a'])
    all.calls[0]?.answer([])
    await all.clock.advance(0)
    expect(log(all.calls)).toEqual(['0 a', '200 a'])
  })

  it('L4: it holds up no other id', async () => {
    const all = hanging()
    await restart(all)
    all.cache.getOrCreate('b', running())
    await all.clock.advance(0)
    expect(log(all.calls)).toEqual(['0 a', '200 b'])
  })

  it('L4: it keeps its slot until it settles', async () => {
    const all = hanging({ concurrency: 1 })
    await restart(all)
    all.cache.getOrCreate('b', running())
    await all.clock.advance(1000)
    expect(log(all.calls)).toEqual(['0 a'])
    expect(all.cache.stats().runningCalls).toBe(1)
    all.calls[0]?.answer([])
    await all.clock.advance(0)
    expect(log(all.calls)).toEqual(['0 a', '1200 a b'])
  })

  it('L4: it keeps its slot until its timeout has passed', async () => {
    const all = hanging({ concurrency: 1 })
    await restart(all)
    all.cache.getOrCreate('b', running())
    await all.clock.advance(4799)
    expect(log(all.calls)).toEqual(['0 a'])
    await all.clock.advance(1)
    expect(log(all.calls)).toEqual(['0 a', '5000 a b'])
  })

  it('L4: without a timeout it keeps its slot until it settles', async () => {
    const all = hanging({ concurrency: 1, timeout: Infinity })
    await restart(all)
    all.cache.getOrCreate('b', running())
    await all.clock.advance(10_000_000)
    expect(log(all.calls)).toEqual(['0 a'])
  })

  it('L4, O1: another stop changes nothing about its items', async () => {
    const all = hanging()
    await restart(all)
    const snapshot = all.cache.getSnapshot('a')
    void all.cache.stop()
    expect(all.cache.getSnapshot('a')).toBe(snapshot)
  })

  it('L4, S8: a refresh of a terminal item requested meanwhile gets a call of its own after it', async () => {
    const all = world({ timeout: 5000, isTerminal, answer: () => 'wait' })
    all.cache.start().getOrCreate('a', done())
    void all.cache.refresh('a')
    await restart(all)
    void all.cache.refresh('a')
    all.calls[0]?.answer([])
    await all.clock.advance(0)
    expect(log(all.calls)).toEqual(['0 a', '200 a'])
  })

  it('L4, T3: a request from before the stop is due like the others after it', async () => {
    const all = hanging({ concurrency: 1 })
    await all.clock.advance(0)
    all.cache.getOrCreate('b', running())
    void all.cache.refresh('b')
    void all.cache.stop()
    all.environment.setVisible(false)
    all.cache.start()
    all.calls[0]?.answer([])
    await all.clock.advance(100)
    expect(log(all.calls)).toEqual(['0 a'])
  })

  it('L4: several stops and starts free no slot', async () => {
    const all = hanging({ concurrency: 2 })
    await restart(all)
    all.cache.getOrCreate('b', running())
    await restart(all)
    all.cache.getOrCreate('c', running())
    await restart(all)
    expect(log(all.calls)).toEqual(['0 a', '200 b'])
  })

  it('L3, L4: its late result is ignored', async () => {
    const all = hanging()
    await restart(all)
    all.calls[0]?.answer([{ id: 'a', item: running(9), validator: 'old' }])
    await all.clock.advance(0)
    expect(all.cache.get('a')).toEqual(running())
    expect(all.lastCall().batch[0]?.validator).toBeUndefined()
    expect(all.cache.getSnapshot('a').refreshedAt).toBeUndefined()
  })

  it('L3, L4: its timeout is no failure of its items', async () => {
    const all = hanging()
    await restart(all)
    await all.clock.advance(4800)
    expect(all.cache.getSnapshot('a')).toMatchObject({ error: undefined, failureCount: 0 })
  })
})
