import type { AutoRefreshOptions } from '@auto-refresh/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { captureReports, running, world } from './world.ts'

/** Whether a result `next` counts as the present item `previous`, which is kept then. */
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

/** What a program reads from JSON: `__proto__` is a key like any other. */
const json = (text: string): unknown => JSON.parse(text) as unknown

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

  it('W8: nobody is told', async () => {
    const { cache, clock, calls } = world({ answer: () => [{ id: 'a', item: running(1) }] })
    cache.start().getOrCreate('a', running(1))
    let told = 0
    cache.subscribe('a', () => (told += 1))
    await clock.advance(5000)
    expect(calls).toHaveLength(6)
    expect(told).toBe(0)
  })

  it('W8: one that differs replaces it, and ends the count', async () => {
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

  it('W8: what it calls equal is kept, what it does not is replaced', () => {
    const equals = (previous: unknown, next: unknown): boolean => String(previous) === String(next)
    expect(keeps(1, '1', { equals })).toBe(true)
    expect(keeps(1, 2, { equals })).toBe(false)
    expect(keeps({ a: 1 }, { a: 1 }, { equals: () => false })).toBe(false)
  })
})

describe('primitives', () => {
  const equal = [0, -0, 1, Number.NaN, Infinity, '', 'a', true, false, 5n, Symbol.iterator]

  it.each(equal.map((value) => [String(value), value] as const))('W8: %s equals itself', (_, value) => {
    expect(keeps(value, value)).toBe(true)
    expect(keeps({ value }, { value })).toBe(true)
    expect(keeps([value], [value])).toBe(true)
  })

  const different: readonly (readonly [unknown, unknown])[] = [
    [0, -0],
    [1, 2],
    [1, '1'],
    [1, true],
    [1, 1n],
    [0, ''],
    [0, false],
    ['a', 'A'],
    ['é', 'e\u0301'],
    [Symbol('a'), Symbol('a')],
    ['', []],
    [1, Object(1)],
    ['a', { 0: 'a' }],
    [false, {}],
    [7, new Date(7)],
  ]

  it.each(different.map(([a, b]) => [typeof a, typeof b, a, b] as const))(
    'W8: a %s and a %s that Object.is tells apart differ (%#)',
    (_a, _b, a, b) => {
      expect(keeps(a, b)).toBe(false)
      expect(keeps(b, a)).toBe(false)
      expect(keeps({ value: a }, { value: b })).toBe(false)
      expect(keeps([b], [a])).toBe(false)
    },
  )

  it('W8: null, undefined, an empty object and an empty array differ', () => {
    const values = [null, undefined, {}, []]
    for (const [i, a] of values.entries()) {
      for (const [j, b] of values.entries()) expect(keeps({ value: a }, { value: b })).toBe(i === j)
    }
  })
})

