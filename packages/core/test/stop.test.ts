import { until, watch, type InMemoryAutoRefresh } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { log } from './scheduling.ts'
import { settlementOf } from './settlement.ts'
import { done, isTerminal, endOfTurn, running, world, type Job } from './world.ts'

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

  it(`L3, D10: the late result of a running call after ${way} is ignored`, async () => {
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
    const { cache, clock, calls, stop } = started({ concurrency: 1, batchSize: 1, answer: () => 'wait' })
    cache.getOrCreate('a', running())
    await clock.advance(0)
    cache.getOrCreate('b', running())
    const outcome = settlementOf(cache.refresh('b'))
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
    const outcome = settlementOf(cache.refresh('a'))
    await clock.advance(0)
    expect(calls).toHaveLength(1)
    stop()
    await clock.advance(0)
    expect(outcome.now).toBe('STOPPED')
  })

  it(`L3: until waits on after ${way}`, async () => {
    const { cache, clock, stop } = started()
    cache.getOrCreate('a', running())
    const outcome = settlementOf(until(cache, 'a'))
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
    const next = settlementOf(values.next())
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

const startWithSignal = (cache: InMemoryAutoRefresh<Job>): (() => void) => {
  const controller = new AbortController()
  cache.start({ signal: controller.signal })
  return () => controller.abort()
}

describe('the promise of stop', () => {
  it('L9: it resolves if no sync call runs', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    await expect(cache.stop()).resolves.toBeUndefined()
  })

  it('L9: it resolves on a cache that was never started', async () => {
    await expect(world().cache.stop()).resolves.toBeUndefined()
  })

  it('L9: it resolves when every aborted call has settled, no sooner', async () => {
    const { cache, clock, calls } = world({ batchSize: 1, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(0)
    const stopped = settlementOf(cache.stop())
    await clock.advance(100)
    calls[0]?.answer([])
    await clock.advance(0)
    expect(stopped.now).toBe('pending')
    calls[1]?.fail(new Error('aborted'))
    await clock.advance(0)
    expect(stopped.now).toBeUndefined()
  })

  it('L9: a second stop waits for the same calls', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    void cache.stop()
    const second = settlementOf(cache.stop())
    await clock.advance(0)
    expect(second.now).toBe('pending')
    lastCall().answer([])
    await clock.advance(0)
    expect(second.now).toBeUndefined()
  })

  it('L9: stop after an abort of the signal waits for the aborted call', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    const controller = new AbortController()
    cache.start({ signal: controller.signal }).getOrCreate('a', running())
    await clock.advance(0)
    controller.abort()
    const stopped = settlementOf(cache.stop())
    await clock.advance(0)
    expect(stopped.now).toBe('pending')
    lastCall().answer([])
    await clock.advance(0)
    expect(stopped.now).toBeUndefined()
  })

  it('L9: a call that ignores its signal is waited for until its timeout', async () => {
    const { cache, clock } = world({ timeout: 5000, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    const stopped = settlementOf(cache.stop())
    await clock.advance(3999)
    expect(stopped.now).toBe('pending')
    await clock.advance(1)
    expect(stopped.now).toBeUndefined()
  })

  it('L9: the last timeout of several such calls counts', async () => {
    const { cache, clock } = world({ timeout: 5000, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(2000)
    cache.getOrCreate('b', running())
    await clock.advance(0)
    const stopped = settlementOf(cache.stop())
    await clock.advance(4999)
    expect(stopped.now).toBe('pending')
    await clock.advance(1)
    expect(stopped.now).toBeUndefined()
  })

  it('L9: a call that ignores its signal and has no timeout is not waited for at all', async () => {
    const { cache, clock } = world({ timeout: Infinity, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const stopped = settlementOf(cache.stop())
    await endOfTurn()
    expect(stopped.now).toBeUndefined()
  })

  it('L9: a call that timed out before the stop is not waited for', async () => {
    const { cache, clock } = world({ timeout: 500, interval: 60_000, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    const stopped = settlementOf(cache.stop())
    await endOfTurn()
    expect(stopped.now).toBeUndefined()
  })

  it('L9: a call of a later run is not waited for', async () => {
    const { cache, clock, calls } = world({ batchSize: 1, timeout: 60_000, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const stopped = settlementOf(cache.stop())
    cache.start().getOrCreate('b', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '0 b'])
    calls[0]?.answer([])
    await clock.advance(0)
    expect(stopped.now).toBeUndefined()
  })

  it.each<[string, (cache: InMemoryAutoRefresh<Job>) => () => unknown]>([
    ['stop', (cache) => (cache.start(), () => cache.stop())],
    ['an abort', (cache) => startWithSignal(cache)],
    ['the last release', (cache) => cache.retain()],
  ])('L9: after %s one timer is held as long as a call may run, and none then', async (_, run) => {
    const { cache, clock } = world({ batchSize: 1, timeout: 5000, answer: () => 'wait' })
    const end = run(cache)
    cache.getOrCreate('a', running())
    await clock.advance(1000)
    cache.getOrCreate('b', running())
    await clock.advance(0)
    end()
    await clock.advance(4999)
    expect(clock.timers).toBe(1)
    const stopped = settlementOf(cache.stop())
    await clock.advance(1)
    expect(stopped.now).toBeUndefined()
    expect(clock.timers).toBe(0)
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
