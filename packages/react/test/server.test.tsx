// @vitest-environment node
import type { ReactElement } from 'react'
import { renderToString } from 'react-dom/server'
import { InMemoryAutoRefresh, type AutoRefresh } from '@auto-refresh/core'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
} from '@auto-refresh/react'
import { expect, it, vi } from 'vitest'

interface AppProps {
  readonly cache: AutoRefresh<{ readonly step: number }>
}

function App({ cache }: AppProps): ReactElement {
  const { status, item } = useAutoRefreshItem(cache, 'a', { initialItem: { step: 1 } })
  const list = useAutoRefreshItems(cache, ['a', 'b'], { select: (snapshot) => snapshot.status })
  const { state } = useAutoRefreshStatus(cache)
  return <p>{[status, item?.step, ...list, ...useAutoRefreshIds(cache), state].join(' ')}</p>
}

function newCache(): InMemoryAutoRefresh<{ readonly step: number }> {
  return new InMemoryAutoRefresh({ interval: 1000, sync: () => [] })
}

it('A1, A13: a server renders, and runs nothing, subscribes to nothing and warns of nothing', () => {
  const warn = vi.spyOn(console, 'error')
  const cache = newCache()
  expect(renderToString(<App cache={cache} />)).toBe('<p>active 1 pending pending stopped</p>')
  expect(cache.isRunning).toBe(false)
  expect(cache.stats()).toMatchObject({ size: 0, subscribers: 0, hits: 0, misses: 0, syncCalls: 0 })
  expect(warn).not.toHaveBeenCalled()
})

it('A13: a server shows what its cache has', () => {
  const cache = newCache()
  cache.getOrCreate('b', { step: 2 })
  expect(renderToString(<App cache={cache} />)).toBe('<p>active 1 pending active b stopped</p>')
})
