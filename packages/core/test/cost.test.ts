import { rateLimit } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { CountingClock, createAll, failed, manyIds, outcomeOf } from './scheduling.ts'
import { running, world } from './world.ts'

const nothing = (): void => {}

describe('timers', () => {
  it('S11: any number of changes in a turn is one wake-up', async () => {
    async function readsFor(count: number): Promise<number> {
      const clock = new CountingClock()
      const { cache } = world({ clock })
      cache.start()
      createAll(cache, manyIds(100))
      await clock.advance(10)
      const before = clock.reads
      for (const id of manyIds(count)) cache.delete(id)
      for (let job = 0; job < 10; job++) await Promise.resolve()
      return clock.reads - before
    }
    expect(await readsFor(50)).toBe(await readsFor(1))
  })

  it('L5: running calls with a timeout share one timer', async () => {
    const clock = new CountingClock()
    const { cache, calls } = world({ clock, batchSize: 1, concurrency: 50, answer: () => 'wait' })
    cache.start()
    createAll(cache, manyIds(50))
    await clock.advance(0)
    expect(calls).toHaveLength(50)
    expect(clock.most).toBe(1)
  })

  it('L5: the timeout of a call that has settled keeps no timer', async () => {
    const { cache, clock } = world({ interval: Infinity })
    cache.start().getOrCreate('a', running())
    await clock.advance(10)
    expect(clock.timers).toBe(0)
  })
})

describe('the cost of an item', () => {
  it('S11: ten thousand new items do not arm a timer each', async () => {
    const clock = new CountingClock()
    const { cache, calls } = world({ clock })
    cache.start()
    createAll(cache, manyIds(10_000))
    await clock.advance(0)
    expect(calls).toHaveLength(100)
    expect(clock.armed).toBeLessThan(400)
    expect(clock.timers).toBe(1)
  })

  it('S11: items that are created one by one without being due do not arm a timer each', async () => {
    const clock = new CountingClock()
    const { cache } = world({ clock, syncOnCreate: false })
    cache.start()
    for (const id of manyIds(500)) {
      cache.getOrCreate(id, running())
      await clock.advance(1)
    }
    expect(clock.armed).toBeLessThanOrEqual(5)
  })

  it.each([
    ['', 0],
    [' after a sleep', 40_000],
  ])(
    'S11: items that are deleted one by one before they are due do not arm a timer each%s',
    async (_, slept) => {
      const clock = new CountingClock()
      const { cache } = world({ clock, interval: 3_600_000, syncOnCreate: false })
      cache.start()
      for (const id of manyIds(500)) {
        cache.getOrCreate(id, running())
        await clock.advance(1)
      }
      clock.sleep(slept)
      for (const id of manyIds(499)) {
        cache.delete(id)
        await clock.advance(0)
      }
      expect(clock.armed).toBeLessThanOrEqual(5)
      await clock.advance(3_600_000)
      expect(clock.timers).toBe(1)
    },
  )

  it('S11: writes and reads of a waiting item arm no timer', async () => {
    const clock = new CountingClock()
    const { cache } = world({ clock })
    cache.start().getOrCreate('a', running())
    await clock.advance(10)
    const { armed } = clock
    for (let step = 0; step < 1000; step++) {
      cache.update('a', running(step))
      cache.get('a')
      cache.getSnapshot('a')
      cache.subscribe('a', nothing)()
    }
    await clock.advance(10)
    expect(clock.armed).toBe(armed)
  })

  it('S11: a refresh costs a constant number of timers', async () => {
    const clock = new CountingClock()
    const { cache, calls } = world({ clock })
    cache.start().getOrCreate('a', running())
    await clock.advance(100_000)
    expect(calls).toHaveLength(101)
    expect(clock.armed).toBeLessThanOrEqual(4 * 101)
  })

  it('S11: a wake-up costs in the items that are due, not in those that wait', async () => {
    const clock = new CountingClock()
    const asked = { isTerminal: 0, interval: 0, equals: 0, random: 0 }
    const { cache, calls } = world({
      clock,
      isTerminal: () => {
        asked.isTerminal += 1
        return false
      },
      interval: (_, id) => {
        asked.interval += 1
        return id === 'fast' ? 1000 : 1_000_000
      },
      equals: () => {
        asked.equals += 1
        return true
      },
      random: () => {
        asked.random += 1
        return 0
      },
      answer: (batch) => batch.map(({ id, item = running() }) => ({ id, item })),
    })
    cache.start()
    createAll(cache, manyIds(5000))
    cache.getOrCreate('fast', running())
    await clock.advance(500)
    const before = { ...asked, calls: calls.length, reads: clock.reads }
    await clock.advance(100_000)
    expect(calls.length - before.calls).toBe(100)
    expect(asked.interval - before.interval).toBe(100)
    expect(asked.equals - before.equals).toBeLessThanOrEqual(100)
    expect(asked.isTerminal - before.isTerminal).toBeLessThanOrEqual(400)
    expect(asked.random - before.random).toBeLessThanOrEqual(200)
    expect(clock.reads - before.reads).toBeLessThanOrEqual(100 * 50)
  })

  it('S11: a snapshot is made of the items that are due, not of those that wait', async () => {
    let reads = 0
    const item = (): { readonly step: number } => ({
      get step() {
        reads += 1
        return 1
      },
    })
    const { cache, clock } = world<{ readonly step: number }>({
      interval: (_, id) => (id === 'fast' ? 1000 : 1_000_000),
      answer: (batch) => batch.map(({ id }) => ({ id, item: item() })),
    })
    cache.start()
    for (const id of [...manyIds(2000), 'fast']) cache.getOrCreate(id, item())
    await clock.advance(500)
    reads = 0
    await clock.advance(50_000)
    expect(reads).toBeLessThanOrEqual(50 * 20)
  })

  it('S11: a subscriber of a waiting item is not called by the wake-ups of others', async () => {
    let told = 0
    const { cache, clock } = world({ interval: (_, id) => (id === 'fast' ? 1000 : 1_000_000) })
    cache.start()
    createAll(cache, ['fast', ...manyIds(50)])
    await clock.advance(500)
    for (const id of manyIds(50)) cache.subscribe(id, () => (told += 1), { activity: true })
    await clock.advance(50_000)
    expect(told).toBe(0)
  })
})

