// @vitest-environment node
import { InMemoryAutoRefresh, type AutoRefresh } from '@auto-refresh/core'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
} from '@auto-refresh/preact'
import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { expect, it } from 'vitest'

function App({ cache }: { readonly cache: AutoRefresh<number> }): VNode {
  const { status, item } = useAutoRefreshItem(cache, 'a', { initialItem: 1 })
  const list = useAutoRefreshItems(cache, ['a', 'b'], { select: (snapshot) => snapshot.status })
  const { state } = useAutoRefreshStatus(cache)
  return <p>{[status, item, ...list, ...useAutoRefreshIds(cache), state].join(' ')}</p>
}

function newCache(): InMemoryAutoRefresh<number> {
  return new InMemoryAutoRefresh({ interval: 1000, sync: () => [] })
}

it('A1, A13: a server renders, and runs nothing and subscribes to nothing', () => {
  const cache = newCache()
  expect(renderToString(<App cache={cache} />)).toBe('<p>active 1 pending pending stopped</p>')
  expect(cache.isRunning).toBe(false)
  expect(cache.stats()).toMatchObject({ size: 0, subscribers: 0, hits: 0, misses: 0, syncCalls: 0 })
})

it('A13: a server shows what its cache has', () => {
  const cache = newCache()
  cache.getOrCreate('b', 2)
  expect(renderToString(<App cache={cache} />)).toBe('<p>active 1 pending active b stopped</p>')
})
