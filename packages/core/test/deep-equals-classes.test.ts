import { describe, expect, it } from 'vitest'
import { deepEquals } from '../src/engine/deep-equals.ts'

class Point {
  readonly x: number
  constructor(x: number) {
    this.x = x
  }
}
class OtherPoint {
  readonly x: number
  constructor(x: number) {
    this.x = x
  }
}
class Temperature {
  readonly #degrees: number
  constructor(degrees: number) {
    this.#degrees = degrees
  }
  get degrees(): number {
    return this.#degrees
  }
}
class Named extends Map<string, number> {
  readonly name: string
  constructor(name: string) {
    super([['a', 1]])
    this.name = name
  }
}
class Items extends Array<string> {}
class Bytes extends Uint8Array {}
class Failure extends Error {
  readonly code = 1
  get [Symbol.toStringTag](): string {
    return 'Failure'
  }
}

const at = (lastIndex: number): RegExp => Object.assign(/a/g, { lastIndex })
const buffer = (...bytes: number[]): ArrayBuffer => Uint8Array.from(bytes).buffer

/** Makes an equal value at each call, and one that differs. */
const contents: readonly (readonly [string, () => object, () => object])[] = [
  ['a Date', () => new Date(5), () => new Date(6)],
  ['an invalid Date', () => new Date(Number.NaN), () => new Date(0)],
  ['a RegExp', () => /a/g, () => /b/g],
  ['the flags of a RegExp', () => /a/g, () => /a/i],
  ['the lastIndex of a RegExp', () => at(1), () => at(2)],
  ['a Uint8Array', () => Uint8Array.of(1, 2), () => Uint8Array.of(1, 3)],
  ['the length of a Uint8Array', () => Uint8Array.of(1, 2), () => Uint8Array.of(1, 2, 0)],
  ['a Float64Array', () => Float64Array.of(0, Number.NaN), () => Float64Array.of(-0, Number.NaN)],
  ['a BigInt64Array', () => BigInt64Array.of(1n), () => BigInt64Array.of(2n)],
  ['a part of an ArrayBuffer', () => new Uint8Array(buffer(1, 2), 1), () => new Uint8Array(buffer(2, 1), 1)],
  ['a DataView', () => new DataView(buffer(1, 2), 1), () => new DataView(buffer(1, 3), 1)],
  ['an ArrayBuffer', () => buffer(1, 2), () => buffer(1, 3)],
  ['the length of an ArrayBuffer', () => buffer(1, 2), () => buffer(1)],
  ['a Map', () => new Map([['a', { x: [1] }]]), () => new Map([['a', { x: [2] }]])],
  ['the keys of a Map', () => new Map([['a', 1]]), () => new Map([['b', 1]])],
  ['a Map key without a value', () => new Map([['a', undefined]]), () => new Map([['b', undefined]])],
  ['the size of a Map', () => new Map([['a', 1]]), () => new Map(Object.entries({ a: 1, b: 1 }))],
  ['a Map with NaN', () => new Map([[Number.NaN, 1]]), () => new Map([[0, 1]])],
  ['a Set', () => new Set([1, 'a']), () => new Set([1, 'b'])],
  ['the size of a Set', () => new Set([1]), () => new Set([1, 2])],
  ['an instance of a class', () => new Point(1), () => new Point(2)],
  ['the keys of a Map of a class', () => new Named('a'), () => new Named('b')],
  ['an array of a class', () => Items.of('a'), () => Items.of('b')],
  ['an own key of a Date', () => Object.assign(new Date(5), { a: 1 }), () => new Date(5)],
]

/** The same object as another realm would have made it: its prototypes are copies. */
function foreign(value: object): object {
  const copyOf = (prototype: object | null): object | null =>
    prototype === null
      ? null
      : (Object.create(
          copyOf(Reflect.getPrototypeOf(prototype)),
          Object.getOwnPropertyDescriptors(prototype),
        ) as object)
  return Object.setPrototypeOf(value, copyOf(Reflect.getPrototypeOf(value))) as object
}

