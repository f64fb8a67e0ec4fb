import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deepEquals } from '../src/engine/deep-equals.ts'

/** Parsed JSON, in which `__proto__` is a key like any other. */
const json = (text: string): unknown => JSON.parse(text) as unknown

describe('primitives', () => {
  const equal = [0, -0, 1, Number.NaN, Infinity, '', 'a', true, false, 5n, Symbol.iterator]

  it.each(equal.map((value) => [String(value), value] as const))('W8: %s equals itself', (_, value) => {
    expect(deepEquals(value, value)).toBe(true)
    expect(deepEquals({ value }, { value })).toBe(true)
    expect(deepEquals([value], [value])).toBe(true)
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
      expect(deepEquals(a, b)).toBe(false)
      expect(deepEquals(b, a)).toBe(false)
      expect(deepEquals({ value: a }, { value: b })).toBe(false)
      expect(deepEquals([b], [a])).toBe(false)
    },
  )

  it('W8: null, undefined, an empty object and an empty array differ', () => {
    const values = [null, undefined, {}, []]
    for (const [i, a] of values.entries()) {
      for (const [j, b] of values.entries()) expect(deepEquals({ value: a }, { value: b })).toBe(i === j)
    }
  })
})

describe('plain objects and arrays', () => {
  it('W8: they are compared by what is in them', () => {
    expect(deepEquals({}, {})).toBe(true)
    expect(deepEquals([], [])).toBe(true)
    expect(deepEquals({ a: [1, { b: 'x' }], c: null }, { a: [1, { b: 'x' }], c: null })).toBe(true)
    expect(deepEquals({ a: [1, { b: 'x' }], c: null }, { a: [1, { b: 'y' }], c: null })).toBe(false)
  })

  it('W8: the order of keys says nothing', () => {
    expect(deepEquals({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true)
  })

  it('W8: the order of an array does', () => {
    expect(deepEquals([1, 2], [2, 1])).toBe(false)
  })

  it('W8: a key more or less is a change, on either side', () => {
    expect(deepEquals({ a: 1 }, { a: 1, b: 2 })).toBe(false)
    expect(deepEquals({ a: 1, b: 2 }, { a: 1 })).toBe(false)
    expect(deepEquals([1], [1, 2])).toBe(false)
    expect(deepEquals([1, 2], [1])).toBe(false)
  })

  it('W8: a key that is undefined is not a key that is not there', () => {
    expect(deepEquals({ a: undefined }, {})).toBe(false)
    expect(deepEquals({}, { a: undefined })).toBe(false)
    expect(deepEquals({ a: undefined }, { b: undefined })).toBe(false)
    expect(deepEquals({ a: undefined, b: 1 }, { b: 1, c: undefined })).toBe(false)
    expect(deepEquals({ a: undefined }, { a: undefined })).toBe(true)
  })

  it('W8: a hole is no undefined', () => {
    const hole: unknown[] = []
    hole.length = 1
    expect(deepEquals(hole, [undefined])).toBe(false)
    expect(deepEquals([undefined], hole)).toBe(false)
  })

  it('W8: arrays of different lengths differ, though all is holes', () => {
    expect(
      deepEquals(
        Array.from([], () => 0),
        Object.assign([], { length: 3 }),
      ),
    ).toBe(false)
  })

  it('W8: an own key of an array counts', () => {
    expect(deepEquals(Object.assign([1], { total: 1 }), [1])).toBe(false)
    expect(deepEquals(Object.assign([1], { total: 1 }), Object.assign([1], { total: 2 }))).toBe(false)
    expect(deepEquals(Object.assign([1], { total: 1 }), Object.assign([1], { total: 1 }))).toBe(true)
  })

  it('W8: an array is no object with the same keys', () => {
    expect(deepEquals([], {})).toBe(false)
    expect(deepEquals({}, [])).toBe(false)
    expect(deepEquals(['a'], { 0: 'a' })).toBe(false)
    expect(deepEquals({ 0: 'a', length: 1 }, ['a'])).toBe(false)
  })

  it('W8: symbols are ignored', () => {
    const key = Symbol('key')
    expect(deepEquals({ a: 1, [key]: 1 }, { a: 1, [key]: 2 })).toBe(true)
    expect(deepEquals({ a: 1, [key]: 1 }, { a: 1 })).toBe(true)
    expect(deepEquals({ a: 1, [key]: 1 }, { a: 2, [key]: 1 })).toBe(false)
  })

  it('W8: keys that are not enumerable say nothing', () => {
    const hidden = (value: number): object => Object.defineProperty({ a: 1 }, 'b', { value })
    expect(deepEquals(hidden(1), hidden(2))).toBe(true)
    expect(deepEquals(hidden(1), { a: 1 })).toBe(true)
    expect(deepEquals({ a: 1, b: 1 }, hidden(1))).toBe(false)
    expect(deepEquals(hidden(1), { a: 1, b: 1 })).toBe(false)
  })

  it('W8: `__proto__` is a key like any other', () => {
    expect(deepEquals(json('{"__proto__": {"a": 1}}'), json('{"__proto__": {"a": 1}}'))).toBe(true)
    expect(deepEquals(json('{"__proto__": {"a": 1}}'), json('{"__proto__": {"a": 2}}'))).toBe(false)
    expect(deepEquals(json('{"__proto__": {"a": 1}}'), {})).toBe(false)
    expect(deepEquals({}, json('{"__proto__": {"a": 1}}'))).toBe(false)
    expect(deepEquals(json('{"__proto__": 1}'), json('{"other": 1}'))).toBe(false)
    expect(deepEquals(json('{"other": 1}'), json('{"__proto__": 1}'))).toBe(false)
  })

  it.each<[string, () => object | null]>([
    ['nothing', () => null],
    ['the Object.prototype of another realm', () => Object.create(null) as object],
  ])('W8: an object that inherits from %s is a plain one', (_, prototype) => {
    const plain = (a: number): unknown => Object.assign(Object.create(prototype()) as object, { a })
    expect(deepEquals(plain(1), plain(1))).toBe(true)
    expect(deepEquals(plain(1), plain(2))).toBe(false)
    expect(deepEquals({ deep: [plain(1)] }, { deep: [{ a: 1 }] })).toBe(true)
  })

  it('W8: an inherited property is no key', () => {
    const toString: unknown = Reflect.get({}, 'toString')
    expect(deepEquals({ toString }, { other: toString })).toBe(false)
    expect(deepEquals({ other: toString }, { toString })).toBe(false)
    expect(deepEquals({ toString }, { toString })).toBe(true)
    expect(deepEquals({ constructor: Object }, { other: Object })).toBe(false)
    expect(deepEquals({ constructor: Object }, {})).toBe(false)
    expect(deepEquals(json('{"__proto__": null}'), { other: null })).toBe(false)
  })

  it('W8: an object may have a key with the name of any method', () => {
    const text = '{"hasOwnProperty": 1, "valueOf": 2, "toJSON": 3, "length": 4, "getTime": 5, "equals": 6}'
    expect(deepEquals(json(text), json(text))).toBe(true)
    expect(deepEquals(json(text), json(text.replace('5', '7')))).toBe(false)
  })

  it('W8: an object that occurs twice is no cycle', () => {
    const shared = (): unknown => {
      const part = { x: [1] }
      return { first: part, second: part, third: [part, part] }
    }
    expect(deepEquals(shared(), shared())).toBe(true)
    expect(
      deepEquals(shared(), { first: { x: [1] }, second: { x: [1] }, third: [{ x: [1] }, { x: [2] }] }),
    ).toBe(false)
  })

  it('W8: an object that occurs in both equals itself', () => {
    const part = { x: [1] }
    expect(deepEquals({ part }, { part })).toBe(true)
    expect(deepEquals([part, 1], [part, 2])).toBe(false)
  })
})

describe('dates', () => {
  it('W8: a date is no number, no text and no object', () => {
    const date = new Date(5)
    expect(deepEquals({ at: date }, { at: 5 })).toBe(false)
    expect(deepEquals({ at: date }, { at: date.toISOString() })).toBe(false)
    expect(deepEquals({ at: date }, { at: {} })).toBe(false)
    expect(deepEquals({ at: {} }, { at: date })).toBe(false)
    expect(deepEquals({ at: { getTime: () => 5 } }, { at: date })).toBe(false)
  })
})

describe('values that cannot be compared', () => {
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
    expect(deepEquals(ring(), ring())).toBe(false)
    expect(deepEquals(ring(1), ring(2))).toBe(false)
    expect(deepEquals({ deep: [ring()] }, { deep: [ring()] })).toBe(false)
  })

  it('W8: a cycle of arrays counts as changed', () => {
    const loop = (): unknown[] => {
      const made: unknown[] = []
      made.push(made)
      return made
    }
    expect(deepEquals(loop(), loop())).toBe(false)
  })

  it('W8: a cycle over several objects, or from the old item to the new one, counts as changed', () => {
    const knot = (): unknown => {
      const left: Ring = { value: 1 }
      left.self = [{ left }]
      return left
    }
    expect(deepEquals(knot(), knot())).toBe(false)
    const old: Ring = { value: 1 }
    const next: Ring = { value: 1 }
    old.self = next
    next.self = old
    expect(deepEquals(old, next)).toBe(false)
  })

  it('W8: a cycle on one side only counts as changed', () => {
    expect(deepEquals(ring(), { value: 1, self: { value: 1 } })).toBe(false)
    expect(deepEquals({ value: 1, self: { value: 1 } }, ring())).toBe(false)
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

  it.each(links)('W8: usual nesting is compared to the end: %s', (_, link) => {
    expect(deepEquals(nest(50, 'leaf', link), nest(50, 'leaf', link))).toBe(true)
    expect(deepEquals(nest(50, 'leaf', link), nest(50, 'another', link))).toBe(false)
  })

  it('W8: depth over 500 counts as changed', () => {
    const link = (inner: unknown): unknown => ({ inner })
    expect(deepEquals(nest(500, 'leaf', link), nest(500, 'leaf', link))).toBe(true)
    expect(deepEquals(nest(501, 'leaf', link), nest(501, 'leaf', link))).toBe(false)
  })

  it.each([...links, ['maps', (inner: unknown) => new Map([['a', inner]])] as const])(
    'W8: any depth ends without an error: %s',
    (_, link) => {
      expect(deepEquals(nest(50_000, 'leaf', link), nest(50_000, 'leaf', link))).toBe(false)
    },
  )

  it.each(links)('W8: too much to follow, shared ones each time, counts as changed: %s', (_, link) => {
    const pair = (inner: unknown): unknown => ({ left: link(inner), right: link(inner) })
    expect(deepEquals(nest(8, 'leaf', pair), nest(8, 'leaf', pair))).toBe(true)
    expect(deepEquals(nest(100, 'leaf', pair), nest(100, 'leaf', pair))).toBe(false)
  })

  it('W8: too much are more than a million properties', () => {
    const rows = (count: number): unknown => Array.from({ length: count }, () => row(999))
    const row = (width: number): unknown => Array.from({ length: width }, () => 0)
    expect(deepEquals(rows(1000), rows(1000))).toBe(true)
    expect(deepEquals([rows(1000)], [rows(1000)])).toBe(false)
    const numbers = Array.from({ length: 1_000_001 }, (_, index) => index)
    const big = [() => new Float64Array(1_000_001), () => new Set(numbers), () => new ArrayBuffer(1_000_001)]
    for (const make of big) expect(deepEquals(make(), make())).toBe(false)
    expect(deepEquals(new Float64Array(1_000_000), new Float64Array(1_000_000))).toBe(true)
  })
})

/** A text that two values share if, and only if, they are equal by W8: what the comparison is checked against. */
function canonical(value: unknown): string {
  if (value instanceof Date) return `date ${value.getTime()}`
  if (typeof value !== 'object' || value === null) {
    return `${typeof value} ${Object.is(value, -0) ? '-0' : String(value)}`
  }
  if (value instanceof Map) return `map <${canonical(Object.fromEntries(value))}>`
  const keys = Object.keys(value)
  const parts = keys.map((key) => `${JSON.stringify(key)}: <${canonical(Reflect.get(value, key))}>`)
  return `${Array.isArray(value) ? `array ${value.length}` : 'object'} {${parts.sort().join(', ')}}`
}

/** Another value with the same in it. */
function copy(value: unknown): unknown {
  if (value instanceof Date) return new Date(value.getTime())
  if (value instanceof Map) return new Map([...value].reverse().map(([name, part]) => [name, copy(part)]))
  if (typeof value !== 'object' || value === null) return value
  const made: object = Array.isArray(value) ? Object.assign([], { length: value.length }) : {}
  for (const key of Object.keys(value).reverse()) define(made, key, copy(Reflect.get(value, key)))
  return made
}

function define(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

const symbol = Symbol.for('symbol')
const key = fc.constantFrom('a', 'b', '', '0', '__proto__', 'constructor', 'toString')
const leaf = fc.oneof(
  fc.constantFrom<unknown>(0, -0, 1, Number.NaN, '', '0', 'a', true, false, null, undefined, 0n, symbol),
  fc.constantFrom(0, 1).map((time) => new Date(time)),
)
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, tie('list'), tie('record'), tie('map')),
  list: fc.array(tie('tree'), { maxLength: 3 }),
  map: fc.array(fc.tuple(key, tie('tree')), { maxLength: 2 }).map((pairs) => new Map(pairs)),
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
        expect(deepEquals({ data }, { data: copy(data) })).toBe(true)
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
        expect(deepEquals({ data: a }, { data: b })).toBe(equal)
        expect(deepEquals([b], [a])).toBe(equal)
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
        expect(deepEquals([around(one)], [around(one)])).toBe(true)
        expect(deepEquals([around(one)], [around(other)])).toBe(false)
      }),
      { numRuns: 500 },
    )
  })
})
