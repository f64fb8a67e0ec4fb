/// <reference types="vite/types/importMeta.d.ts" />
import { AutoRefreshError, InMemoryAutoRefresh, until, watch } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { describe, expect, it } from 'vitest'
import { done, replace, running, stepped, unchanged, world, type Job, type SyncCall } from './world.ts'

/** The calls as `'<time> <ids, sorted>'`. */
const log = (calls: readonly SyncCall<Job>[]): string[] =>
  calls.map((call) => [call.at, ...[...call.ids].sort()].join(' '))

/** What became of a promise so far: `'pending'`, its value, or the code of its error. */
function outcomeOf(promise: PromiseLike<unknown>): { now: unknown } {
  const outcome: { now: unknown } = { now: 'pending' }
  promise.then(
    (value) => (outcome.now = value),
    (error: unknown) => (outcome.now = error instanceof AutoRefreshError ? error.code : error),
  )
  return outcome
}

const isTerminal = (job: Job): boolean => job.done

/** Lets the microtasks run that are queued now, and no timer. */
async function endOfTurn(): Promise<void> {
  for (let job = 0; job < 10; job++) await Promise.resolve()
}

/** A clock that knows the most timers that there were at a time. */
class CountingClock extends VirtualClock {
  most = 0

  override setTimeout(callback: () => void, delay: number): unknown {
    const handle = super.setTimeout(callback, delay)
    this.most = Math.max(this.most, this.timers)
    return handle
  }
}

describe('start', () => {
  it('L1: a cache that was not started refreshes nothing', async () => {
    const { cache, clock, calls } = world()
    cache.getOrCreate('a', running())
    await clock.advance(10_000)
    expect(cache.isRunning).toBe(false)
    expect(calls).toEqual([])
  })

  it('L1: start returns the cache at once, which runs from then on', () => {
    const { cache, calls } = world()
    cache.getOrCreate('a', running())
    expect(cache.start()).toBe(cache)
    expect(cache.isRunning).toBe(true)
    expect(calls).toEqual([])
  })

  it('L1: start begins the refreshing, and it goes on', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(3000)
    expect(log(calls)).toEqual(['0 a', '1000 a', '2000 a', '3000 a'])
  })

  it('L1: an item created before it is due at once', async () => {
    const { cache, clock, calls } = world()
    cache.getOrCreate('a', running())
    await clock.advance(5000)
    cache.start()
    await clock.advance(0)
    expect(log(calls)).toEqual(['5000 a'])
  })

  it('L1: without syncOnCreate an item is due one interval after its creation, not after start', async () => {
    const { cache, clock, calls } = world({ syncOnCreate: false })
    cache.getOrCreate('a', running())
    await clock.advance(300)
    cache.start()
    await clock.advance(699)
    expect(calls).toEqual([])
    await clock.advance(1)
    expect(log(calls)).toEqual(['1000 a'])
  })

  it('L1: without syncOnCreate an item whose interval has passed before start is due at once', async () => {
    const { cache, clock, calls } = world({ syncOnCreate: false })
    cache.getOrCreate('a', running())
    await clock.advance(1500)
    cache.start()
    await clock.advance(0)
    expect(log(calls)).toEqual(['1500 a'])
  })

  it('L1: the batch window of an item created before start is counted from its creation', async () => {
    const { cache, clock, calls } = world({ batchWindow: 50 })
    cache.getOrCreate('a', running())
    await clock.advance(30)
    cache.start()
    await clock.advance(19)
    expect(calls).toEqual([])
    await clock.advance(1)
    expect(log(calls)).toEqual(['50 a'])
  })

  it('L1: a terminal item created before start is not due', async () => {
    const { cache, clock, calls } = world({ isTerminal })
    cache.getOrCreate('a', done())
    cache.start()
    await clock.advance(5000)
    expect(calls).toEqual([])
  })

  it('L1: start is told once', () => {
    const { cache, events } = world()
    cache.start()
    expect(events).toEqual([{ type: 'started' }])
  })
})

