import { expect, it } from 'vitest'

it('this is Firefox', () => {
  expect(navigator.userAgent).toMatch(/ Gecko\/\S+ Firefox\/\d/)
})
