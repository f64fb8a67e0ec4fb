import { expect, inject, it } from 'vitest'

it('this is Deno', () => {
  expect(globalThis).toHaveProperty('Deno.version.deno', inject('version'))
})