describe('waiting without busy waiting', () => {
  it('S11: for a page that is hidden', async () => {
    const clock = new CountingClock()
    const { cache, environment, calls } = world({ clock })
    cache.start()
    createAll(cache, manyIds(100))
    await clock.advance(500)
    environment.setVisible(false)
    const { armed } = clock
    await clock.advance(3_600_000)
    expect(calls).toHaveLength(1)
    expect(clock.armed - armed).toBeLessThanOrEqual(5)
  })

  it('S11: for a slot', async () => {
    const clock = new CountingClock()
    const { cache } = world({ clock, batchSize: 1, concurrency: 1, timeout: Infinity, answer: () => 'wait' })
    cache.start()
    createAll(cache, manyIds(100))
    await clock.advance(3_600_000)
    expect(clock.armed).toBeLessThanOrEqual(10)
  })

  it('S11: for a token', async () => {
    const clock = new CountingClock()
    const { cache, calls } = world({
      clock,
      batchSize: 1,
      interval: Infinity,
      policies: [rateLimit({ calls: 1, per: 60_000 })],
    })
    cache.start()
    createAll(cache, manyIds(10))
    await clock.advance(600_000)
    expect(calls).toHaveLength(10)
    expect(clock.armed).toBeLessThanOrEqual(60)
  })

  it('S11: for the end of a backoff', async () => {
    const clock = new CountingClock()
    const { cache, calls } = world({ clock, answer: (batch) => batch.map(({ id }) => failed(id)) })
    cache.start()
    createAll(cache, manyIds(50))
    await clock.advance(3_600_000)
    expect(clock.armed).toBeLessThanOrEqual(5 * calls.length + 10)
    expect(calls.length).toBeLessThan(100)
  })

  it('S11: for the end of an outage', async () => {
    const clock = new CountingClock()
    const { cache, calls } = world({ clock, batchSize: 10, answer: () => Promise.reject(new Error('down')) })
    cache.start()
    createAll(cache, manyIds(200))
    await clock.advance(3_600_000)
    expect(calls.length).toBeLessThan(90)
    expect(clock.armed).toBeLessThanOrEqual(6 * calls.length + 20)
  })

  it('S11: for an old call of an id that was created again', async () => {
    const clock = new CountingClock()
    const { cache } = world({ clock, timeout: Infinity, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.delete('a')
    cache.getOrCreate('a', running())
    outcomeOf(cache.refresh('a'))
    await clock.advance(3_600_000)
    expect(clock.armed).toBeLessThanOrEqual(5)
  })
})
