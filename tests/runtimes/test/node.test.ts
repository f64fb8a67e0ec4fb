import { expect, inject, it } from 'vitest'

it('this is the Node that was asked for', () => {
  expect(process.versions.node).toBe(inject('version'))
  expect('Deno' in globalThis || 'Bun' in globalThis).toBe(false)
})