describe('objects with a content of their own', () => {
  it.each(contents)('W8: %s is compared by content', (_, make, makeOther) => {
    expect(deepEquals(make(), make())).toBe(true)
    expect(deepEquals({ deep: [make()] }, { deep: [make()] })).toBe(true)
    expect(deepEquals(make(), makeOther())).toBe(false)
    expect(deepEquals(makeOther(), make())).toBe(false)
    expect(deepEquals({ deep: [make()] }, { deep: [makeOther()] })).toBe(false)
  })

  const builtIn: readonly (readonly [string, () => object])[] = [
    ['{}', () => ({})],
    ['[]', () => []],
    ['Date', () => new Date(5)],
    ['RegExp', () => /a/g],
    ['Uint8Array', () => Uint8Array.of(1)],
    ['Uint16Array', () => Uint16Array.of(1)],
    ['DataView', () => new DataView(buffer(1))],
    ['ArrayBuffer', () => buffer(1)],
    ['Map', () => new Map([[1, 1]])],
    ['Set', () => new Set([1])],
  ]

  it.each(builtIn)('W8: %s of another realm is compared by content', (_, make) => {
    expect(deepEquals(make(), foreign(make()))).toBe(true)
    expect(deepEquals(foreign(make()), make())).toBe(true)
    expect(deepEquals(foreign(make()), foreign(make()))).toBe(true)
  })

  it('W8: two kinds are never equal', () => {
    const kinds = [...builtIn.map(([, make]) => make), () => new Temperature(1), () => new Named('a')]
    for (const [i, a] of kinds.entries()) {
      for (const [j, b] of kinds.entries()) if (i !== j) expect(deepEquals([a()], [b()])).toBe(false)
    }
    expect(deepEquals(new Map(), new Set())).toBe(false)
  })

  it('W8: a class is not the class that it extends, nor a plain object, nor its twin', () => {
    expect(deepEquals(new Point(1), { x: 1 })).toBe(false)
    expect(deepEquals({ x: 1 }, new Point(1))).toBe(false)
    expect(deepEquals(new Point(1), new OtherPoint(1))).toBe(false)
    expect(deepEquals(Items.of('a'), ['a'])).toBe(false)
    expect(deepEquals(['a'], Items.of('a'))).toBe(false)
    expect(deepEquals(Bytes.of(1), Uint8Array.of(1))).toBe(false)
    expect(deepEquals(new Map([['a', 1]]), Object.setPrototypeOf(new Named('a'), Named.prototype))).toBe(
      false,
    )
  })

  it('W8: a key of a Map and a member of a Set are compared by identity', () => {
    const key = {}
    expect(deepEquals(new Map([[key, 1]]), new Map([[key, 1]]))).toBe(true)
    expect(deepEquals(new Map([[{}, 1]]), new Map([[{}, 1]]))).toBe(false)
    expect(deepEquals(new Set([key]), new Set([key]))).toBe(true)
    expect(deepEquals(new Set([{}]), new Set([{}]))).toBe(false)
  })
})

describe('all else', () => {
  const make: readonly (readonly [string, () => unknown])[] = [
    ['a class instance without keys', () => new Temperature(1)],
    ['a function', () => () => 1],
    ['a function with keys', () => Object.assign(() => 1, { a: 1 })],
    ['an Error', () => new Error('e')],
    ['an Error with keys', () => Object.assign(new Error('e'), { code: 1 })],
    ['an Error with a tag of its own', () => new Failure('e')],
    ['an Error of another realm', () => foreign(Object.assign(new Error('e'), { code: 1 }))],
    ['a Promise', () => Promise.resolve(1)],
    ['a URL', () => new URL('http://localhost/')],
    ['a boxed number', () => Object(1) as unknown],
    ['a WeakMap', () => new WeakMap()],
    ['an object with a prototype of its own', () => Object.create({ a: 1 }) as unknown],
  ]

  it.each(make)('W8: %s equals itself only', (_, create) => {
    const one = create()
    expect(deepEquals(one, one)).toBe(true)
    expect(deepEquals({ deep: [one] }, { deep: [one] })).toBe(true)
    expect(deepEquals(one, create())).toBe(false)
    expect(deepEquals({ deep: [one] }, { deep: [create()] })).toBe(false)
  })

  it('W8: an object with only the tag of a buffer is never equal: it throws', () => {
    const fake = (): object => ({ __proto__: { [Symbol.toStringTag]: 'ArrayBuffer' } })
    expect(() => deepEquals(fake(), fake())).toThrow(TypeError)
  })

  it('F7: an error of a getter reaches the caller', () => {
    const trap = (): object => ({
      get value(): never {
        throw new RangeError('not to be read')
      },
    })
    expect(() => deepEquals(trap(), trap())).toThrow('not to be read')
  })
})
