import { AutoRefreshError, type InMemoryAutoRefresh } from '@auto-refresh/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { outcomeOf, times, typesOf, untyped } from './scheduling.ts'
import { captureReports, done, endOfTurn, isTerminal, running, stepped, world, type Job } from './world.ts'

type Cache = InMemoryAutoRefresh<Job>

const nothing = (): void => {}

describe('a subscription that creates', () => {
  it('P9: `create` creates an absent item, pending', async () => {
    const { cache, clock, calls, events } = world({ answer: stepped })
    cache.start().subscribe('a', nothing, { create: true })
    expect(cache.getSnapshot('a').status).toBe('pending')
    expect(events.at(-1)).toEqual({ type: 'created', id: 'a', item: undefined })
    await clock.advance(0)
    expect(times(calls)).toEqual([0])
    expect(cache.get('a')).toEqual(running(1))
  })

  it.each([{}, { create: true }, { create: undefined }])(
    'P9: an `initialItem` creates it with that value (%o)',
    async (options) => {
      const { cache, clock, calls, events } = world()
      const item = running(3)
      cache.start().subscribe('a', nothing, { ...options, initialItem: item })
      expect(cache.get('a')).toBe(item)
      expect(events.at(-1)).toEqual({ type: 'created', id: 'a', item })
      await clock.advance(0)
      expect(times(calls)).toEqual([0])
    },
  )

  it('P9, S1: an item with an `initialItem` waits for its interval without syncOnCreate', async () => {
    const { cache, clock, calls } = world({ syncOnCreate: false })
    cache.start().subscribe('a', nothing, { initialItem: running(3) })
    await clock.advance(1000)
    expect(times(calls)).toEqual([1000])
  })

  it('P9: a terminal `initialItem` is created, told as terminal, and not polled', async () => {
    const { cache, clock, calls, events } = world({ isTerminal })
    cache.start().subscribe('a', nothing, { initialItem: done() })
    await clock.advance(5000)
    expect(typesOf(events).slice(1)).toEqual(['created', 'terminal'])
    expect(calls).toEqual([])
  })

  it('P9: it gives a pending item its value, which is no newer than an answer under way', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a')
    await clock.advance(0)
    cache.subscribe('a', nothing, { initialItem: running(3) })
    expect(cache.get('a')).toEqual(running(3))
    lastCall().answer([{ id: 'a', item: running(1) }])
    await clock.advance(0)
    expect(cache.get('a')).toEqual(running(1))
  })

  it('P9: it leaves a present value alone', () => {
    const { cache } = world()
    const item = cache.getOrCreate('a', running(1))
    cache.subscribe('a', nothing, { initialItem: running(3) })
    expect(cache.get('a')).toBe(item)
  })

  it('P9: `create: false` only looks, whatever initialItem says', () => {
    const { cache } = world()
    cache.getOrCreate('pending')
    for (const id of ['absent', 'pending']) {
      cache.subscribe(id, nothing, { create: false, initialItem: running(3) })
    }
    expect(cache.has('absent')).toBe(false)
    expect(cache.getSnapshot('pending').status).toBe('pending')
  })

  it.each([undefined, {}, { activity: true }, { initialItem: undefined }])(
    'P9: neither said, it creates nothing (%o)',
    (options) => {
      const { cache } = world()
      cache.subscribe('a', nothing, options)
      expect(cache.has('a')).toBe(false)
    },
  )

  it('P9, O2: other subscribers of the absent id are told', async () => {
    const { cache } = world({ answer: () => 'wait' })
    let told = 0
    cache.start().subscribe('a', () => (told += 1))
    cache.subscribe('a', nothing, { create: true })
    await endOfTurn()
    expect(told).toBe(1)
  })
})

describe('a creation by subscription that fails', () => {
  const refusal = new AutoRefreshError('CAPACITY', 'full')
  const failures: readonly (readonly [string, (cache: Cache) => unknown, unknown])[] = [
    ['a null item', (cache) => cache.subscribe('a', nothing, { initialItem: untyped(null) }), TypeError],
    ['no listener', (cache) => cache.subscribe('a', untyped(undefined), { create: true }), TypeError],
    ["a policy's refusal", (cache) => cache.subscribe('refused', nothing, { create: true }), refusal],
  ]

  it.each(failures)('P9: %s throws, and nothing is created or subscribed', (_, attempt, error) => {
    const { cache, events } = world({
      policies: [
        () => ({
          admit: (id) => {
            if (id === 'refused') throw refusal
          },
        }),
      ],
    })
    expect(() => attempt(cache)).toThrow(error)
    expect(cache.size).toBe(0)
    expect(cache.stats().subscribers).toBe(0)
    expect(events).toEqual([])
  })
})

describe('a creation by subscription on a cache that does not run', () => {
  let captured: ReturnType<typeof captureReports>
  beforeEach(() => {
    captured = captureReports()
  })
  afterEach(() => captured.restore())

  const show = (cache: Cache): unknown => cache.subscribe('a', nothing, { create: true })

  it('P10: it is reported at the end of the turn, as STOPPED, and says what to do', async () => {
    const { cache, events } = world()
    show(cache)
    expect(captured.reports).toEqual([])
    await endOfTurn()
    expect(captured.reports).toHaveLength(1)
    const [error] = captured.reports
    expect(error).toBeInstanceOf(AutoRefreshError)
    expect(error).toMatchObject({ code: 'STOPPED' })
    expect(String(error)).toContain('call start()')
    expect(events).toContainEqual({ type: 'callback-error', error })
  })

  it('P10: it is reported once per cache', async () => {
    for (const { cache } of [world(), world()]) {
      show(cache)
      cache.subscribe('b', nothing, { initialItem: running() })
      await endOfTurn()
      cache.subscribe('c', nothing, { create: true })
      await endOfTurn()
    }
    expect(captured.reports).toHaveLength(2)
  })

  it.each<[string, (cache: Cache) => unknown]>([
    ['it is started in the same turn', (cache) => [show(cache), cache.start()]],
    ['it is retained in the same turn', (cache) => [show(cache), cache.retain()]],
    ['it ran before', (cache) => [cache.start().stop(), show(cache)]],
    ['it was retained before', (cache) => [cache.retain()(), cache.stop(), show(cache)]],
    ['the item was there', (cache) => [cache.getOrCreate('a'), show(cache)]],
    ['nothing is created', (cache) => cache.subscribe('a', nothing)],
  ])('P10: it is not reported if %s', async (_, act) => {
    const { cache } = world()
    act(cache)
    await endOfTurn()
    expect(captured.reports).toEqual([])
  })
})

describe('prefetching', () => {
  it('P11: subscribe with `create`, await refresh, unsubscribe: the item stays for gcTime', async () => {
    const { cache, clock, calls } = world({ answer: stepped, gcTime: 60_000 })
    cache.start()
    const leave = cache.subscribe('a', nothing, { create: true })
    const outcome = outcomeOf(cache.refresh('a').finally(leave))
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
    expect(times(calls)).toEqual([0])
    await clock.advance(59_999)
    expect(cache.get('a')).toEqual(running(1))
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })
})
