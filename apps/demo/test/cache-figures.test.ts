import { InMemoryAutoRefresh, type CacheStatus, type SyncResponse } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { describe, expect, it } from 'vitest'
import { conditionOf } from '../src/cache-condition.ts'
import { readFigures } from '../src/cache-figures.ts'
import { StatusError } from '@auto-refresh/demo-server/sync-jobs'

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
  const healthy = { failing: 0, waitingFor: 0 }
  const rateLimited = new StatusError(new Response(null, { status: 429, headers: { 'retry-after': '3' } }))

  it('is the state of a cache that does not poll, whatever fails', () => {
    for (const state of ['stopped', 'paused', 'hidden', 'offline'] as const) {
      const signs = { failing: 1, waitingFor: 5000 }
      expect(conditionOf({ ...status, state, isOutage: true, error: rateLimited }, signs)).toBe(state)
    }
  })

  it('tells apart what is wrong', () => {
    expect(conditionOf(status, healthy)).toBe('running')
    expect(conditionOf(status, { failing: 0, waitingFor: 2000 })).toBe('waiting')
    expect(conditionOf(status, { failing: 1, waitingFor: 2000 })).toBe('backing-off')
    expect(conditionOf({ ...status, isOutage: true, error: new Error('503') }, healthy)).toBe('outage')
  })

  it('is rate limited as long as the last answer was that, and not when a job alone has an old error', () => {
    const signs = { failing: 60, waitingFor: 0 }
    expect(conditionOf({ ...status, error: rateLimited }, signs)).toBe('rate-limited')
    expect(conditionOf({ ...status, error: rateLimited, isOutage: true }, signs)).toBe('rate-limited')
    expect(conditionOf({ ...status, error: undefined }, signs)).toBe('backing-off')
  })
})
