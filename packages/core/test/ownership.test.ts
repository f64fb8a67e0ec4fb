import { until, watch, type InMemoryAutoRefresh } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { describe, expect, it } from 'vitest'
import { failed, outcomeOf, times, typesOf } from './scheduling.ts'
import { done, isTerminal, running, stepped, world, type Job, type World } from './world.ts'

type Cache = InMemoryAutoRefresh<Job>
type Options = NonNullable<Parameters<typeof world<Job>>[0]>

const nothing = (): void => {}

/** A running cache with an item `a` of one subscription, which `leave` ends. */
function shown(options: Options = {}): World<Job> & { readonly leave: () => void } {
  const w = world({ isTerminal, gcTime: 500, answer: stepped, ...options })
  const leave = w.cache.start().subscribe('a', nothing, { create: true })
  return { ...w, leave }
}

describe('polled items', () => {
  it("P7: the application's items are, observed or not, and nothing removes them", async () => {
    const { cache, clock, calls } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    cache.subscribe('a', nothing)()
    await clock.advance(5000)
    expect(times(calls)).toEqual([0, 1000, 2000, 3000, 4000, 5000])
    expect(cache.has('a')).toBe(true)
  })

  it('P7: an item of a subscription is, only while it is observed', async () => {
    const { clock, calls, leave } = shown({ gcTime: 60_000 })
    await clock.advance(2500)
    leave()
    await clock.advance(10_000)
    expect(times(calls)).toEqual([0, 1000, 2000])
  })

  it('P7: a plain subscription keeps it polled, too, as do until and watch', async () => {
    for (const observe of [
      ({ cache }: World<Job>) => cache.subscribe('a', nothing),
      ({ cache }: World<Job>) => void until(cache, 'a', () => false).catch(nothing),
      ({ cache }: World<Job>) => void watch(cache, 'a').next(),
    ]) {
      const w = shown()
      await w.clock.advance(100)
      observe(w)
      w.leave()
      await w.clock.advance(2000)
      expect(times(w.calls)).toEqual([0, 1000, 2000])
    }
  })

  it('P8: one id of several subscriptions is polled until the last of them has left', async () => {
    const { cache, clock, calls, leave } = shown()
    const second = cache.subscribe('a', nothing, { create: true, activity: true })
    leave()
    await clock.advance(1500)
    second()
    await clock.advance(499)
    expect(times(calls)).toEqual([0, 1000])
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('P7: left before its first call, it is not called', async () => {
    const { cache, clock, calls, leave } = shown()
    leave()
    await clock.advance(100)
    expect(calls).toEqual([])
    cache.subscribe('a', nothing)
    await clock.advance(0)
    expect(times(calls)).toEqual([100])
  })

  it('P7: left and subscribed anew in one turn, it is called once', async () => {
    const { cache, clock, calls, leave } = shown()
    leave()
    cache.subscribe('a', nothing, { create: true })
    await clock.advance(900)
    expect(times(calls)).toEqual([0])
  })

  it('S9: observed anew, it is due when its interval since the last refresh has passed', async () => {
    const { cache, clock, calls, leave } = shown({ gcTime: 60_000 })
    await clock.advance(100)
    leave()
    await clock.advance(300)
    cache.subscribe('a', nothing)
    await clock.advance(599)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 1000])
  })

  it('S9: at once if it has passed', async () => {
    const { cache, clock, calls, leave } = shown({ gcTime: 60_000 })
    await clock.advance(100)
    leave()
    await clock.advance(3300)
    cache.subscribe('a', nothing)
    await clock.advance(0)
    expect(times(calls)).toEqual([0, 3400])
  })

  it('S9: not before its delay after a failure', async () => {
    const { cache, clock, calls, leave } = shown({
      gcTime: 60_000,
      answer: () => [failed('a', 'busy', 7000)],
    })
    await clock.advance(100)
    leave()
    await clock.advance(3900)
    cache.subscribe('a', nothing)
    await clock.advance(2999)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 7000])
  })
})

