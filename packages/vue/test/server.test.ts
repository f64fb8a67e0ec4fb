// @vitest-environment node
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
} from '@auto-refresh/vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSSRApp, defineComponent, effectScope, type DefineSetupFnComponent } from 'vue'
import { renderToString } from 'vue/server-renderer'

function newCache(): InMemoryAutoRefresh<number> {
  return new InMemoryAutoRefresh<number>({ interval: 1000, sync: () => [] })
}

function useAll(cache: InMemoryAutoRefresh<number>): () => string {
  const { status, item } = useAutoRefreshItem(cache, 'a', { initialItem: 1 })
  const list = useAutoRefreshItems(cache, ['a', 'b'], { select: (snapshot) => snapshot.status })
  const ids = useAutoRefreshIds(cache)
  const state = useAutoRefreshStatus(cache)
  return () => [status.value, item.value, ...list.value, ...ids.value, state.value.state].join(' ')
}

const nothing = { size: 0, subscribers: 0, hits: 0, misses: 0, syncCalls: 0 }

afterEach(() => {
  vi.restoreAllMocks()
})

describe('on a server', () => {
  it('A1, A13: a component runs nothing, subscribes to nothing and warns of nothing', async () => {
    const warn = vi.spyOn(console, 'warn')
    const cache = newCache()
    const App = defineComponent(() => useAll(cache))
    expect(await renderToString(createSSRApp(App))).toBe('active 1 pending pending stopped')
    expect(cache.isRunning).toBe(false)
    expect(cache.stats()).toMatchObject(nothing)
    expect(warn).not.toHaveBeenCalled()
  })

  it('A13: it shows what the cache has', async () => {
    const cache = newCache()
    cache.getOrCreate('b', 2)
    const App = defineComponent(() => useAll(cache))
    expect(await renderToString(createSSRApp(App))).toBe('active 1 pending active b stopped')
  })

  const scopes: readonly (readonly [
    name: string,
    app: (cache: InMemoryAutoRefresh<number>) => DefineSetupFnComponent<object>,
  ])[] = [
    [
      'a detached scope in a component',
      (cache) => defineComponent(() => effectScope(true).run(() => useAll(cache)) ?? (() => '')),
    ],
    [
      'a scope outside of components',
      (cache) => {
        const text = effectScope(true).run(() => useAll(cache))
        return defineComponent(() => text ?? (() => ''))
      },
    ],
    [
      'async setup after an `await`',
      (cache) =>
        defineComponent(async () => {
          await Promise.resolve()
          return useAll(cache)
        }),
    ],
  ]

  it.each(scopes)('A14: nothing begins in %s, however many requests there are', async (_, appOf) => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const cache = newCache()
    for (let request = 0; request < 10; request++) {
      expect(await renderToString(createSSRApp(appOf(cache)))).toBe('active 1 pending pending stopped')
    }
    expect(cache.isRunning).toBe(false)
    expect(cache.stats()).toMatchObject(nothing)
  })
})
