import { until, watch } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { done, isTerminal, running, world } from './world.ts'

describe('gcTime', () => {
  it('W12: it counts from the creation of what nobody ever observed', async () => {
    const { cache, clock, events } = world({ gcTime: 500 })
    cache.start()
    await clock.advance(100)
    cache.getOrCreate('a', running())
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
    expect(events.at(-1)).toEqual({ type: 'deleted', id: 'a', item: running(), reason: 'unobserved' })
  })

  it('W12: it counts from when the last subscriber left', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    const first = cache.subscribe('a', () => {})
    const second = cache.subscribe('a', () => {}, { activity: true })
    await clock.advance(1000)
    first()
    await clock.advance(1000)
    second()
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: whoever leaves last, the first to come included', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    const first = cache.subscribe('a', () => {})
    const second = cache.subscribe('a', () => {})
    second()
    first()
    await clock.advance(500)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: though nothing else is planned', async () => {
    const { cache, clock } = world({ interval: Infinity, gcTime: 500 })
    cache.start().getOrCreate('a', running())
    const unsubscribe = cache.subscribe('a', () => {})
    await clock.advance(100)
    unsubscribe()
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: an unsubscribe that is called again prolongs nothing', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    const unsubscribe = cache.subscribe('a', () => {})
    unsubscribe()
    await clock.advance(300)
    unsubscribe()
    await clock.advance(200)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: a subscriber that comes in time keeps the item', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    await clock.advance(499)
    cache.subscribe('a', () => {})
    await clock.advance(5000)
    expect(cache.has('a')).toBe(true)
  })

  it('W12: a subscriber that was there before the item keeps it', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().subscribe('a', () => {})
    await clock.advance(100)
    cache.getOrCreate('a', running())
    await clock.advance(5000)
    expect(cache.has('a')).toBe(true)
  })

  it('W12: who reads, writes, creates or listens to events is no subscriber', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    await clock.advance(400)
    cache.get('a')
    cache.getOrCreate('a', running())
    cache.update('a', running(1))
    cache.getSnapshot('a')
    cache.ingest([{ id: 'a', item: running(2) }])
    await clock.advance(100)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: it removes terminal items, too', async () => {
    const { cache, clock } = world({ isTerminal, gcTime: 500 })
    cache.start().getOrCreate('a', done())
    await clock.advance(500)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: until is a subscriber as long as it waits', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    const waited = until(cache, 'a', (job) => job.step === 3)
    await clock.advance(5000)
    expect(cache.has('a')).toBe(true)
    cache.update('a', running(3))
    await waited
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: watch is a subscriber until it is left', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    cache.start().getOrCreate('a', running())
    const values = watch(cache, 'a')
    await values.next()
    await clock.advance(5000)
    expect(cache.has('a')).toBe(true)
    await values.return?.()
    await clock.advance(500)
    expect(cache.has('a')).toBe(false)
  })
})
