/**
 * The bounds of the contract for a failing source, in the scenarios that take little time to simulate. All scenarios:
 * `npm run bench:failures`.
 */
import { describe, expect, it } from 'vitest'
import { clickBounds, clicks } from '../src/failures/clicks.ts'
import { MINUTE, SECOND } from '../src/failures/duration.ts'
import { freeze } from '../src/failures/freeze.ts'
import { failBounds } from '../src/failures/item-failures.ts'
import { drop, flipsBound } from '../src/failures/network.ts'
import { newItemBound } from '../src/failures/new-item.ts'
import { oneRefresh } from '../src/failures/one-refresh.ts'
import { outageBounds } from '../src/failures/outage.ts'
import { isMet, type Bound } from '../src/failures/outcome.ts'
import { isolationBounds } from '../src/failures/poison-scenario.ts'
import { oneRefusedBound, refusals } from '../src/failures/refusals.ts'
import { deadRegionBounds, healedRegionBound } from '../src/failures/regions-scenario.ts'

function expectMet(bounds: readonly Bound[]): void {
  expect(bounds.length).toBeGreaterThan(0)
  const missed = bounds.filter((bound) => !isMet(bound))
  expect(
    missed.map(({ bound, sense, limit, measured }) => `${bound}: ${measured}, ${sense} ${limit}`),
  ).toEqual([])
}

describe('poisonous items', () => {
  it.each([
    { items: 100, poisonous: 1, limit: 15 },
    { items: 100, poisonous: 30, limit: 25 },
    { items: 1000, poisonous: 30, limit: 25 },
  ])('F9: $poisonous of $items are isolated within $limit s, and the others are fresh', async (isolation) => {
    expectMet(await isolationBounds(isolation, [1]))
  })
})

describe('two regions', () => {
  it('F11: a dead region gets few calls, and the living one is fresh', async () => {
    expectMet(await deadRegionBounds({ a: 1000, b: 100, interval: 2 * SECOND }))
  })

  it('F11: a region that heals is fresh soon', async () => {
    expectMet([await healedRegionBound(1000, 100, 10)])
  })
})

describe('an outage', () => {
  it.each([100, 1000])(
    'F14: an outage of 60 s with %i items: few calls, and fresh soon after it',
    async (items) => {
      expectMet(await outageBounds({ items, length: MINUTE }))
    },
  )

  it('S15: clicks cost one call per second, and each is answered', async () => {
    expectMet(await clickBounds())
    expect((await clicks()).unanswered).toBe(0)
  })

  it('T8: a page that is hidden and shown again and again costs few calls', async () => {
    expectMet([await flipsBound()])
  })
})

describe('a source that asks for patience', () => {
  it.each([100, 1000])('F8: %i items that are refused for 60 s take one call', async (items) => {
    const { calls, freshAfter } = await refusals(items, 2 * SECOND)
    expect(calls).toBe(1)
    expect(freshAfter).toBeLessThanOrEqual(15)
  })

  it('F8: one id that is refused does not hold back the others', async () => {
    expectMet([await oneRefusedBound(1000, 100)])
  })
})

describe('items that fail', () => {
  it('F2: answers of `fail` cost no more calls than successes', async () => {
    expectMet(await failBounds([0.2, 1]))
  })

  it.each([1, 10])('F6: a new item beside %i dead ones is fetched at once', async (dead) => {
    expectMet([await newItemBound(dead, 1), await newItemBound(dead, 100)])
  })

  it('F16: `interval: Infinity` is retried after a failed call, and after `fail`', async () => {
    expect(await oneRefresh({ error: new Error('503') })).toBeLessThanOrEqual(1.5)
    expect(await oneRefresh({ failing: () => true })).toBeLessThanOrEqual(80)
  })
})

describe('time and place', () => {
  it('T8: after the network was away for 5 s, no error is left within a second', async () => {
    expect(await drop(400)).toBeLessThanOrEqual(1)
  })

  it('T5: no call fails because the process was frozen', async () => {
    expect(await freeze()).toBe(0)
  })
})
