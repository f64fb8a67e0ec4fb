import { expect, it } from 'vitest'
import { readWay, searchFor } from '../src/way.ts'

it('takes the way that the address names; without one, the server asks', () => {
  expect(readWay('')).toBe('hub')
  expect(readWay('?quiet')).toBe('hub')
  expect(readWay('?by=nobody')).toBe('hub')
  expect(readWay('?quiet&by=tabs')).toBe('tabs')
  expect(readWay('?by=alone')).toBe('alone')
})

it('keeps the rest of the address', () => {
  expect(searchFor('tabs', '')).toBe('?by=tabs')
  expect(searchFor('alone', '?quiet&by=tabs')).toBe('?quiet&by=alone')
})
