import { retryAfterOf } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { asked } from './asked.ts'

/** ms; the longest that a source can ask for (F2). */
const LONGEST = 86_400_000

/** Ways in which a source says how long to wait. */
const ways: Record<string, (retryAfter: unknown) => () => unknown> = {
  'the error of a call': (retryAfter) => () => {
    throw Object.assign(new Error('429'), { retryAfter })
  },
  'the failure of an item': (retryAfter) => () => [
    { id: 'a', action: 'fail', error: new Error('429'), retryAfter },
  ],
}

/** ms from a failure to the next call. */
async function delayAfter(answer: () => unknown): Promise<number> {
  const { cache, clock } = asked(answer, { retry: { jitter: 0 } })
  cache.getOrCreate('a', 'present')
  await clock.advance(0)
  const { nextRefreshAt = NaN, item } = cache.getSnapshot('a')
  expect(item).toBe('present')
  return nextRefreshAt - clock.epoch()
}

describe.each(Object.entries(ways))('by %s', (_, saying) => {
  it.each([
    ...[-1, -1e300, -Infinity, Infinity, 0, -0, NaN, Number.MIN_VALUE],
    ...[
      '5000',
      '',
      'Wed, 21 Oct 2035 07:28:00 GMT',
      null,
      undefined,
      true,
      [5000],
      {},
      5000n,
      Symbol('5000'),
    ],
    new Date(5000),
  ])(
    'F2: a retryAfter that is out of range or no number delays no less than a failure does (%#)',
    async (retryAfter) => {
      expect(await delayAfter(saying(retryAfter))).toBe(1000)
    },
  )

  it('F2: one in range is kept', async () => {
    expect(await delayAfter(saying(5000))).toBe(5000)
    expect(await delayAfter(saying(LONGEST))).toBe(LONGEST)
  })

  it.each([LONGEST + 1, 2 ** 31, 1_792_713_600_000, Number.MAX_SAFE_INTEGER, 1e300, Number.MAX_VALUE])(
    'F2: no source can stop a cache for good: %d ms are a day',
    async (retryAfter) => {
      expect(await delayAfter(saying(retryAfter))).toBe(LONGEST)
    },
  )

  it('F2: a getter that throws is ignored', async () => {
    const hostile = {
      get retryAfter(): number {
        throw new Error('no')
      },
    }
    expect(await delayAfter(saying(hostile))).toBe(1000)
  })

  it('S8: a requested refresh is made, whatever the value', async () => {
    const { cache, clock } = asked(saying(1e300))
    cache.getOrCreate('a', 'present')
    await clock.advance(0)
    const before = cache.stats().syncCalls
    const refreshed = cache.refresh('a').catch(() => 'asked')
    await clock.advance(0)
    expect(await refreshed).toBe('asked')
    expect(cache.stats().syncCalls).toBe(before + 1)
  })
})

it('F2: one item with a long pause delays no other', async () => {
  const { cache, clock } = asked((batch) =>
    batch.map(({ id }) =>
      id === 'slow' ? { id, action: 'fail', error: 0, retryAfter: 1e300 } : { id, item: clock.now() },
    ),
  )
  cache.getOrCreate('slow', 0)
  cache.getOrCreate('quick', 0)
  await clock.advance(10_000)
  expect(cache.get('quick')).toBe(clock.now())
  expect(cache.get('slow')).toBe(0)
})

describe('F13: the header, read by retryAfterOf', () => {
  const now = Date.parse('2026-11-26T00:00:00Z')

  it.each([
    [null, undefined],
    ['', undefined],
    ['soon', undefined],
    ['NaN', undefined],
    ['0', 0],
    [' 120 ', 120_000],
    ['Thu, 26 Nov 2026 00:00:10 GMT', 10_000],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
  ])('%j is %s ms', (header, ms) => {
    expect(retryAfterOf(header, now)).toBe(ms)
  })

  it.each(['-1', '1e300', '9'.repeat(400), 'Infinity', 'Fri, 31 Dec 9999 23:59:59 GMT', '0x10', '1.5'])(
    '%j delays for a day at most, and is never negative',
    async (header) => {
      const ms = retryAfterOf(header, now)
      expect(ms ?? 0).toBeGreaterThanOrEqual(0)
      const delay = await delayAfter(() => {
        throw Object.assign(new Error('429'), { retryAfter: ms })
      })
      expect(delay).toBeGreaterThanOrEqual(1000)
      expect(delay).toBeLessThanOrEqual(LONGEST)
    },
  )
})