describe('gcTime', () => {
  it('P7: it counts from when the last subscriber left, and removes with reason unobserved', async () => {
    const { cache, clock, events, leave } = shown()
    await clock.advance(700)
    leave()
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
    expect(events.at(-1)).toEqual({ type: 'deleted', id: 'a', item: running(1), reason: 'unobserved' })
  })

  it('P7: it is five minutes by default', async () => {
    const { cache, clock, leave } = shown({ gcTime: undefined })
    leave()
    await clock.advance(299_999)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it.each<[string, Options]>([
    ['a terminal item', { answer: () => [{ id: 'a', item: done() }] }],
    ['a pending item', { answer: () => [failed('a')] }],
    ['an item that nothing else is scheduled for', { interval: Infinity }],
  ])('P7: it removes %s, too', async (_, options) => {
    const { cache, clock, leave } = shown(options)
    await clock.advance(100)
    leave()
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('P7: a subscriber that comes in time keeps the item, and it counts anew after that one', async () => {
    const { cache, clock, leave } = shown()
    leave()
    await clock.advance(499)
    const second = cache.subscribe('a', nothing)
    await clock.advance(5000)
    expect(cache.has('a')).toBe(true)
    second()
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('P7: an unsubscribe that is called again prolongs nothing', async () => {
    const { cache, clock, leave } = shown()
    leave()
    await clock.advance(300)
    leave()
    await clock.advance(200)
    expect(cache.has('a')).toBe(false)
  })

  it('P7: until is a subscriber as long as it waits, watch until it is left', async () => {
    const { cache, clock, leave } = shown({ answer: () => [{ id: 'a', item: running() }] })
    await clock.advance(0)
    const values = watch(cache, 'a')
    await values.next()
    const waited = until(cache, 'a', ({ step }) => step === 3)
    leave()
    await clock.advance(5000)
    await values.return?.()
    await clock.advance(5000)
    expect(cache.has('a')).toBe(true)
    cache.update('a', running(3))
    await waited
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('L5: a timer that waits only for it keeps no process alive', async () => {
    /** Handles as Node's timers have them. */
    class NodeClock extends VirtualClock {
      readonly #handles = new Map<object, unknown>()
      unrefs = 0

      override setTimeout(callback: () => void, delay: number): unknown {
        const handle = { unref: () => (this.unrefs += 1) }
        this.#handles.set(handle, super.setTimeout(callback, delay))
        return handle
      }

      override clearTimeout(handle: object): void {
        super.clearTimeout(this.#handles.get(handle))
      }
    }
    const clock = new NodeClock(1_000_000)
    const { cache } = world({ clock, gcTime: 60_000, isTerminal, answer: stepped })
    const leave = cache.start().subscribe('a', nothing, { create: true })
    await clock.advance(100)
    expect(clock.unrefs).toBe(0)
    leave()
    await clock.advance(2000)
    expect([clock.unrefs > 0, clock.timers]).toEqual([true, 1])
    const { unrefs } = clock
    cache.getOrCreate('b', running())
    await clock.advance(0)
    expect([clock.unrefs, clock.timers]).toEqual([unrefs, 1])
  })

  it('P7, S8: a refresh of an item that nobody observes brings its value, and prolongs nothing', async () => {
    const { cache, clock, calls, leave } = shown()
    leave()
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(499)
    expect([outcome.state, cache.get('a')]).toEqual(['resolved', running(1)])
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
    expect(times(calls)).toEqual([0])
  })

  it('P7: refreshes one after the other, whose calls never end, prolong nothing', async () => {
    const { cache, clock, calls, leave } = shown({ answer: () => 'wait', timeout: 300, interval: Infinity })
    outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    outcomeOf(cache.refresh('a'))
    leave()
    await clock.advance(300)
    outcomeOf(cache.refresh('a'))
    await clock.advance(199)
    expect([times(calls), cache.has('a')]).toEqual([[0, 300], true])
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('P7: a refresh whose call takes longer prolongs nothing', async () => {
    const { cache, clock, calls, leave } = shown({ answer: () => 'wait', gcTime: 300 })
    leave()
    await clock.advance(100)
    outcomeOf(cache.refresh('a'))
    await clock.advance(199)
    expect([times(calls), cache.has('a')]).toEqual([[100], true])
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('P7, W5: a mark after the last subscriber has left prolongs nothing', async () => {
    const { cache, clock, events, leave } = shown({ interval: 60_000 })
    await clock.advance(0)
    leave()
    cache.deleteDelayed('a')
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
    expect(events.at(-1)).toMatchObject({ type: 'deleted', reason: 'unobserved' })
  })

  it('P7, W6: the value of a call for an item that was removed meanwhile is ignored', async () => {
    const { cache, clock, events, leave, lastCall } = shown({ answer: () => 'wait' })
    await clock.advance(100)
    leave()
    await clock.advance(500)
    expect(cache.has('a')).toBe(false)
    lastCall().answer([{ id: 'a', item: running(1) }])
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
    expect(typesOf(events)).not.toContain('unexpected-response')
  })

  it('W12: it acts while the cache runs, and at the latest when it starts again', async () => {
    const { cache, clock, leave } = shown()
    await clock.advance(0)
    leave()
    await cache.stop()
    await clock.advance(10_000)
    expect(cache.has('a')).toBe(true)
    cache.start()
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
  })
})

describe('the owner of an item', () => {
  it.each<[string, (cache: Cache) => unknown]>([
    ['getOrCreate of its id', (cache) => cache.getOrCreate('a')],
    ['getOrCreate with an item', (cache) => cache.getOrCreate('a', running(9))],
    ['ingest with `create`', (cache) => cache.ingest([{ id: 'a', item: running(9) }], { create: true })],
  ])("P7: %s makes it the application's, while it is observed and after", async (_, adopt) => {
    for (const wait of [0, 499]) {
      const { cache, clock, calls, leave } = shown()
      await clock.advance(0)
      if (wait > 0) leave()
      await clock.advance(wait)
      adopt(cache)
      leave()
      const before = calls.length
      await clock.advance(5000)
      expect(cache.has('a')).toBe(true)
      expect(calls.length - before).toBeGreaterThanOrEqual(4)
    }
  })

  it('P7: update, refresh, reads and a push do not', async () => {
    const { cache, clock, calls, leave } = shown()
    await clock.advance(100)
    leave()
    await clock.advance(300)
    cache.update('a', running(9))
    cache.get('a')
    cache.getSnapshot('a')
    cache.ingest([{ id: 'a', item: running(10) }])
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(199)
    expect(outcome.state).toBe('resolved')
    expect(times(calls)).toEqual([0, 400])
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('P7: a subscription that would create it does not', async () => {
    const { cache, clock } = world({ gcTime: 500, answer: stepped })
    cache.start().getOrCreate('a', running())
    cache.subscribe('a', nothing, { create: true, initialItem: running(9) })()
    await clock.advance(5000)
    expect(cache.get('a')?.step).toBeGreaterThan(4)
  })

  it("P7: an absent id that has subscribers is the application's when getOrCreate creates it", async () => {
    const { cache, clock } = world({ gcTime: 500 })
    const leave = cache.start().subscribe('a', nothing)
    cache.getOrCreate('a', running())
    leave()
    await clock.advance(5000)
    expect(cache.has('a')).toBe(true)
  })

  it('P7: it is a matter of the generation: created again by a subscription, it is the subscription’s', async () => {
    const { cache, clock, events } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    cache.delete('a')
    cache.subscribe('a', nothing, { create: true })()
    await clock.advance(500)
    expect(cache.has('a')).toBe(false)
    expect(typesOf(events).filter((type) => type === 'deleted')).toHaveLength(2)
  })
})
