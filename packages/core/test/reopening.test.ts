import { expiry, until } from '@auto-refresh/core'
import { adopt } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { outcomeOf, times, typesOf } from './scheduling.ts'
import { settlementOf } from './settlement.ts'
import { done, isTerminal, running, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

/** An item `a` that was refreshed at 0, and is terminal since 1000; the source says `running(5)` from then on. */
async function finished(options: Options = {}): Promise<World<Job>> {
  const answers = [running(0), done(1)]
  const w = world({
    isTerminal,
    answer: () => [{ id: 'a', item: answers.shift() ?? running(5) }],
    ...options,
  })
  w.cache.start().getOrCreate('a', running(0))
  await w.clock.advance(1000)
  return w
}

describe('a job that is run again at its source', () => {
  it('W7: a refresh brings it back, and it is polled again', async () => {
    const { cache, clock, calls, events } = await finished()
    expect(cache.getSnapshot('a').status).toBe('terminal')
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
    expect(cache.getSnapshot('a')).toMatchObject({
      status: 'active',
      item: running(5),
      nextRefreshAt: 1_002_000,
    })
    expect(events.at(-2)).toEqual({ type: 'updated', id: 'a', item: running(5) })
    await clock.advance(2000)
    expect(times(calls)).toEqual([0, 1000, 1000, 2000, 3000])
  })

  it('W7: a push does not: nothing is written, and it counts as unchanged', async () => {
    const { cache, clock, calls, events } = await finished()
    const before = cache.getSnapshot('a')
    const count = events.length
    await clock.advance(100)
    cache.ingest([{ id: 'a', item: running(5), validator: 'v' }])
    expect(cache.getSnapshot('a')).toEqual({ ...before, unchangedCount: 1, refreshedAt: 1_001_100 })
    expect(cache.get('a')).toBe(before.item)
    expect(events).toHaveLength(count)
    await clock.advance(5000)
    expect(calls).toHaveLength(2)
  })

  it('W7: a push that is terminal, too, is written', async () => {
    const { cache } = await finished()
    cache.ingest([{ id: 'a', item: done(9) }])
    expect(cache.get('a')).toEqual(done(9))
  })

  it('W7: `adopt` does not reopen it', async () => {
    const { cache, clock } = await finished()
    await clock.advance(500)
    adopt(cache, [
      {
        id: 'a',
        item: running(5),
        validator: undefined,
        error: undefined,
        failureCount: 0,
        unchangedCount: 0,
        age: 0,
        next: 500,
      },
    ])
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'terminal', item: done(1) })
  })

  it('W7: a scheduled call does not reopen an item that became terminal while it ran', async () => {
    const { cache, clock, lastCall } = world({ isTerminal, answer: () => 'wait' })
    cache.start().getOrCreate('a', running(0))
    await clock.advance(0)
    cache.ingest([{ id: 'a', item: done(1) }])
    lastCall().answer([{ id: 'a', item: running(5) }])
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'terminal', item: done(1), failureCount: 0 })
  })

  it('W7: a refresh that was requested before the item was terminal does not reopen it', async () => {
    const { cache, clock, calls } = world({
      isTerminal,
      concurrency: 1,
      answer: (_, call) => (call.ids.includes('busy') ? 'wait' : [{ id: 'a', item: running(5) }]),
    })
    cache.start().getOrCreate('busy', running())
    await clock.advance(0)
    cache.getOrCreate('a', running(0))
    const outcome = outcomeOf(cache.refresh('a'))
    cache.update('a', done(1))
    calls[0]?.answer([{ id: 'busy', item: done() }])
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'terminal', item: done(1), unchangedCount: 1 })
  })

  it('W7: the call that ran when the refresh was requested does not reopen it; the next one does', async () => {
    const { cache, clock, calls } = world({ isTerminal, answer: () => 'wait' })
    cache.start().getOrCreate('a', done(1))
    const first = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    const second = outcomeOf(cache.refresh('a'))
    calls[0]?.answer([{ id: 'a', item: done(1) }])
    await clock.advance(0)
    expect([first.state, second.state]).toEqual(['resolved', 'pending'])
    calls[1]?.answer([{ id: 'a', item: running(5) }])
    await clock.advance(0)
    expect(second.state).toBe('resolved')
    expect(cache.getSnapshot('a').status).toBe('active')
  })

  it('W7, G1: refreshAll leaves terminal items alone', async () => {
    const { cache, clock, calls } = await finished()
    const outcome = outcomeOf(cache.refreshAll())
    await clock.advance(100)
    expect(outcome.state).toBe('resolved')
    expect(calls).toHaveLength(2)
    expect(cache.getSnapshot('a').status).toBe('terminal')
  })

  it('W7: the refresh works once: what is pushed later reopens nothing', async () => {
    const { cache, clock } = await finished({
      answer: (_, call) => [{ id: 'a', item: call.at === 0 ? running(0) : done(1) }],
    })
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
    cache.ingest([{ id: 'a', item: running(5) }])
    expect(cache.getSnapshot('a').status).toBe('terminal')
  })

  it('W7: a refresh whose call fails opens nothing for what is pushed later, and another one works', async () => {
    let isDown = true
    const { cache, clock } = await finished({
      answer: (_, call) => {
        if (call.at < 1000) return [{ id: 'a', item: running(0) }]
        if (call.at === 1000) return [{ id: 'a', item: done(1) }]
        return isDown ? Promise.reject(new Error('down')) : [{ id: 'a', item: running(5) }]
      },
    })
    await clock.advance(500)
    const failing = outcomeOf(cache.refresh('a'))
    await clock.advance(5000)
    expect(failing.state).toBe('rejected')
    cache.ingest([{ id: 'a', item: running(5) }])
    expect(cache.getSnapshot('a').status).toBe('terminal')
    isDown = false
    outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'active', failureCount: 0 })
  })

  it('W7, O4: an `until` waits for the end of the new run', async () => {
    const { cache, clock } = await finished()
    outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    const outcome = settlementOf(until(cache, 'a'))
    await clock.advance(1500)
    expect(outcome.now).toBe('pending')
    cache.update('a', done(7))
    await clock.advance(0)
    expect(outcome.now).toEqual(done(7))
  })
})