describe('start of a running cache', () => {
  it('L2, D19: it doubles no refresh', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    cache.start()
    await clock.advance(2500)
    cache.start()
    await clock.advance(2000)
    expect(log(calls)).toEqual(['0 a', '1000 a', '2000 a', '3000 a', '4000 a'])
  })

  it('L2, D19: it sends nothing beyond parallelism', async () => {
    const { cache, clock, calls } = world({ parallelism: 1, batchSize: 1, answer: () => 'wait' })
    cache.start().start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    cache.start()
    await clock.advance(100)
    cache.start()
    await clock.advance(100)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('L2: it returns the cache and is not told', () => {
    const { cache, events } = world()
    cache.start()
    expect(cache.start()).toBe(cache)
    expect(events.map((event) => event.type)).toEqual(['started'])
  })

  it('L2: its signal, too, stops the cache', () => {
    const { cache } = world()
    const second = new AbortController()
    cache.start({ signal: new AbortController().signal }).start({ signal: second.signal })
    second.abort()
    expect(cache.isRunning).toBe(false)
  })

  it('L2: the signal of the first start still stops the cache', () => {
    const { cache } = world()
    const first = new AbortController()
    cache.start({ signal: first.signal }).start({ signal: new AbortController().signal })
    first.abort()
    expect(cache.isRunning).toBe(false)
  })

  it('L2: a second start without a signal does not take the signal of the first away', () => {
    const { cache } = world()
    const first = new AbortController()
    cache.start({ signal: first.signal }).start()
    first.abort()
    expect(cache.isRunning).toBe(false)
  })

  it('L2: its signal stops a cache that was started without one', () => {
    const { cache } = world()
    const second = new AbortController()
    cache.start().start({ signal: second.signal })
    second.abort()
    expect(cache.isRunning).toBe(false)
  })

  it('L2: a signal that was given twice stops once', () => {
    const { cache, events } = world()
    const controller = new AbortController()
    cache.start({ signal: controller.signal }).start({ signal: controller.signal })
    controller.abort()
    expect(events.map((event) => event.type)).toEqual(['started', 'stopped'])
  })
})

describe('start with a signal that is aborted already', () => {
  it('L2: it does nothing', async () => {
    const { cache, clock, calls, events } = world()
    cache.getOrCreate('a', running())
    const before = events.length
    expect(cache.start({ signal: AbortSignal.abort() })).toBe(cache)
    expect(cache.isRunning).toBe(false)
    await clock.advance(5000)
    expect(calls).toEqual([])
    expect(clock.timers).toBe(0)
    expect(events).toHaveLength(before)
  })

  it('L2: it does not stop a running cache', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    cache.start({ signal: AbortSignal.abort() })
    expect(cache.isRunning).toBe(true)
    await clock.advance(1000)
    expect(calls).toHaveLength(2)
  })

  it('L2: a later start without it works', async () => {
    const { cache, clock, calls } = world()
    cache.start({ signal: AbortSignal.abort() }).start().getOrCreate('a', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a'])
  })
})

/** The two ways to stop a cache, which every sentence of L3 is about. */
const ways = [
  ['stop', (cache: InMemoryAutoRefresh<Job>) => void cache.stop()],
  [
    'an abort of the signal',
    (_: InMemoryAutoRefresh<Job>, controller: AbortController) => controller.abort(),
  ],
] as const

describe.each(ways)('stopping by %s', (way, stopBy) => {
  function started(options: Parameters<typeof world<Job>>[0] = {}) {
    const all = world({ isTerminal, ...options })
    const controller = new AbortController()
    all.cache.start({ signal: controller.signal })
    return { ...all, stop: () => stopBy(all.cache, controller) }
  }

  it(`L3: ${way} clears the timer and ends the refreshing`, async () => {
    const { cache, clock, calls, stop } = started()
    cache.getOrCreate('a', running())
    await clock.advance(0)
    stop()
    expect(cache.isRunning).toBe(false)
    expect(clock.timers).toBe(0)
    await clock.advance(5000)
    expect(calls).toHaveLength(1)
  })

  it(`L3: ${way} is told once`, async () => {
    const { cache, clock, events, stop } = started()
    stop()
    stop()
    await cache.stop()
    await clock.advance(0)
    expect(events.map((event) => event.type)).toEqual(['started', 'stopped'])
  })

  it(`L3: ${way} keeps what waits for its first sync from being sent`, async () => {
    const { cache, clock, calls, stop } = started()
    cache.getOrCreate('a', running())
    stop()
    await clock.advance(5000)
    expect(calls).toEqual([])
  })

  it(`L3: ${way} aborts every running sync call`, async () => {
    const { cache, clock, calls, stop } = started({ batchSize: 1, answer: () => 'wait' })
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(0)
    expect(calls.map((call) => call.signal.aborted)).toEqual([false, false])
    stop()
    expect(calls.map((call) => call.signal.aborted)).toEqual([true, true])
  })

  it(`L3: ${way} aborts also a signal that the sync function reads only afterwards`, async () => {
    const { cache, clock, lastCall, stop } = started({ answer: () => 'wait' })
    cache.getOrCreate('a', running())
    await clock.advance(0)
    stop()
    expect(lastCall().signal.aborted).toBe(true)
  })

  it(`L3: ${way} leaves the signals of settled calls alone`, async () => {
    const { cache, clock, lastCall, stop } = started()
    cache.getOrCreate('a', running())
    await clock.advance(0)
    const { signal } = lastCall()
    stop()
    expect(signal.aborted).toBe(false)
  })

  it(`L3, D10: what a running call still returns after ${way} is ignored`, async () => {
    const { cache, clock, lastCall, events, stop } = started({ answer: () => 'wait' })
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(0)
    stop()
    const before = events.length
    lastCall().answer([
      { id: 'a', item: done(9) },
      { id: 'b', action: 'delete' },
      { id: 'stranger', item: done() },
    ])
    await clock.advance(0)
    expect(cache.get('a')).toEqual(running())
    expect(cache.has('b')).toBe(true)
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'active', refreshedAt: undefined })
    expect(events.slice(before).map((event) => event.type)).not.toContain('unexpected-response')
  })

  it(`L3: an answer that was given before ${way}, but did not arrive yet, is ignored, too`, async () => {
    const { cache, clock, lastCall, stop } = started({ answer: () => 'wait' })
    cache.getOrCreate('a', running())
    await clock.advance(0)
    lastCall().answer([{ id: 'a', item: running(9) }])
    stop()
    await clock.advance(0)
    expect(cache.get('a')).toEqual(running())
  })

  it(`L3: a call that rejects after ${way} is no failure of its items`, async () => {
    const { cache, clock, lastCall, stop } = started({ answer: () => 'wait' })
    cache.getOrCreate('a', running())
    await clock.advance(0)
    stop()
    lastCall().fail(new Error('aborted'))
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ error: undefined, failureCount: 0 })
  })

  it(`L3: a call that ${way} aborted is no failure when its timeout passes`, async () => {
    const { cache, clock, stop } = started({ timeout: 500, answer: () => 'wait' })
    cache.getOrCreate('a', running())
    await clock.advance(100)
    stop()
    await clock.advance(5000)
    expect(cache.getSnapshot('a')).toMatchObject({ error: undefined, failureCount: 0 })
  })

  it(`L3: ${way} adds nothing to earlier failures, and takes none away`, async () => {
    let failed = false
    const { cache, clock, lastCall, stop } = started({
      answer: () => {
        if (failed) return 'wait'
        failed = true
        throw new Error('first')
      },
    })
    cache.getOrCreate('a', running())
    await clock.advance(1000)
    stop()
    lastCall().answer([{ id: 'a', action: 'unchanged' }])
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ error: new Error('first'), failureCount: 1 })
  })

  it(`L3: after ${way} items stay readable and writable`, async () => {
    const { cache, clock, stop } = started()
    cache.getOrCreate('a', running(1))
    await clock.advance(0)
    stop()
    expect(cache.get('a')).toEqual(running(1))
    expect(cache.getOrThrow('a')).toEqual(running(1))
    expect(cache.update('a', running(2))).toBe(true)
    cache.getOrCreate('b', running(3))
    expect([...cache.ids()]).toEqual(['a', 'b'])
    expect(cache.getSnapshot('a').item).toEqual(running(2))
    cache.ingest([{ id: 'b', item: running(4) }])
    expect(cache.get('b')).toEqual(running(4))
    expect(cache.delete('a')).toBe(true)
    expect(cache.size).toBe(1)
  })

  it(`L3: after ${way} listeners are still told`, async () => {
    const { cache, clock, stop } = started()
    cache.getOrCreate('a', running())
    let told = 0
    cache.subscribe('a', () => (told += 1))
    await clock.advance(0)
    stop()
    cache.update('a', running(1))
    await clock.advance(0)
    expect(told).toBe(1)
  })

  it(`L3: ${way} rejects a refresh that waits for its turn, STOPPED`, async () => {
    const { cache, clock, calls, stop } = started({ parallelism: 1, batchSize: 1, answer: () => 'wait' })
    cache.getOrCreate('a', running())
    await clock.advance(0)
    cache.getOrCreate('b', running())
    const outcome = outcomeOf(cache.refresh('b'))
    await clock.advance(0)
    expect(outcome.now).toBe('pending')
    stop()
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a'])
    expect(outcome.now).toBe('STOPPED')
  })

  it(`L3: ${way} rejects a refresh whose call runs, STOPPED, before that call has settled`, async () => {
    const { cache, clock, calls, stop } = started({ answer: () => 'wait' })
    cache.getOrCreate('a', running())
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(calls).toHaveLength(1)
    stop()
    await clock.advance(0)
    expect(outcome.now).toBe('STOPPED')
  })

  it(`L3: until waits on after ${way}`, async () => {
    const { cache, clock, stop } = started()
    cache.getOrCreate('a', running())
    const outcome = outcomeOf(until(cache, 'a'))
    await clock.advance(0)
    stop()
    await clock.advance(5000)
    expect(outcome.now).toBe('pending')
    cache.update('a', done(7))
    await clock.advance(0)
    expect(outcome.now).toEqual(done(7))
  })

  it(`L3: watch waits on after ${way}`, async () => {
    const { cache, clock, stop } = started()
    cache.getOrCreate('a', running())
    const values = watch(cache, 'a')
    await values.next()
    const next = outcomeOf(values.next())
    await clock.advance(0)
    stop()
    await clock.advance(5000)
    expect(next.now).toBe('pending')
    cache.update('a', running(7))
    await clock.advance(0)
    expect(next.now).toEqual({ done: false, value: running(7) })
    await values.return?.()
  })
})

