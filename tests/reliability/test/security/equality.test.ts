import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { asked, json, msOf } from './asked.ts'

/** ms. A bounded comparison takes far less, on a slow machine, too; an unbounded one takes years. */
const BOUND = 5000

/** True if a result counts as the present item, and the ms that the comparison took. */
async function compare(
  previous: unknown,
  next: unknown,
): Promise<{ readonly isSame: boolean; readonly ms: number }> {
  const { cache } = asked(() => [])
  cache.getOrCreate('a', previous)
  const ms = await msOf(() => cache.ingest([{ id: 'a', item: next }]))
  return { isSame: Object.is(cache.get('a'), previous), ms }
}

/** Each level holds the next one twice: `depth` objects, and 2 to the power of `depth` ways through them. */
function shared(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = wrap(value)
  return value
}

function nested(depth: number, leaf: unknown): unknown {
  return json(`${'['.repeat(depth)}${JSON.stringify(leaf)}${']'.repeat(depth)}`)
}

describe('the time that a comparison takes is bounded', () => {
  it.each([
    ['objects', (inner: unknown) => ({ left: inner, right: inner })],
    ['arrays', (inner: unknown) => [inner, inner]],
    ['objects without a prototype', (inner: unknown) => ({ __proto__: null, a: inner, b: inner })],
  ])('W8: %s that share what they hold', async (_, wrap) => {
    const { isSame, ms } = await compare(shared(400, wrap), shared(400, wrap))
    expect(ms).toBeLessThan(BOUND)
    // Too much to follow, so the values count as different.
    expect(isSame).toBe(false)
  })

  it('W8: values with a few shared parts are compared', async () => {
    const wrap = (inner: unknown) => [inner, inner]
    expect((await compare(shared(10, wrap), shared(10, wrap))).isSame).toBe(true)
  })

  it('W8: getters that make up more and more', async () => {
    const endless = (): object => ({
      get left(): object {
        return endless()
      },
      get right(): object {
        return endless()
      },
    })
    const { isSame, ms } = await compare(endless(), endless())
    expect(ms).toBeLessThan(BOUND)
    expect(isSame).toBe(false)
  })

  it('W8: a hundred thousand levels', async () => {
    // Built by hand, because JSON.parse itself fails at this depth in some runtimes.
    const make = (): unknown => shared(100_000, (inner) => [inner])
    const { isSame, ms } = await compare(make(), make())
    expect(ms).toBeLessThan(BOUND)
    expect(isSame).toBe(false)
  })

  it('W8: a usual depth is compared', async () => {
    expect((await compare(nested(100, { a: 1 }), nested(100, { a: 1 }))).isSame).toBe(true)
    expect((await compare(nested(100, { a: 1 }), nested(100, { a: 2 }))).isSame).toBe(false)
  })

  it('W8: a hundred thousand rows are compared', async () => {
    const rows = (last: number): unknown =>
      Array.from({ length: 100_000 }, (_, index) => ({ index, value: index === 99_999 ? last : 0 }))
    const same = await compare(rows(1), rows(1))
    expect(same.isSame).toBe(true)
    expect(same.ms).toBeLessThan(BOUND)
    expect((await compare(rows(1), rows(2))).isSame).toBe(false)
  })

  it('W8: more than a million numbers, strings of 10 MB, arrays that say they are huge', async () => {
    const text = 'x'.repeat(10_000_000)
    const strings = await compare({ text: `${text}a` }, { text: `${text}b` })
    expect(strings.isSame).toBe(false)
    const hole = (): unknown[] => Object.assign([], { length: 2 ** 32 - 1 })
    const holes = await compare(hole(), hole())
    expect(holes.isSame).toBe(true)
    const zeros = (): unknown => Array.from({ length: 1_000_001 }, () => 0)
    const many = await compare(zeros(), zeros())
    expect(many.isSame).toBe(false)
    expect(strings.ms + holes.ms + many.ms).toBeLessThan(BOUND)
  })
})

describe('no value can break a comparison', () => {
  // The console reports errors that a value throws.
  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  const cyclic = (): unknown => {
    const value: Record<string, unknown> = { a: 1 }
    value['self'] = value
    value['again'] = [value, value]
    return value
  }
  const throwing = (trap: keyof ProxyHandler<object>): unknown =>
    new Proxy(
      { a: 1 },
      {
        [trap]: () => {
          throw new Error('no')
        },
      },
    )
  const revoked = (): unknown => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    return proxy
  }
  const values: Record<string, () => unknown> = {
    'a cycle': cyclic,
    'a getter that throws': () => ({
      get a() {
        throw new Error('no')
      },
    }),
    'a proxy without keys': () => throwing('ownKeys'),
    'a proxy without a prototype': () => throwing('getPrototypeOf'),
    'a proxy that cannot be read': () => throwing('get'),
    'a revoked proxy': revoked,
  }

  it.each(Object.entries(values))(
    'W8, F7: %s is a change, and the next value is taken as ever',
    (_, make) => {
      const { cache } = asked(() => [])
      cache.getOrCreate('a', { a: 1 })
      const hostile = make()
      cache.ingest([{ id: 'a', item: hostile }])
      expect(Object.is(cache.get('a'), hostile)).toBe(true)
      const another = make()
      cache.ingest([{ id: 'a', item: another }])
      expect(Object.is(cache.get('a'), another)).toBe(true)
      const plain = { a: 2 }
      cache.ingest([{ id: 'a', item: plain }])
      expect(cache.get('a')).toBe(plain)
      expect(cache.getSnapshot('a')).toMatchObject({ status: 'active', error: undefined, failureCount: 0 })
    },
  )
})
