import type { Traffic } from '@auto-refresh/demo-server/api'
import { expect, it } from 'vitest'
import { FarmRate } from '../src/farm-rate.ts'

it('is the mean of the last five whole seconds that the farm counted', () => {
  const known: { current: Traffic | undefined } = { current: undefined }
  const rate = new FarmRate(known)
  expect(rate.perSecond()).toBe(0)
  expect(rate.history()).toEqual([])
  const perSecond = [9, 9, 1, 2, 1, 2, 4, 100]
  const counts = {
    requests: 0,
    mostInFlight: 0,
    inFlight: 0,
    ids: 0,
    mostIds: 0,
    changed: 0,
    unchanged: 0,
    gone: 0,
    answered: 0,
    rateLimited: 0,
    failed: 0,
    abandoned: 0,
  }
  known.current = {
    since: 0,
    submitted: 0,
    cancelled: 0,
    images: 0,
    status: { ...counts, perSecond },
    timers: { ...counts, perSecond: [] },
    nodes: { requests: 0, ids: 0, changed: 0, unchanged: 0 },
  }
  expect(rate.perSecond()).toBe(2)
  expect(rate.history().at(-1)).toEqual({ calls: 100, failed: 0 })
})
