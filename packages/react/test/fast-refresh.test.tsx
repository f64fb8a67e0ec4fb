import { runtime } from './refresh-runtime.ts'
import { act, type ReactElement } from 'react'
import { createRoot } from 'react-dom/client'
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
} from '@auto-refresh/react'
import { expect, it } from 'vitest'

Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true)

/** The Babel plugin's output for an edited module: new components with the earlier hooks. */
function edit(cache: InMemoryAutoRefresh<number>, edition: number): () => ReactElement {
  const sign = runtime.createSignatureFunctionForTransform()
  function Page(): ReactElement {
    sign()
    const { item } = useAutoRefreshItem(cache, 'a')
    const list = useAutoRefreshItems(cache, ['a', 'b'], { select: (snapshot) => snapshot.item })
    const ids = useAutoRefreshIds(cache)
    const { state } = useAutoRefreshStatus(cache)
    return <p>{`${edition}: ${item} ${list.join()} ${ids.join()} ${state}`}</p>
  }
  const hooks = [useAutoRefreshItem, useAutoRefreshItems, useAutoRefreshIds, useAutoRefreshStatus]
  sign(Page, 'the hooks', false, () => hooks)
  runtime.register(Page, 'Page')
  return Page
}

it('A18: after ten edits the subscriptions are there, and nothing was shown anew or fetched again', async () => {
  let calls = 0
  const cache = new InMemoryAutoRefresh<number>({
    interval: 1_000_000,
    sync: (batch) => {
      calls += 1
      return batch.map(({ id }) => ({ id, item: 1 }))
    },
  })
  const Page = edit(cache, 0)
  const container = document.createElement('div')
  const root = createRoot(container)
  await act(async () => root.render(<Page />))
  expect(container.textContent).toBe('0: 1 1,1 a,b running')
  for (let edition = 1; edition <= 10; edition++) {
    edit(cache, edition)
    await act(async () => runtime.performReactRefresh())
    expect(container.textContent).toBe(`${edition}: ${edition} ${edition},1 a,b running`)
    expect(cache.stats().subscribers).toBe(3)
    await act(async () => void cache.update('a', edition + 1))
    expect(container.textContent).toBe(`${edition}: ${edition + 1} ${edition + 1},1 a,b running`)
  }
  expect(calls).toBe(1)
  expect(cache.isRunning).toBe(true)
  await act(async () => root.unmount())
  expect(cache.stats().subscribers).toBe(0)
  expect(cache.isRunning).toBe(false)
})
