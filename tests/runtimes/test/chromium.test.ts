import { expect, it } from 'vitest'

it('this is Chromium', () => {
  expect(navigator.userAgent).toMatch(/ (Headless)?Chrome\/\d/)
})