describe('the promise of stop', () => {
  it('L3: it resolves where no sync call runs', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    await expect(cache.stop()).resolves.toBeUndefined()
  })

  it('L3: it resolves on a cache that was never started', async () => {
    await expect(world().cache.stop()).resolves.toBeUndefined()
  })

  it('L3: it resolves when every aborted call has settled, no sooner', async () => {
    const { cache, clock, calls } = world({ batchSize: 1, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(0)
    const stopped = outcomeOf(cache.stop())
    await clock.advance(100)
    calls[0]?.answer([])
    await clock.advance(0)
    expect(stopped.now).toBe('pending')
    calls[1]?.fail(new Error('aborted'))
    await clock.advance(0)
    expect(stopped.now).toBeUndefined()
  })

  it('L3: a second stop waits for the same calls', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    void cache.stop()
    const second = outcomeOf(cache.stop())
    await clock.advance(0)
    expect(second.now).toBe('pending')
    lastCall().answer([])
    await clock.advance(0)
    expect(second.now).toBeUndefined()
  })

  it('L3: stop after an abort of the signal waits for the aborted call', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    const controller = new AbortController()
    cache.start({ signal: controller.signal }).getOrCreate('a', running())
    await clock.advance(0)
    controller.abort()
    const stopped = outcomeOf(cache.stop())
    await clock.advance(0)
    expect(stopped.now).toBe('pending')
    lastCall().answer([])
    await clock.advance(0)
    expect(stopped.now).toBeUndefined()
  })

  it('L3: a call that ignores its signal is waited for until its timeout', async () => {
    const { cache, clock } = world({ timeout: 5000, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    const stopped = outcomeOf(cache.stop())
    await clock.advance(3999)
    expect(stopped.now).toBe('pending')
    await clock.advance(1)
    expect(stopped.now).toBeUndefined()
  })

  it('L3: of several such calls the last timeout counts', async () => {
    const { cache, clock } = world({ timeout: 5000, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(2000)
    cache.getOrCreate('b', running())
    await clock.advance(0)
    const stopped = outcomeOf(cache.stop())
    await clock.advance(4999)
    expect(stopped.now).toBe('pending')
    await clock.advance(1)
    expect(stopped.now).toBeUndefined()
  })

  it('L3: a call that ignores its signal and has no timeout is not waited for at all', async () => {
    const { cache, clock } = world({ timeout: Infinity, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const stopped = outcomeOf(cache.stop())
    await endOfTurn()
    expect(stopped.now).toBeUndefined()
  })

  it('L3: a call that timed out before the stop is not waited for', async () => {
    const { cache, clock } = world({ timeout: 500, interval: 60_000, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    const stopped = outcomeOf(cache.stop())
    await endOfTurn()
    expect(stopped.now).toBeUndefined()
  })
})

describe('the signals of a stopped cache', () => {
  it('L3: they are forgotten by stop', async () => {
    const { cache } = world()
    const first = new AbortController()
    const second = new AbortController()
    cache.start({ signal: first.signal }).start({ signal: second.signal })
    await cache.stop()
    cache.start()
    first.abort()
    second.abort()
    expect(cache.isRunning).toBe(true)
  })

  it('L3: the others are forgotten when one of them aborts', () => {
    const { cache } = world()
    const first = new AbortController()
    const second = new AbortController()
    cache.start({ signal: first.signal }).start({ signal: second.signal })
    first.abort()
    cache.start()
    second.abort()
    expect(cache.isRunning).toBe(true)
  })

  it('L3: the signal of the next start is not mistaken for an old one', async () => {
    const { cache } = world()
    const controller = new AbortController()
    cache.start({ signal: controller.signal })
    await cache.stop()
    cache.start({ signal: controller.signal })
    controller.abort()
    expect(cache.isRunning).toBe(false)
  })
})

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

  it('L4: what fell due meanwhile is due now, and once, not once an interval', async () => {
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

  it('L4: what did not fall due meanwhile keeps its time', async () => {
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

  it('L4: what was created meanwhile is due now', async () => {
    const { cache, clock, calls } = world()
    cache.start()
    await cache.stop()
    cache.getOrCreate('a', running())
    await clock.advance(700)
    cache.start()
    await clock.advance(0)
    expect(log(calls)).toEqual(['700 a'])
  })

  it('L4: what waited for a slot when the cache stopped is sent', async () => {
    const { cache, clock, calls } = world({ batchSize: 1, parallelism: 1, answer: () => 'wait' })
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
    const stopped = outcomeOf(cache.stop())
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
    const all = hanging({ parallelism: 1 })
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
    const all = hanging({ parallelism: 1 })
    await restart(all)
    all.cache.getOrCreate('b', running())
    await all.clock.advance(4799)
    expect(log(all.calls)).toEqual(['0 a'])
    await all.clock.advance(1)
    expect(log(all.calls)).toEqual(['0 a', '5000 a b'])
  })

  it('L4: without a timeout it keeps its slot until it settles', async () => {
    const all = hanging({ parallelism: 1, timeout: Infinity })
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

  it('L4, S8: who asks for a terminal item meanwhile gets a call of its own after it', async () => {
    const all = world({ timeout: 5000, isTerminal, answer: () => 'wait' })
    all.cache.start().getOrCreate('a', done())
    void all.cache.refresh('a')
    await restart(all)
    void all.cache.refresh('a')
    all.calls[0]?.answer([])
    await all.clock.advance(0)
    expect(log(all.calls)).toEqual(['0 a', '200 a'])
  })

  it('L4, T3: what was asked for before the stop is, after it, due like all else', async () => {
    const all = hanging({ parallelism: 1 })
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
    const all = hanging({ parallelism: 2 })
    await restart(all)
    all.cache.getOrCreate('b', running())
    await restart(all)
    all.cache.getOrCreate('c', running())
    await restart(all)
    expect(log(all.calls)).toEqual(['0 a', '200 b'])
  })

  it('L3, L4: what it still returns is ignored', async () => {
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

describe('timers', () => {
  it('L5: a cache that was never started holds none, whatever is done to it', async () => {
    const { cache, clock } = world({
      isTerminal,
      maxAge: 500,
      terminalTtl: 500,
      gcTime: 500,
      batchWindow: 50,
    })
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', done())
    cache.subscribe('a', () => {})
    cache.update('a', running(1))
    cache.deleteDelayed('a')
    cache.ingest([{ id: 'a', item: running(2) }])
    cache.refresh('b').catch(() => {})
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: a stopped cache holds none, whatever is done to it', async () => {
    const { cache, clock } = world({
      isTerminal,
      maxAge: 500,
      terminalTtl: 500,
      gcTime: 500,
      batchWindow: 50,
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    await cache.stop()
    cache.getOrCreate('b', running())
    cache.update('a', done())
    cache.subscribe('b', () => {})()
    cache.deleteDelayed('b')
    cache.ingest([{ id: 'b', action: 'unchanged' }])
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: a running cache with nothing in it holds none', async () => {
    const { cache, clock } = world()
    cache.start()
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: a running cache of terminal items only holds none', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.start().getOrCreate('a', done())
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: nor where there is a maxAge, which says nothing about a terminal item', async () => {
    const { cache, clock } = world({ isTerminal, maxAge: 5000 })
    cache.start().getOrCreate('a', done())
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: a running cache of expired items only holds none', async () => {
    const { cache, clock } = world({ maxAge: 500 })
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    expect(cache.getSnapshot('a').status).toBe('expired')
    expect(clock.timers).toBe(0)
  })

  it('L5: a running cache of observed items with gcTime, and no interval, holds none', async () => {
    const { cache, clock } = world({ interval: Infinity, gcTime: 500 })
    cache.start().getOrCreate('a', running())
    cache.subscribe('a', () => {})
    await clock.advance(600)
    expect(cache.has('a')).toBe(true)
    expect(clock.timers).toBe(0)
  })

  it('L5: it holds none when the only interval is Infinity, and one more refresh changes nothing', async () => {
    const { cache, clock } = world({ interval: Infinity })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(clock.timers).toBe(0)
    await cache.refresh('a')
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: it holds none while all that runs is a call without a timeout', async () => {
    const { cache, clock, calls } = world({ timeout: Infinity, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(calls).toHaveLength(1)
    expect(clock.timers).toBe(0)
  })

  it('L5: it holds none when the last item was deleted', async () => {
    const { cache, clock } = world({ maxAge: 50_000 })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(100)
    expect(clock.timers).toBe(1)
    cache.delete('a')
    cache.delete('b')
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: it holds none when the last item became terminal', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    cache.update('a', done())
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: a running cache holds one at most, whatever it has to do', async () => {
    const clock = new CountingClock()
    const { cache } = world({
      clock,
      isTerminal,
      interval: (_, id) => 100 + 37 * id.length,
      maxAge: 2500,
      terminalTtl: 700,
      gcTime: 4000,
      timeout: 300,
      batchWindow: 20,
      batchSize: 3,
      rateLimit: { calls: 5, per: 100 },
      answer: (batch, call) => {
        if (call.at % 5 === 0) return 'wait'
        if (call.at % 7 === 0) throw new Error('now and then')
        return stepped(batch)
      },
    })
    cache.start()
    for (let step = 0; step < 60; step++) {
      const id = 'x'.repeat(1 + (step % 11))
      cache.getOrCreate(id, running())
      if (step % 4 === 0) cache.update(id, done())
      if (step % 6 === 0) cache.deleteDelayed(id)
      if (step % 9 === 0) cache.subscribe(id, () => {})
      await clock.advance(73)
    }
    expect(clock.most).toBe(1)
  })

  it('L5: while stop waits there is one at most, and none when it has waited', async () => {
    const clock = new CountingClock()
    const { cache } = world({ clock, timeout: 5000, batchSize: 1, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(100)
    cache.getOrCreate('c', running())
    await clock.advance(100)
    const stopped = outcomeOf(cache.stop())
    void cache.stop()
    expect(clock.timers).toBe(1)
    await clock.advance(4900)
    expect(stopped.now).toBeUndefined()
    expect(clock.timers).toBe(0)
    expect(clock.most).toBe(1)
  })

  it('L5: an abort that nobody waits for leaves no timer once its calls have settled', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    const controller = new AbortController()
    cache.start({ signal: controller.signal }).getOrCreate('a', running())
    await clock.advance(0)
    controller.abort()
    lastCall().answer([])
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: several starts and stops leave one timer', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    for (let round = 0; round < 5; round++) {
      void cache.stop()
      cache.start()
    }
    await clock.advance(0)
    expect(clock.timers).toBe(1)
  })
})

const untouched = (name: string) => (): never => {
  throw new Error(`${name} was touched`)
}

/** Runs `body` while the globals that tell or keep time are `fake`; `body` must be synchronous. */
function withTime(fake: (name: string) => () => never, body: () => void): void {
  const names = ['setTimeout', 'setInterval', 'queueMicrotask', 'Date', 'performance', 'fetch']
  const had = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name))
  try {
    for (const name of names) {
      Object.defineProperty(globalThis, name, { configurable: true, get: fake(name) })
    }
    body()
  } finally {
    for (const [index, name] of names.entries()) {
      const descriptor = had[index]
      if (descriptor === undefined) Reflect.deleteProperty(globalThis, name)
      else Object.defineProperty(globalThis, name, descriptor)
    }
  }
}

/** Without an order: Firefox moves a name to the end when it is first used. */
const globalNames = (): Set<PropertyKey> => new Set(Reflect.ownKeys(globalThis))

describe('module scope', () => {
  it('L6: constructing asks the clock, the environment and chance nothing', () => {
    const { cache } = world({
      clock: {
        now: untouched('now'),
        epoch: untouched('epoch'),
        setTimeout: untouched('setTimeout'),
        clearTimeout: untouched('clearTimeout'),
      },
      environment: {
        isVisible: untouched('isVisible'),
        isOnline: untouched('isOnline'),
        subscribe: untouched('subscribe'),
      },
      random: untouched('random'),
      interval: untouched('interval'),
      answer: untouched('sync'),
    })
    expect(cache.size).toBe(0)
    expect(cache.isRunning).toBe(false)
  })

  it('L6: constructing with every default reads no clock and starts no timer of the runtime', () => {
    let cache: InMemoryAutoRefresh<Job> | undefined
    withTime(untouched, () => {
      cache = new InMemoryAutoRefresh<Job>({ sync: unchanged, interval: 1000 })
    })
    expect(cache?.isRunning).toBe(false)
  })

  it('L6: constructing and starting leave no trace in the globals', async () => {
    const before = globalNames()
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    await cache.stop()
    expect(globalNames()).toEqual(before)
  })

  it('L6: a cache that is dropped unused was told nothing, and reported nothing', async () => {
    const { clock, environment, events } = world()
    await clock.advance(10_000)
    expect(clock.timers).toBe(0)
    expect(environment.listeners).toBe(0)
    expect(events).toEqual([])
  })

  it('L6: importing adds nothing to the globals, starts no timer and reads no clock', async () => {
    // With a query, each is another module than the one that is imported above, and is run here.
    const modules = import.meta.glob<object>(['../src/**/*.ts', '!../src/**/*.{test,d}.ts'], {
      query: '?anew',
    })
    const before = globalNames()
    const used: string[] = []
    const spy = <Call extends (...args: never[]) => unknown>(name: string, call: Call): Call =>
      new Proxy(call, {
        apply(target, self, args): unknown {
          used.push(name)
          return Reflect.apply(target, self, args)
        },
      })
    const restores = [
      replace(globalThis, 'setTimeout', spy('setTimeout', setTimeout)),
      replace(globalThis, 'setInterval', spy('setInterval', setInterval)),
      replace(Date, 'now', spy('Date.now', Date.now)),
    ]
    try {
      for (const load of Object.values(modules)) await load()
    } finally {
      for (const restore of restores) restore()
    }
    expect(used).toEqual([])
    expect(globalNames()).toEqual(before)
    const run = await modules['../src/in-memory-auto-refresh.ts']?.()
    expect(run).toHaveProperty('InMemoryAutoRefresh')
    expect(run).not.toHaveProperty('InMemoryAutoRefresh', InMemoryAutoRefresh)
  })
})

describe('retain', () => {
  it('L8: it starts the cache', async () => {
    const { cache, clock, calls } = world()
    cache.getOrCreate('a', running())
    cache.retain()
    expect(cache.isRunning).toBe(true)
    await clock.advance(1000)
    expect(log(calls)).toEqual(['0 a', '1000 a'])
  })

  it('L8: a second one starts nothing a second time', async () => {
    const { cache, clock, calls, events } = world()
    cache.getOrCreate('a', running())
    cache.retain()
    cache.retain()
    await clock.advance(1000)
    expect(log(calls)).toEqual(['0 a', '1000 a'])
    expect(events.filter((event) => event.type === 'started')).toHaveLength(1)
  })

  it('L8: the release of the last one stops the cache, aborts its calls and clears its timer', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.getOrCreate('a', running())
    const release = cache.retain()
    await clock.advance(0)
    release()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
    expect(lastCall().signal.aborted).toBe(true)
    lastCall().answer([])
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L8: it is not stopped before the end of the turn', async () => {
    const { cache, events } = world()
    cache.retain()()
    expect(cache.isRunning).toBe(true)
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
    expect(events.map((event) => event.type)).toEqual(['started', 'stopped'])
  })

  it('L8: a new one in the same turn keeps it running, without a stop in between', async () => {
    const { cache, clock, lastCall, events } = world({ answer: () => 'wait' })
    cache.getOrCreate('a', running())
    const release = cache.retain()
    await clock.advance(0)
    release()
    const again = cache.retain()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
    expect(lastCall().signal.aborted).toBe(false)
    expect(events.map((event) => event.type)).not.toContain('stopped')
    again()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
  })

  it('L8: as often as it is released and taken in one turn, the last word counts', async () => {
    const { cache, events } = world()
    for (let round = 0; round < 5; round++) cache.retain()()
    const release = cache.retain()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
    release()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
    expect(events.map((event) => event.type)).toEqual(['started', 'stopped'])
  })

  it('L8: one that comes after the end of the turn starts it again', async () => {
    const { cache, events } = world()
    cache.retain()()
    await endOfTurn()
    cache.retain()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
    expect(events.map((event) => event.type)).toEqual(['started', 'stopped', 'started'])
  })

  it('L8: while anybody holds it, it runs', async () => {
    const { cache } = world()
    const releases = [cache.retain(), cache.retain(), cache.retain()]
    releases[0]?.()
    releases[2]?.()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
    releases[1]?.()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
  })

  it('L8: releasing twice is releasing once', async () => {
    const { cache } = world()
    const first = cache.retain()
    const second = cache.retain()
    first()
    first()
    await endOfTurn()
    first()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
    second()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
  })

  it('L8: an old release, called again, takes nothing from who retained later', async () => {
    const { cache } = world()
    const old = cache.retain()
    old()
    await endOfTurn()
    cache.retain()
    old()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
  })

  it('L8: releasing stops no cache that the application started before', async () => {
    const { cache } = world()
    cache.start()
    cache.retain()()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
  })

  it('L8: releasing stops no cache that the application started since', async () => {
    const { cache } = world()
    const release = cache.retain()
    cache.start()
    release()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
  })

  it('L8: nor one that it starts between the release and the end of the turn', async () => {
    const { cache } = world()
    cache.retain()()
    cache.start()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
  })

  it('L8: later retains do not undo that the application started it', async () => {
    const { cache } = world()
    const release = cache.retain()
    cache.start()
    release()
    cache.retain()()
    await endOfTurn()
    cache.retain()()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
  })

  it('L2, L8: a start with an aborted signal did nothing, so that releasing stops the cache', async () => {
    const { cache } = world()
    const release = cache.retain()
    cache.start({ signal: AbortSignal.abort() })
    release()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
  })

  it('L8: after a start and a stop of the application it is a retain again that started it', async () => {
    const { cache } = world()
    cache.start()
    await cache.stop()
    const release = cache.retain()
    release()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
  })

  it('L8: a stop of the application stops it whoever retains it', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    cache.retain()
    cache.retain()
    await clock.advance(0)
    void cache.stop()
    expect(cache.isRunning).toBe(false)
    expect(clock.timers).toBe(0)
    await clock.advance(5000)
    expect(cache.isRunning).toBe(false)
  })

  it('L8: so does an abort of the signal of its start', () => {
    const { cache } = world()
    const controller = new AbortController()
    cache.retain()
    cache.start({ signal: controller.signal })
    controller.abort()
    expect(cache.isRunning).toBe(false)
  })

  it('L8: after that stop it starts again by the next retain', async () => {
    const { cache, clock, calls } = world()
    cache.getOrCreate('a', running())
    cache.retain()
    await clock.advance(0)
    await cache.stop()
    cache.retain()
    expect(cache.isRunning).toBe(true)
    await clock.advance(1000)
    expect(log(calls)).toEqual(['0 a', '1000 a'])
  })

  it('L8: after that stop it starts again by the next start, and no release stops it', async () => {
    const { cache } = world()
    const release = cache.retain()
    await cache.stop()
    cache.start()
    release()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
  })

  it('L8: after that stop a release alone starts and stops nothing', async () => {
    const { cache, events } = world()
    const release = cache.retain()
    await cache.stop()
    release()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
    expect(events.map((event) => event.type)).toEqual(['started', 'stopped'])
  })

  it('L8: who held it before that stop still holds it when it runs again', async () => {
    const { cache } = world()
    const old = cache.retain()
    await cache.stop()
    const young = cache.retain()
    young()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
    old()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
  })

  it('L8: a stop and a start between the release and the end of the turn are the last word', async () => {
    const { cache } = world()
    cache.retain()()
    void cache.stop()
    cache.start()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
  })
})
