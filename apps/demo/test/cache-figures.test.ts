import { InMemoryAutoRefresh, type CacheStatus, type SyncResponse } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { describe, expect, it } from 'vitest'
import { conditionOf } from '../src/cache-condition.ts'
import { readFigures } from '../src/cache-figures.ts'

it('has the figures of the moment', async () => {
  const clock = new VirtualClock()
  const cache = new InMemoryAutoRefresh<string>({
    sync: (batch) =>
      batch.map(({ id }): SyncResponse<string> => {
        if (id === 'bad') return { id, action: 'fail', error: new Error('bad') }
        return { id, item: id === 'short' ? 'done' : 'fresh' }
      }),
    isTerminal: (item) => item === 'done',
    interval: 1000,
    jitter: 0,
    retry: { jitter: 0 },
    clock,
  })
  expect(readFigures(cache)).toMatchObject({ items: 0, active: 0, nextRefreshAt: undefined })

  for (const id of ['long', 'short', 'bad']) cache.getOrCreate(id, 'new')
  cache.start()
  await clock.advance(1)
  expect(readFigures(cache)).toMatchObject({
    items: 3,
    active: 2,
    failing: 1,
    inFlight: 0,
    waiting: 0,
    runningCalls: 0,
    subscribers: 0,
    syncCalls: 1,
    syncErrors: 0,
    refreshedItems: 2,
  })
  const { nextRefreshAt = NaN } = readFigures(cache)
  expect(nextRefreshAt - clock.epoch()).toBeGreaterThan(900)
  await cache.stop()
})

describe('the condition', () => {
  const status: CacheStatus = {
    state: 'running',
    isOutage: false,
    error: undefined,
    lastSuccessAt: undefined,
    retryAt: undefined,
  }
  const healthy = { active: 2, failing: 1 }

  it('is the state of a cache that does not poll, whatever fails', () => {
    for (const state of ['stopped', 'paused', 'hidden', 'offline'] as const) {
      expect(conditionOf({ ...status, state, isOutage: true }, { active: 1, failing: 1 })).toBe(state)
    }
  })

  it('tells fresh jobs, jobs that all fail, and an outage apart', () => {
    expect(conditionOf(status, { active: 0, failing: 0 })).toBe('running')
    expect(conditionOf(status, healthy)).toBe('running')
    expect(conditionOf(status, { active: 2, failing: 2 })).toBe('retrying')
    expect(conditionOf({ ...status, isOutage: true }, healthy)).toBe('outage')
  })
})
