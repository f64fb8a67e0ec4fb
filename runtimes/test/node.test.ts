import { expect, inject, it } from 'vitest'

it('this is the Node that was asked for', () => {
  expect(process.versions).toMatchObject({ node: inject('version'), v8: expect.any(String) })
  expect(Object.keys(globalThis)).not.toEqual(expect.arrayContaining(['Deno', 'Bun']))
})
