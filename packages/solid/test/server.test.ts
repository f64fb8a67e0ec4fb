// @vitest-environment node
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
} from '@auto-refresh/solid'
import { createRoot } from 'solid-js'
import { renderToString } from 'solid-js/web'
import { expect, it } from 'vitest'

function newCache(): InMemoryAutoRefresh<number> {
  return new InMemoryAutoRefresh<number>({ interval: 1000, sync: () => [] })
}

function textOf(cache: InMemoryAutoRefresh<number>): string {
  const job = useAutoRefreshItem(cache, () => 'a', { initialItem: 1 })
  const list = useAutoRefreshItems(cache, () => ['a', 'b'], { select: ({ status }) => status })
  const ids = useAutoRefreshIds(cache)
  const status = useAutoRefreshStatus(cache)
  return [job().status, job().item, ...list(), ...ids(), status().state].join(' ')
}

const nothing = { size: 0, subscribers: 0, hits: 0, misses: 0, syncCalls: 0 }

it('A1, A13: a server runs nothing and subscribes to nothing, however many requests there are', () => {
  const cache = newCache()
  for (let request = 0; request < 10; request++) {
    expect(renderToString(() => textOf(cache))).toBe('active 1 pending pending stopped')
  }
  expect(createRoot(() => textOf(cache))).toBe('active 1 pending pending stopped')
  expect(cache.isRunning).toBe(false)
  expect(cache.stats()).toMatchObject(nothing)
})

it('A13: a server shows what its cache has', () => {
  const cache = newCache()
  cache.getOrCreate('b', 2)
  expect(renderToString(() => textOf(cache))).toBe('active 1 pending active b stopped')
})
