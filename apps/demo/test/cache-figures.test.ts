import { InMemoryAutoRefresh, type SyncResponse } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { expect, it } from 'vitest'
import { CacheCondition } from '../src/cache-condition.ts'
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

it('follows the condition of the cache', () => {
  const condition = new CacheCondition()
  const after = (...types: Parameters<CacheCondition['record']>[0]['type'][]): string => {
    for (const type of types) {
      if (type === 'started' || type === 'stopped') condition.record({ type })
      if (type === 'paused' || type === 'resumed') condition.record({ type })
      if (type === 'outage-started' || type === 'outage-ended') condition.record({ type })
    }
    return condition.current
  }
  expect(condition.current).toBe('stopped')
  expect(after('started')).toBe('running')
  expect(after('outage-started')).toBe('outage')
  expect(after('paused')).toBe('paused')
  expect(after('resumed')).toBe('outage')
  expect(after('outage-ended')).toBe('running')
  expect(after('stopped')).toBe('stopped')
})
