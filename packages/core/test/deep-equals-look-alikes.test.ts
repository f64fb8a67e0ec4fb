import { describe, expect, it } from 'vitest'
import { deepEquals } from '../src/engine/deep-equals.ts'

class Registry extends Map<string, number> {}

/** Errors of one class of another realm, whose prototype is not that of this realm. */
const foreignPrototype = { name: 'Error' }
const foreignError = (): object =>
  Object.setPrototypeOf(Object.assign(new Error('e'), { code: 1 }), foreignPrototype) as object

describe('values that look like others', () => {
  it.each([
    ['an object literal', (): object => ({ a: 1, [Symbol.toStringTag]: 'Error' })],
    [
      'an object without a prototype',
      (): object => Object.assign(Object.create(null) as object, { a: 1, [Symbol.toStringTag]: 'Error' }),
    ],
  ])('W8, W16: %s is compared by its keys, whatever its tag says', (_, make) => {
    expect(deepEquals(make(), make())).toBe(true)
    expect(deepEquals(make(), Object.assign(make(), { a: 2 }))).toBe(false)
  })

  it('W8: an array is not a boxed string of the same letters', () => {
    const boxed: unknown = Object('ab')
    expect(deepEquals(['a', 'b'], boxed)).toBe(false)
    expect(deepEquals(boxed, ['a', 'b'])).toBe(false)
  })

  it('W16: an object with only the tag of a typed array is not equal to one', () => {
    expect(deepEquals(new Uint8Array(0), { [Symbol.toStringTag]: 'Uint8Array' })).toBe(false)
  })

  it('W16: two errors of one class of another realm are compared by reference', () => {
    const error = foreignError()
    expect(deepEquals([error], [error])).toBe(true)
    expect(deepEquals([error], [foreignError()])).toBe(false)
  })

  it('W8: a class that extends Map is not a Map, if both hold the same', () => {
    expect(deepEquals(new Registry([['a', 1]]), new Map([['a', 1]]))).toBe(false)
    expect(deepEquals(new Map([['a', 1]]), new Registry([['a', 1]]))).toBe(false)
    expect(deepEquals(new Registry([['a', 1]]), new Registry([['a', 1]]))).toBe(true)
  })
})
