// @vitest-environment node
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItem } from '@auto-refresh/vue'
import { createPinia, defineStore } from 'pinia'
import { expect, it, vi } from 'vitest'
import { createSSRApp, defineComponent } from 'vue'
import { renderToString } from 'vue/server-renderer'

it('A13, A14: on a server a Pinia store begins nothing, and shows what the cache has when it is read', async () => {
  const warn = vi.spyOn(console, 'warn')
  const cache = new InMemoryAutoRefresh<number>({ interval: 1000, sync: () => [] })
  const useStatus = defineStore('status', () => ({
    item: useAutoRefreshItem(cache, 'a', { initialItem: 1 }).item,
  }))
  const App = defineComponent(() => {
    const store = useStatus()
    return () => `${store.item}`
  })
  for (let request = 0; request < 10; request++) {
    const pinia = createPinia()
    const app = createSSRApp(App).use(pinia)
    // A router's guard runs like this, before anything is rendered.
    expect(useStatus(pinia).item).toBe(1)
    expect(cache.stats()).toMatchObject({ size: 0, subscribers: 0, syncCalls: 0 })
    cache.getOrCreate('a', request)
    expect(await renderToString(app)).toBe(`${request}`)
    // The item is not handed over with the state of the store.
    expect(pinia.state.value).toEqual({ status: {} })
    cache.delete('a')
  }
  expect([cache.stats().subscribers, cache.isRunning]).toEqual([0, false])
  expect(warn).not.toHaveBeenCalled()
  warn.mockRestore()
})