describe('a local update of a terminal item', () => {
  it('W7, S9: it reopens the item, which is due when its interval since the last refresh has passed', async () => {
    const { cache, clock, calls } = await finished()
    await clock.advance(300)
    cache.update('a', running(2))
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(699)
    expect(calls).toHaveLength(2)
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 1000, 2000])
  })

  it('W7, S9: at once if that is past, or if the interval was never evaluated', async () => {
    const { cache, clock, calls } = await finished()
    cache.getOrCreate('never', done())
    await clock.advance(5000)
    cache.update('a', running(2))
    await clock.advance(0)
    expect(times(calls)).toEqual([0, 1000, 6000])
    await clock.advance(100)
    cache.update('never', running(2))
    await clock.advance(0)
    expect(calls.at(-1)?.ids).toEqual(['never'])
    expect(calls.at(-1)?.at).toBe(6100)
  })
})

describe('an item that reopens after its maxAge', () => {
  const policies = [expiry({ maxAge: 2000 })]

  it.each<[string, (w: World<Job>) => unknown]>([
    ['a refresh', ({ cache }) => outcomeOf(cache.refresh('a'))],
    ['an update', ({ cache }) => cache.update('a', running(5))],
  ])('W7, W3: by %s it expires at once', async (_, reopen) => {
    const w = await finished({ policies })
    await w.clock.advance(2000)
    expect(w.cache.getSnapshot('a').status).toBe('terminal')
    reopen(w)
    await w.clock.advance(0)
    expect(w.cache.getSnapshot('a')).toMatchObject({ status: 'expired', item: running(5) })
    expect(typesOf(w.events.filter((event) => 'id' in event)).slice(-2)).toEqual(['updated', 'expired'])
    const { length } = w.calls
    await w.clock.advance(5000)
    expect(w.calls).toHaveLength(length)
  })
})
