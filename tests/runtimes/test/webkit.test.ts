import { expect, it } from 'vitest'

it('this is WebKit, which others only say that they are like', () => {
  expect(navigator.userAgent).toMatch(/ AppleWebKit\/.* Safari\/\d/)
  expect(navigator.userAgent).not.toContain('Chrome')
})
