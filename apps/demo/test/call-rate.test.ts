import { expect, it } from 'vitest'
import { CallRate } from '../src/call-rate.ts'

const call = { call: 1, kind: 'clock', ids: ['a'] } as const
const started = { type: 'sync-started', ...call } as const

it('counts calls by the second in which they started', () => {
  let now = 10_000
  const rate = new CallRate(5, () => now)
  rate.record(started)
  now = 10_900
  rate.record(started)
  now = 12_000
  rate.record(started)
  expect(rate.history().map(({ calls }) => calls)).toEqual([0, 0, 2, 0, 1])
})

it('counts a failure where its call started', () => {
  let now = 10_000
  const rate = new CallRate(5, () => now)
  rate.record(started)
  now = 13_000
  rate.record({ type: 'sync-settled', ...call, duration: 3000, error: new Error('no') })
  rate.record({ type: 'sync-settled', ...call, duration: 10 })
  expect(rate.history()).toEqual([
    { calls: 0, failed: 0 },
    { calls: 1, failed: 1 },
    { calls: 0, failed: 0 },
    { calls: 0, failed: 0 },
    { calls: 0, failed: 0 },
  ])
})

it('has the rate of the last whole seconds', () => {
  let now = 0
  const rate = new CallRate(60, () => now)
  for (; now < 20_000; now += 500) rate.record(started)
  expect(rate.perSecond()).toBe(2)
  now += 3000
  expect(rate.perSecond()).toBe(0.8)
})

it('has the rate of the seconds so far, since counting began', () => {
  let now = 100_100
  const rate = new CallRate(60, () => now)
  rate.record(started)
  expect(rate.perSecond()).toBe(1)
  now = 101_100
  rate.record(started)
  now = 102_100
  expect(rate.perSecond()).toBe(1)

  now = 200_100
  expect(rate.perSecond()).toBe(0)
  rate.record({ type: 'started' })
  for (; now < 202_000; now += 500) rate.record(started)
  expect(rate.perSecond()).toBe(2)
})

it('forgets what is too old to be shown', () => {
  let now = 0
  const rate = new CallRate(3, () => now)
  rate.record(started)
  now = 60_000
  rate.record(started)
  now = 2_000
  expect(rate.history().map(({ calls }) => calls)).toEqual([0, 0, 0])
})
