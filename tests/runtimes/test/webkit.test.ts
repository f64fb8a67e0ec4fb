import { expect, it } from 'vitest'

it('this is WebKit, not a browser that imitates its user agent', () => {
  expect(navigator.userAgent).toMatch(/ AppleWebKit\/.* Safari\/\d/)
  expect(navigator.userAgent).not.toContain('Chrome')
})
