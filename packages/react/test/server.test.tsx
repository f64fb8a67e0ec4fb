// @vitest-environment node
import type { ReactElement } from 'react'
import { renderToString } from 'react-dom/server'
import { InMemoryAutoRefresh, type AutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItem, useAutoRefreshItems, useAutoRefreshStart } from '@auto-refresh/react'
import { expect, it, vi } from 'vitest'

interface AppProps {
  readonly cache: AutoRefresh<{ readonly step: number }>
}

function App({ cache }: AppProps): ReactElement {
  useAutoRefreshStart(cache)
  const { status, item } = useAutoRefreshItem(cache, 'a', { initialItem: { step: 1 } })
  const list = useAutoRefreshItems(cache, ['a'], { select: (snapshot) => snapshot.status })
  return <p>{`${status} ${item?.step} ${list.join()}`}</p>
}

it('A1, A13: a server renders, and runs nothing, subscribes to nothing and complains of nothing', () => {
  const complain = vi.spyOn(console, 'error')
  const cache = new InMemoryAutoRefresh<{ readonly step: number }>({ interval: 1000, sync: () => [] })
  expect(renderToString(<App cache={cache} />)).toBe('<p>active 1 missing</p>')
  expect(cache.isRunning).toBe(false)
  expect(cache.stats()).toMatchObject({ size: 0, subscribers: 0, hits: 0, misses: 0, syncCalls: 0 })
  expect(complain).not.toHaveBeenCalled()
})
