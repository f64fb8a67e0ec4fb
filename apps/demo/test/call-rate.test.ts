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
  now += 2500
  expect(rate.perSecond()).toBe(1.2)
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

it('is right in the first second already, wherever in a second of the clock it begins', () => {
  for (const beginning of [100_000, 100_400, 100_900]) {
    let now = beginning
    const rate = new CallRate(60, () => now)
    rate.record({ type: 'started' })
    // A timer for each of twelve jobs: they send together, once a second.
    for (; now < beginning + 4000; now += 100) {
      if ((now - beginning) % 1000 === 0) for (let job = 0; job < 12; job++) rate.countCall()
      expect(rate.perSecond()).toBe(12)
    }
  }
})

it('is 0 as soon as the cache pauses or stops', () => {
  for (const end of [{ type: 'stopped' }, { type: 'paused', reason: 'user' }] as const) {
    let now = 100_000
    const rate = new CallRate(60, () => now)
    for (; now < 103_000; now += 500) rate.record(started)
    expect(rate.perSecond()).toBe(2)
    rate.record(end)
    expect(rate.perSecond()).toBe(0)
    now += 4000
    expect(rate.perSecond()).toBe(0)
  }
})

it('begins anew after a silence, and does not fall when more is asked for', () => {
  let now = 100_000
  const rate = new CallRate(60, () => now)
  rate.record(started)
  now += 10_000
  expect(rate.perSecond()).toBe(0)
  rate.record(started)
  expect(rate.perSecond()).toBe(1)

  now += 1500
  rate.record({ type: 'created', id: 'b', item: undefined })
  expect(rate.perSecond()).toBe(1)
  for (let more = 0; more < 3; more++) rate.record(started)
  expect(rate.perSecond()).toBe(3)
  now += 1000
  expect(rate.perSecond()).toBe(3)
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
