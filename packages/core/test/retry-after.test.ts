import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { retryAfterOf } from '../src/retry-after.ts'

const now = Date.UTC(2026, 10, 29, 12, 0, 0)

afterEach(() => {
  vi.useRealTimers()
})

describe('retryAfterOf', () => {
  it.each([
    ['0', 0],
    ['1', 1000],
    ['120', 120_000],
    ['007', 7000],
    [' 5\t', 5000],
    ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
  ])('retryAfterOf: %j seconds', (header, expected) => {
    expect(retryAfterOf(header, now)).toBe(expected)
  })

  it.each([
    ['Sun, 29 Nov 2026 12:01:30 GMT', 90_000],
    ['Sunday, 29-Nov-26 12:01:30 GMT', 90_000],
    ['Sun Nov 29 12:01:30 2026', 90_000],
    ['Tue Dec  1 12:00:00 2026', 172_800_000],
    ['Fri, 01 Jan 2027 00:00:00 GMT', Date.UTC(2027, 0, 1) - now],
    ['Sun, 29 Nov 2026 23:59:60 GMT', 43_200_000],
    [' Sun, 29 Nov 2026 12:00:01 GMT ', 1000],
  ])('retryAfterOf: %j is a date', (header, expected) => {
    expect(retryAfterOf(header, now)).toBe(expected)
  })

  it.each([
    'Sun, 29 Nov 2026 12:00:00 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
  ])('retryAfterOf: %j is past', (header) => {
    expect(retryAfterOf(header, now)).toBe(0)
  })

  it('retryAfterOf: two digits of a year are at most 50 years in the future', () => {
    expect(retryAfterOf('Sunday, 29-Nov-76 12:00:00 GMT', now)).toBe(Date.UTC(2076, 10, 29, 12) - now)
    expect(retryAfterOf('Sunday, 29-Nov-77 12:00:00 GMT', now)).toBe(0)
    const atTheTurn = Date.UTC(2099, 11, 31, 23, 59, 50)
    expect(retryAfterOf('Friday, 01-Jan-00 00:00:00 GMT', atTheTurn)).toBe(10_000)
  })

  it.each([
    '',
    ' ',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    '1, 2',
    'on Sun, 29 Nov 2026 12:01:30 GMT',
    'Sun, 29 Nov 2026 12:01:30 GMT+1',
    'on Sunday, 29-Nov-26 12:01:30 GMT',
    'Sunday, 29-Nov-26 12:01:30 GMT+1',
    'on Sun Nov 29 12:01:30 2026',
    'Sun Nov 29 12:01:30 2026 GMT',
    'Sun, 29 Xyz 2026 12:01:30 GMT',
    '5s',
    'soon',
    'Infinity',
    'NaN',
    '2026-11-29T12:01:30Z',
    'Nov 29 2026',
    'Sun, 29 Nov 2026 12:01:30',
    'Sun, 29 Nov 2026 12:01:30 CET',
    'Sun, 29 Nov 26 12:01:30 GMT',
    'Sun, 29 nov 2026 12:01:30 GMT',
    'Sun, 29 Ovd 2026 12:01:30 GMT',
    'Sun, 29 Foo 2026 12:01:30 GMT',
    'Sun, 00 Nov 2026 12:01:30 GMT',
    'Sun, 32 Nov 2026 12:01:30 GMT',
    'Sun, 29 Nov 2026 24:01:30 GMT',
    'Sun, 29 Nov 2026 12:60:30 GMT',
    'Sun, 29 Nov 2026 12:01:61 GMT',
    'Sun, 29 Nov 2026 12:01:30 GMT; x',
  ])('retryAfterOf: %j is neither', (header) => {
    expect(retryAfterOf(header, now)).toBeUndefined()
  })

  it('retryAfterOf: a header that is missing', () => {
    expect(retryAfterOf(null, now)).toBeUndefined()
    expect(retryAfterOf(undefined, now)).toBeUndefined()
    expect(retryAfterOf(new Response(), now)).toBeUndefined()
  })

  it('retryAfterOf: a response', () => {
    const response = new Response(null, { status: 429, headers: { 'Retry-After': '30' } })
    expect(retryAfterOf(response, now)).toBe(30_000)
  })

  it('retryAfterOf: now is the wall clock by default', () => {
    vi.useFakeTimers({ now })
    expect(retryAfterOf('Sun, 29 Nov 2026 12:01:30 GMT')).toBe(90_000)
  })

  it('retryAfterOf: any date that JavaScript writes for HTTP', () => {
    const second = fc.integer({ min: -6e10, max: 2.5e11 }).map((seconds) => seconds * 1000)
    fc.assert(
      fc.property(second, fc.integer({ min: 0, max: 4e12 }), (time, at) => {
        fc.pre(time >= Date.UTC(1000, 0) && time < Date.UTC(9999, 0))
        expect(retryAfterOf(new Date(time).toUTCString(), at)).toBe(Math.max(0, time - at))
      }),
    )
  })

  it('retryAfterOf: any text is a number of ms of at least 0, or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+ \d.:,GMTeE]+$/)), (text) => {
        const delay = retryAfterOf(text, now)
        expect(delay === undefined || (delay >= 0 && Number.isSafeInteger(delay))).toBe(true)
      }),
    )
  })
})
