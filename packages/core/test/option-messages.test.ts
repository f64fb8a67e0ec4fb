import { describe, expect, it } from 'vitest'
import { untyped } from './scheduling.ts'
import { world } from './world.ts'

describe('the message about a wrong option', () => {
  it.each([
    ['4', '"4"'],
    [true, 'true'],
    [null, 'null'],
    [{}, 'an object'],
  ])('L7: it shows %j as %s', (value, shown) => {
    expect(() => world({ concurrency: untyped(value) })).toThrow(
      new TypeError(`concurrency must be of type number, got ${shown}`),
    )
  })
})
