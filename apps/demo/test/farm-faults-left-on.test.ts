import { NO_FAULTS, type Faults } from '@auto-refresh/demo-server/api'
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { FarmFaults } from '../src/farm-faults.ts'
import { describeFaults } from '../src/fault-text.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

async function follow(left: Faults) {
  let kept = left
  const farm = {
    faults: async () => kept,
    setFaults: async (faults: Faults) => (kept = faults),
  }
  const faults = new FarmFaults(farm)
  onTestFinished(faults.follow(() => undefined))
  await vi.advanceTimersByTimeAsync(10)
  return { faults, farm, setElsewhere: (set: Faults) => (kept = set) }
}

it('tells of faults that were on before, and not of those that this page switched on', async () => {
  const { faults } = await follow({ ...NO_FAULTS, hang: true })
  expect(faults.areForeign).toBe(true)
  await faults.set(NO_FAULTS)
  expect(faults.areForeign).toBe(false)
  await faults.set({ ...NO_FAULTS, latency: 500 })
  await vi.advanceTimersByTimeAsync(5000)
  expect(faults.current?.latency).toBe(500)
  expect(faults.areForeign).toBe(false)
})

it('tells of those that another visitor switches on meanwhile', async () => {
  const { faults, setElsewhere } = await follow(NO_FAULTS)
  expect(faults.areForeign).toBe(false)
  setElsewhere({ ...NO_FAULTS, errorRate: 0.5 })
  await vi.advanceTimersByTimeAsync(5000)
  expect(faults.areForeign).toBe(true)
})

it('shows what is set at once, and what was before if the farm refuses', async () => {
  const { faults, farm } = await follow(NO_FAULTS)
  farm.setFaults = () => Promise.reject(new Error('The farm is gone'))
  const setting = faults.set({ ...NO_FAULTS, hang: true })
  expect(faults.current?.hang).toBe(true)
  await expect(setting).rejects.toThrow('The farm is gone')
  expect(faults.current?.hang).toBe(false)
})

it('names them', () => {
  expect(
    describeFaults({ latency: 2000, errorRate: 0.25, hang: true, retryAfter: 3, poisonedIds: ['a'] }),
  ).toBe(
    'answers take 2,000 ms, 25 % of requests fail, requests are not answered, requests are answered with 429, Retry-After 3 s, one job is poisoned',
  )
})
