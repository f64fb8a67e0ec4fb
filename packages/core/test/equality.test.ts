import type { AutoRefreshOptions } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { captureReports, running, world } from './world.ts'

/** True if a result `next` counts as the present item `previous`, which is then kept. */
function keeps(
  previous: unknown,
  next: unknown,
  options: Partial<AutoRefreshOptions<unknown>> = {},
): boolean {
  const { cache, events } = world<unknown>(options)
  cache.getOrCreate('a', previous)
  cache.ingest([{ id: 'a', item: next }])
  const kept = events.every((event) => event.type !== 'updated')
  const thrown = events.find((event) => event.type === 'callback-error')
  if (thrown !== undefined) throw new Error('the comparison threw', { cause: thrown.error })
  const { unchangedCount } = cache.getSnapshot('a')
  if (!Object.is(cache.get('a'), kept ? previous : next)) throw new Error('neither kept nor replaced')
  if (unchangedCount !== (kept ? 1 : 0)) throw new Error(`told one thing, counted another: ${unchangedCount}`)
  return kept
}

describe('a result that equals the present item', () => {
  it('W8: it keeps the present reference, and counts as unchanged', async () => {
    const { cache, clock, events } = world({ answer: () => [{ id: 'a', item: running(1) }] })
    const item = running(1)
    cache.start().getOrCreate('a', item)
    await clock.advance(0)
    expect(cache.get('a')).toBe(item)
    expect(cache.getSnapshot('a')).toMatchObject({ unchangedCount: 1, changedAt: 1_000_000 })
    await clock.advance(1000)
    expect(cache.getSnapshot('a')).toMatchObject({ unchangedCount: 2, changedAt: 1_000_000 })
    expect(events.map((event) => event.type)).not.toContain('updated')
  })

  it('W8: no listener is called', async () => {
    const { cache, clock, calls } = world({ answer: () => [{ id: 'a', item: running(1) }] })
    cache.start().getOrCreate('a', running(1))
    let told = 0
    cache.subscribe('a', () => (told += 1))
    await clock.advance(5000)
    expect(calls).toHaveLength(6)
    expect(told).toBe(0)
  })

  it('W8: a result that differs replaces the item, and ends the count', async () => {
    const { cache, clock, events } = world({
      answer: (_, { at }) => [{ id: 'a', item: running(at >= 2000 ? 2 : 1) }],
    })
    cache.start().getOrCreate('a', running(1))
    await clock.advance(1000)
    expect(cache.getSnapshot('a').unchangedCount).toBe(2)
    await clock.advance(1000)
    expect(cache.getSnapshot('a')).toMatchObject({ unchangedCount: 0, changedAt: 1_002_000 })
    expect(events).toContainEqual({ type: 'updated', id: 'a', item: running(2) })
  })

  it('W8: it is compared with the present item, not with the last result', () => {
    const { cache } = world()
    cache.getOrCreate('a', running(1))
    cache.ingest([{ id: 'a', item: running(2) }])
    const local = running(3)
    cache.update('a', local)
    cache.ingest([{ id: 'a', item: running(3) }])
    expect(cache.get('a')).toBe(local)
    cache.ingest([{ id: 'a', item: running(2) }])
    expect(cache.get('a')).toEqual(running(2))
  })
})

describe('equals', () => {
  it('W8: Object.is switches the comparison off', () => {
    const item = { a: 1 }
    expect(keeps(item, { a: 1 }, { equals: Object.is })).toBe(false)
    expect(keeps(item, item, { equals: Object.is })).toBe(true)
  })

  it('W8: it gets the present item and the next one, in this order', () => {
    const seen: unknown[] = []
    keeps('previous', 'next', { equals: (...pair) => seen.push(pair) > 0 })
    expect(seen).toEqual([['previous', 'next']])
  })

  it('W8: an equal item is kept, another one is replaced', () => {
    const equals = (previous: unknown, next: unknown): boolean => String(previous) === String(next)
    expect(keeps(1, '1', { equals })).toBe(true)
    expect(keeps(1, 2, { equals })).toBe(false)
    expect(keeps({ a: 1 }, { a: 1 }, { equals: () => false })).toBe(false)
  })
})

describe('items that cannot be compared', () => {
  it('W8: a cyclic item is replaced, and the cache goes on', async () => {
    const ring = (): unknown => {
      const made: { self?: unknown } = {}
      made.self = made
      return made
    }
    const { cache, clock, calls, events } = world<unknown>({ answer: () => [{ id: 'a', item: ring() }] })
    cache.start().getOrCreate('a', ring())
    await clock.advance(2000)
    expect(calls).toHaveLength(3)
    expect(events.filter((event) => event.type === 'updated')).toHaveLength(3)
    expect(events.filter((event) => event.type === 'callback-error')).toEqual([])
  })

  it('W8: a getter that throws counts as changed, and the cache goes on', () => {
    const capture = captureReports()
    try {
      const trap = (): object => ({
        get value(): never {
          throw new Error('not to be read')
        },
      })
      const { cache } = world<unknown>()
      const next = trap()
      cache.getOrCreate('a', trap())
      cache.ingest([{ id: 'a', item: next }])
      expect(cache.get('a')).toBe(next)
      expect(capture.reports).toHaveLength(1)
    } finally {
      capture.restore()
    }
  })
})
