import { until, watch, type AutoRefresh, type ItemId } from '@auto-refresh/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { untyped } from './scheduling.ts'
import { running, stepped, world, type Job } from './world.ts'

/** A value for a title. */
const show = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : `${typeof value} ${String(value)}`

type Use = (cache: AutoRefresh<Job>, id: ItemId) => unknown

const uses: readonly (readonly [string, Use])[] = [
  ['get', (cache, id) => cache.get(id)],
  ['getOrThrow', (cache, id) => cache.getOrThrow(id)],
  ['getOrCreate', (cache, id) => cache.getOrCreate(id, running())],
  ['update', (cache, id) => cache.update(id, running())],
  ['delete', (cache, id) => cache.delete(id)],
  ['deleteDelayed', (cache, id) => cache.deleteDelayed(id)],
  ['inProcessing', (cache, id) => cache.inProcessing(id)],
  ['refresh', (cache, id) => cache.refresh(id)],
  ['has', (cache, id) => cache.has(id)],
  ['getSnapshot', (cache, id) => cache.getSnapshot(id)],
  ['subscribe', (cache, id) => cache.subscribe(id, () => {})],
  ['until', (cache, id) => until(cache, id)],
  ['watch', (cache, id) => watch(cache, id).next()],
]

const noIds = [undefined, null, 0, 1, Number.NaN, 5n, true, Symbol('id'), {}, ['a'], () => 'a']

describe.each(uses)('an id that is not a string, in %s', (method, use) => {
  it.each(noIds.map((id) => [show(id), id] as const))(
    `L7: ${method} answers a TypeError to %s`,
    async (_, id) => {
      const { cache } = world()
      cache.getOrCreate('a', running())
      await expect(async () => use(cache, untyped(id))).rejects.toBeInstanceOf(TypeError)
    },
  )

  it(`L7: ${method} answers a TypeError to a String object`, async () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    await expect(async () => use(cache, untyped(Object('a')))).rejects.toBeInstanceOf(TypeError)
  })

  it(`L7: ${method} does so also while the cache runs, and changes nothing`, async () => {
    const { cache, clock, events, calls } = world()
    cache.start()
    await expect(async () => use(cache, untyped(7))).rejects.toBeInstanceOf(TypeError)
    await clock.advance(0)
    expect(cache.size).toBe(0)
    expect(calls).toEqual([])
    expect(cache.stats()).toMatchObject({ hits: 0, misses: 0, subscribers: 0 })
    expect(events.map((event) => event.type)).toEqual(['started'])
  })
})

const oddIds: readonly (readonly [string, ItemId])[] = [
  ['the empty string', ''],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['prototype', 'prototype'],
  ['toString', 'toString'],
  ['hasOwnProperty', 'hasOwnProperty'],
  ['a string of 10,000 characters', 'x'.repeat(10_000)],
  ['a blank', ' '],
  ['a NUL', '\0'],
  ['half a surrogate pair', '\uD800'],
  ['an emoji', '🦊'],
  ['a digit', '0'],
  ['undefined', 'undefined'],
]

describe.each(oddIds)('%s as an id', (title, id) => {
  it(`L7: ${title} is absent from a new cache`, () => {
    const { cache } = world()
    expect(cache.has(id)).toBe(false)
    expect(cache.get(id)).toBeUndefined()
    expect(cache.getSnapshot(id).status).toBe('missing')
    expect(cache.update(id, running())).toBe(false)
    expect(cache.delete(id)).toBe(false)
    expect(cache.deleteDelayed(id)).toBe(false)
    expect(cache.inProcessing(id)).toBe(false)
    expect(() => cache.getOrThrow(id)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  })

  it(`L7: ${title} is stored, synced, pushed, told and removed`, async () => {
    const { cache, clock, batches } = world({ answer: stepped })
    let told = 0
    cache.subscribe(id, () => (told += 1))
    cache.start().getOrCreate(id, running())
    await clock.advance(0)
    expect(batches()).toEqual([[id]])
    expect(cache.get(id)).toEqual(running(1))
    expect(told).toBeGreaterThan(0)
    await cache.refresh(id)
    expect(cache.getOrThrow(id)).toEqual(running(2))
    cache.ingest([{ id, item: running(8) }])
    expect(cache.getSnapshot(id).item).toEqual(running(8))
    expect([...cache.ids()]).toEqual([id])
    expect(cache.delete(id)).toBe(true)
    expect(cache.size).toBe(0)
  })
})

describe('ids', () => {
  it('L7: ids that only look alike are different', () => {
    const { cache } = world()
    const ids = ['a', 'A', ' a', 'a ', 'é', 'e\u0301', '1', '01', '1.0', 'null', 'undefined', '']
    for (const [index, id] of ids.entries()) cache.getOrCreate(id, running(index))
    expect(cache.size).toBe(ids.length)
    expect(ids.map((id) => cache.get(id)?.step)).toEqual(ids.map((_, index) => index))
  })

  it('L7: the cache is a map of any strings', () => {
    const id = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('__proto__', 'constructor', 'valueOf', ''),
    )
    const step = fc.record({ id, action: fc.constantFrom('create', 'update', 'delete'), value: fc.nat() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { cache } = world()
        const model = new Map<string, Job>()
        for (const { id: key, action, value } of steps) {
          const item = running(value)
          if (action === 'create') {
            if (!model.has(key)) model.set(key, item)
            expect(cache.getOrCreate(key, item)).toBe(model.get(key))
          } else if (action === 'update') {
            expect(cache.update(key, item)).toBe(model.has(key))
            if (model.has(key)) model.set(key, item)
          } else expect(cache.delete(key)).toBe(model.delete(key))
        }
        expect(cache.size).toBe(model.size)
        expect([...cache.ids()].sort()).toEqual([...model.keys()].sort())
        for (const [key, item] of model) expect(cache.get(key)).toBe(item)
      }),
    )
  })
})

describe('the id in the message of an error', () => {
  it.each([
    [80, `"${'x'.repeat(80)}"`],
    [81, `"${'x'.repeat(80)}…"`],
  ])('L7: an id of %i characters is shown up to 80', (length, shown) => {
    const { cache } = world()
    expect(() => cache.getOrThrow('x'.repeat(length))).toThrow(` ${shown}`)
  })
})
