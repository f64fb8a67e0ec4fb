import { describe, expect, it } from 'vitest'
import { world } from './world.ts'

describe('an instance', () => {
  it('L10: it carries `__v_skip`, so that Vue never makes a proxy of it', () => {
    expect(Reflect.get(world().cache, '__v_skip')).toBe(true)
  })
})
