import { expect, inject, it } from 'vitest'

it('this is Bun', () => {
  expect(globalThis).toHaveProperty('Bun.version', inject('version'))
})