describe('plain objects and arrays', () => {
  it('W8: they are compared by what is in them', () => {
    expect(keeps({}, {})).toBe(true)
    expect(keeps([], [])).toBe(true)
    expect(keeps({ a: [1, { b: 'x' }], c: null }, { a: [1, { b: 'x' }], c: null })).toBe(true)
    expect(keeps({ a: [1, { b: 'x' }], c: null }, { a: [1, { b: 'y' }], c: null })).toBe(false)
  })

  it('W8: the order of keys says nothing', () => {
    expect(keeps({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true)
  })

  it('W8: the order of an array does', () => {
    expect(keeps([1, 2], [2, 1])).toBe(false)
  })

  it('W8: a key more or less is a change, on either side', () => {
    expect(keeps({ a: 1 }, { a: 1, b: 2 })).toBe(false)
    expect(keeps({ a: 1, b: 2 }, { a: 1 })).toBe(false)
    expect(keeps([1], [1, 2])).toBe(false)
    expect(keeps([1, 2], [1])).toBe(false)
  })

  it('W8: a key that is undefined is not a key that is not there', () => {
    expect(keeps({ a: undefined }, {})).toBe(false)
    expect(keeps({}, { a: undefined })).toBe(false)
    expect(keeps({ a: undefined }, { b: undefined })).toBe(false)
    expect(keeps({ a: undefined, b: 1 }, { b: 1, c: undefined })).toBe(false)
    expect(keeps({ a: undefined }, { a: undefined })).toBe(true)
  })

  it('W8: a hole is no undefined', () => {
    const hole: unknown[] = []
    hole.length = 1
    expect(keeps(hole, [undefined])).toBe(false)
    expect(keeps([undefined], hole)).toBe(false)
  })

  it('W8: arrays of different lengths differ, though all is holes', () => {
    expect(
      keeps(
        Array.from([], () => 0),
        Object.assign([], { length: 3 }),
      ),
    ).toBe(false)
  })

  it('W8: an own key of an array counts', () => {
    expect(keeps(Object.assign([1], { total: 1 }), [1])).toBe(false)
    expect(keeps(Object.assign([1], { total: 1 }), Object.assign([1], { total: 2 }))).toBe(false)
    expect(keeps(Object.assign([1], { total: 1 }), Object.assign([1], { total: 1 }))).toBe(true)
  })

  it('W8: an array is no object with the same keys', () => {
    expect(keeps([], {})).toBe(false)
    expect(keeps({}, [])).toBe(false)
    expect(keeps(['a'], { 0: 'a' })).toBe(false)
    expect(keeps({ 0: 'a', length: 1 }, ['a'])).toBe(false)
  })

  it('W8: symbols are keys', () => {
    const key = Symbol('key')
    expect(keeps({ [key]: 1 }, { [key]: 1 })).toBe(true)
    expect(keeps({ [key]: 1 }, { [key]: 2 })).toBe(false)
    expect(keeps({ [key]: 1 }, {})).toBe(false)
    expect(keeps({}, { [key]: 1 })).toBe(false)
    expect(keeps({ [Symbol('key')]: 1 }, { [Symbol('key')]: 1 })).toBe(false)
    expect(keeps({ [key]: { deep: [1] } }, { [key]: { deep: [1] } })).toBe(true)
  })

  it('W8: keys that are not enumerable say nothing', () => {
    const secret = Symbol('secret')
    const hidden = (value: number): object =>
      Object.defineProperties({ a: 1 }, { b: { value }, [secret]: { value } })
    expect(keeps(hidden(1), hidden(2))).toBe(true)
    expect(keeps(hidden(1), { a: 1 })).toBe(true)
    expect(keeps({ a: 1, b: 1 }, hidden(1))).toBe(false)
    expect(keeps(hidden(1), { a: 1, b: 1 })).toBe(false)
  })

  it('W8: `__proto__` is a key like any other', () => {
    expect(keeps(json('{"__proto__": {"a": 1}}'), json('{"__proto__": {"a": 1}}'))).toBe(true)
    expect(keeps(json('{"__proto__": {"a": 1}}'), json('{"__proto__": {"a": 2}}'))).toBe(false)
    expect(keeps(json('{"__proto__": {"a": 1}}'), {})).toBe(false)
    expect(keeps({}, json('{"__proto__": {"a": 1}}'))).toBe(false)
    expect(keeps(json('{"__proto__": 1}'), json('{"other": 1}'))).toBe(false)
    expect(keeps(json('{"other": 1}'), json('{"__proto__": 1}'))).toBe(false)
  })

  it.each<[string, () => object | null]>([
    ['nothing', () => null],
    ['the Object.prototype of another realm', () => Object.create(null) as object],
  ])('W8: an object that inherits from %s is a plain one', (_, prototype) => {
    const plain = (a: number): unknown => Object.assign(Object.create(prototype()) as object, { a })
    expect(keeps(plain(1), plain(1))).toBe(true)
    expect(keeps(plain(1), plain(2))).toBe(false)
    expect(keeps({ deep: [plain(1)] }, { deep: [{ a: 1 }] })).toBe(true)
  })

  it('W8: what is inherited is no key', () => {
    const toString: unknown = Reflect.get({}, 'toString')
    expect(keeps({ toString }, { other: toString })).toBe(false)
    expect(keeps({ other: toString }, { toString })).toBe(false)
    expect(keeps({ toString }, { toString })).toBe(true)
    expect(keeps({ constructor: Object }, { other: Object })).toBe(false)
    expect(keeps({ constructor: Object }, {})).toBe(false)
    expect(keeps(json('{"__proto__": null}'), { other: null })).toBe(false)
  })

  it('W8: an object may have a key with the name of any method', () => {
    const text = '{"hasOwnProperty": 1, "valueOf": 2, "toJSON": 3, "length": 4, "getTime": 5, "equals": 6}'
    expect(keeps(json(text), json(text))).toBe(true)
    expect(keeps(json(text), json(text.replace('5', '7')))).toBe(false)
  })

  it('W8: what occurs twice is no cycle', () => {
    const shared = (): unknown => {
      const part = { x: [1] }
      return { first: part, second: part, third: [part, part] }
    }
    expect(keeps(shared(), shared())).toBe(true)
    expect(keeps(shared(), { first: { x: [1] }, second: { x: [1] }, third: [{ x: [1] }, { x: [2] }] })).toBe(
      false,
    )
  })

  it('W8: what occurs in both stands for itself', () => {
    const part = { x: [1] }
    expect(keeps({ part }, { part })).toBe(true)
    expect(keeps([part, 1], [part, 2])).toBe(false)
  })
})

describe('dates', () => {
  it('W8: they are compared by their time', () => {
    expect(keeps(new Date(5), new Date(5))).toBe(true)
    expect(keeps(new Date(5), new Date(6))).toBe(false)
    expect(keeps({ at: [new Date(5)] }, { at: [new Date(5)] })).toBe(true)
    expect(keeps({ at: [new Date(5)] }, { at: [new Date(6)] })).toBe(false)
  })

  it('W8: a date is no number, no text and no object', () => {
    const date = new Date(5)
    expect(keeps({ at: date }, { at: 5 })).toBe(false)
    expect(keeps({ at: date }, { at: date.toISOString() })).toBe(false)
    expect(keeps({ at: date }, { at: {} })).toBe(false)
    expect(keeps({ at: {} }, { at: date })).toBe(false)
    expect(keeps({ at: { getTime: () => 5 } }, { at: date })).toBe(false)
  })

  it('W8: an invalid date is not a valid one', () => {
    expect(keeps(new Date(Number.NaN), new Date(0))).toBe(false)
    expect(keeps(new Date(0), new Date(Number.NaN))).toBe(false)
  })
})

class Point {
  readonly x: number
  constructor(x: number) {
    this.x = x
  }
}

class Items extends Array<string> {}

describe('all else', () => {
  const make: readonly (readonly [string, () => unknown])[] = [
    ['a class instance', () => new Point(1)],
    ['a Map', () => new Map([['a', 1]])],
    ['a Set', () => new Set([1])],
    ['a RegExp', () => /a/g],
    ['a function', () => () => 1],
    ['an Error', () => new Error('e')],
    ['a Promise', () => Promise.resolve(1)],
    ['a Uint8Array', () => Uint8Array.of(1)],
    ['an ArrayBuffer', () => new ArrayBuffer(1)],
    ['a boxed number', () => Object(1) as unknown],
    ['a boxed string', () => Object('a') as unknown],
    ['a WeakMap', () => new WeakMap()],
    ['an object with a prototype of its own', () => Object.create({ a: 1 }) as unknown],
    ['an object that inherits from the prototype of arrays', () => Object.create(Array.prototype) as unknown],
    ['an array of a class', () => Items.of('a')],
  ]

  it.each(make)('W8: %s equals itself only', (_, create) => {
    const one = create()
    expect(keeps(one, one)).toBe(true)
    expect(keeps({ deep: [one] }, { deep: [one] })).toBe(true)
    expect(keeps(one, create())).toBe(false)
    expect(keeps({ deep: [one] }, { deep: [create()] })).toBe(false)
  })

  it('W8: a class instance is no plain object with the same keys', () => {
    expect(keeps(new Point(1), { x: 1 })).toBe(false)
    expect(keeps({ x: 1 }, new Point(1))).toBe(false)
    expect(keeps({ deep: new Point(1) }, { deep: { x: 1 } })).toBe(false)
  })

  it('W8: an empty Map is no empty Set, and neither is an empty object', () => {
    const values = [new Map(), new Set(), {}, new Point(1)]
    for (const [i, a] of values.entries()) {
      for (const [j, b] of values.entries()) expect(keeps([a], [b])).toBe(i === j)
    }
  })
})

describe('what cannot be followed', () => {
  interface Ring {
    self?: unknown
    readonly value: number
  }
  const ring = (value = 1): Ring => {
    const made: Ring = { value }
    made.self = made
    return made
  }

  it('W8: a cycle counts as changed', () => {
    expect(keeps(ring(), ring())).toBe(false)
    expect(keeps(ring(1), ring(2))).toBe(false)
    expect(keeps({ deep: [ring()] }, { deep: [ring()] })).toBe(false)
  })

  it('W8: so does one of arrays', () => {
    const loop = (): unknown[] => {
      const made: unknown[] = []
      made.push(made)
      return made
    }
    expect(keeps(loop(), loop())).toBe(false)
  })

  it('W8: so does one over several objects, and one that goes from the old item to the new', () => {
    const knot = (): unknown => {
      const left: Ring = { value: 1 }
      left.self = [{ left }]
      return left
    }
    expect(keeps(knot(), knot())).toBe(false)
    const old: Ring = { value: 1 }
    const next: Ring = { value: 1 }
    old.self = next
    next.self = old
    expect(keeps(old, next)).toBe(false)
  })

  it('W8: so does one on one side only', () => {
    expect(keeps(ring(), { value: 1, self: { value: 1 } })).toBe(false)
    expect(keeps({ value: 1, self: { value: 1 } }, ring())).toBe(false)
  })

  it('W8: the item is replaced, and the cache goes on', async () => {
    const { cache, clock, calls, events } = world<unknown>({ answer: () => [{ id: 'a', item: ring() }] })
    cache.start().getOrCreate('a', ring())
    await clock.advance(2000)
    expect(calls).toHaveLength(3)
    expect(events.filter((event) => event.type === 'updated')).toHaveLength(3)
    expect(events.filter((event) => event.type === 'callback-error')).toEqual([])
  })

  const nest = (depth: number, leaf: unknown, link: (inner: unknown) => unknown): unknown => {
    let value = leaf
    for (let level = 0; level < depth; level++) value = link(value)
    return value
  }
  const links: readonly (readonly [string, (inner: unknown) => unknown])[] = [
    ['objects', (inner) => ({ inner })],
    ['arrays', (inner) => [inner]],
    ['both', (inner) => ({ inner: [inner] })],
  ]

  it.each(links)('W8: what an application nests is followed to the end: %s', (_, link) => {
    expect(keeps(nest(50, 'leaf', link), nest(50, 'leaf', link))).toBe(true)
    expect(keeps(nest(50, 'leaf', link), nest(50, 'another', link))).toBe(false)
  })

  it.each(links)('W8: depth that it cannot follow counts as changed, and throws nothing: %s', (_, link) => {
    const { cache, events } = world<unknown>()
    cache.getOrCreate('a', nest(300_000, 'leaf', link))
    const next = nest(300_000, 'another', link)
    cache.ingest([{ id: 'a', item: next }])
    expect(cache.get('a') === next).toBe(true)
    expect(events.map((event) => event.type)).toEqual(['created', 'updated'])
  })

  it.each(links)('W8: too much to follow, shared ones each time, counts as changed: %s', (_, link) => {
    const [left, right] = [Symbol('left'), Symbol('right')]
    const pairs = [
      (inner: unknown) => ({ left: link(inner), right: link(inner) }),
      (inner: unknown) => ({ [left]: link(inner), [right]: link(inner) }),
    ]
    for (const pair of pairs) {
      expect(keeps(nest(8, 'leaf', pair), nest(8, 'leaf', pair))).toBe(true)
      expect(keeps(nest(100, 'leaf', pair), nest(100, 'leaf', pair))).toBe(false)
    }
  })

  it('W8: too much are more than a million properties', () => {
    const rows = (count: number): unknown => Array.from({ length: count }, () => row(999))
    const row = (width: number): unknown => Array.from({ length: width }, () => 0)
    expect(keeps(rows(1000), rows(1000))).toBe(true)
    expect(keeps([rows(1000)], [rows(1000)])).toBe(false)
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

/** A text that two values share if, and only if, they are equal by W8: what the comparison is checked against. */
function canonical(value: unknown): string {
  if (value instanceof Date) return `date ${value.getTime()}`
  if (typeof value !== 'object' || value === null) {
    return `${typeof value} ${Object.is(value, -0) ? '-0' : String(value)}`
  }
  const keys = Reflect.ownKeys(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key))
  const parts = keys.map((key) => `${JSON.stringify(String(key))}: <${canonical(Reflect.get(value, key))}>`)
  return `${Array.isArray(value) ? `array ${value.length}` : 'object'} {${parts.sort().join(', ')}}`
}

/** Another value with the same in it. */
function copy(value: unknown): unknown {
  if (value instanceof Date) return new Date(value.getTime())
  if (typeof value !== 'object' || value === null) return value
  const made: object = Array.isArray(value) ? Object.assign([], { length: value.length }) : {}
  for (const key of Reflect.ownKeys(value).reverse()) {
    if (key !== 'length' || !Array.isArray(value)) define(made, key, copy(Reflect.get(value, key)))
  }
  return made
}

function define(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

const symbol = Symbol.for('symbol')
const key = fc.constantFrom<PropertyKey>('a', 'b', '', '0', '__proto__', 'constructor', 'toString', symbol)
const leaf = fc.oneof(
  fc.constantFrom<unknown>(0, -0, 1, Number.NaN, '', '0', 'a', true, false, null, undefined, 0n, symbol),
  fc.constantFrom(0, 1).map((time) => new Date(time)),
)
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, tie('list'), tie('record')),
  list: fc.array(tie('tree'), { maxLength: 3 }),
  record: fc
    .uniqueArray(fc.tuple(key, tie('tree')), { maxLength: 3, selector: ([name]) => name })
    .map((pairs) => {
      const made = {}
      for (const [name, value] of pairs) define(made, name, value)
      return made
    }),
}))

describe('any data', () => {
  it('W8: data equals a copy of it, in which the keys have another order', () => {
    fc.assert(
      fc.property(tree, (data) => {
        expect(keeps({ data }, { data: copy(data) })).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('W8: two data are equal if, and only if, the rule says so, whichever comes first', () => {
    const counted = { equal: 0, different: 0 }
    fc.assert(
      fc.property(tree, tree, (a, b) => {
        const equal = canonical(a) === canonical(b)
        counted[equal ? 'equal' : 'different'] += 1
        expect(keeps({ data: a }, { data: b })).toBe(equal)
        expect(keeps([b], [a])).toBe(equal)
      }),
      { numRuns: 2000, seed: 8, interruptAfterTimeLimit: 60_000 },
    )
    expect(counted.equal).toBeGreaterThan(20)
    expect(counted.different).toBeGreaterThan(20)
  })

  it('W8: one leaf that differs, anywhere, is a change', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 6 }), tree, leaf, leaf, (path, filling, one, other) => {
        fc.pre(canonical(one) !== canonical(other))
        const around = (value: unknown): unknown => {
          let made = value
          for (const name of path) {
            const parent = {}
            define(parent, 'filling', copy(filling))
            define(parent, name, made)
            made = parent
          }
          return made
        }
        expect(keeps([around(one)], [around(one)])).toBe(true)
        expect(keeps([around(one)], [around(other)])).toBe(false)
      }),
      { numRuns: 500 },
    )
  })
})
