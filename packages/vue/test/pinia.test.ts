import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItem } from '@auto-refresh/vue'
import { createPinia, defineStore, disposePinia, setActivePinia } from 'pinia'
import { describe, expect, it } from 'vitest'
import { createApp, defineComponent, h, KeepAlive, nextTick, ref } from 'vue'

function newCache(): InMemoryAutoRefresh<number> {
  return new InMemoryAutoRefresh<number>({ interval: 1_000_000, sync: () => [] })
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTick()
}

describe('a Pinia store', () => {
  it('A14: shows an item as long as the store lives, whoever used it first', async () => {
    const cache = newCache()
    cache.getOrCreate('a', 1)
    const useJob = defineStore('job', () => ({ item: useAutoRefreshItem(cache, 'a').item }))
    const isFirst = ref(true)
    const First = defineComponent(() => {
      const store = useJob()
      return () => `first ${store.item}`
    })
    const Second = defineComponent(() => {
      const store = useJob()
      return () => `second ${store.item}`
    })
    const pinia = createPinia()
    const app = createApp(defineComponent(() => () => h(KeepAlive, () => h(isFirst.value ? First : Second))))
    const root = document.createElement('div')
    app.use(pinia).mount(root)
    await settle()
    expect(root.textContent).toBe('first 1')
    isFirst.value = false
    await settle()
    cache.update('a', 2)
    await settle()
    expect(root.textContent).toBe('second 2')
    expect(cache.stats().subscribers).toBe(1)
    app.unmount()
    expect(cache.stats().subscribers).toBe(1)
    disposePinia(pinia)
    await settle()
    expect([cache.stats().subscribers, cache.isRunning]).toEqual([0, false])
  })

  it('L10: may hold a cache in its state', () => {
    setActivePinia(createPinia())
    const useOptions = defineStore('options', {
      state: () => ({ jobs: newCache() }),
      actions: {
        submit(id: string) {
          return this.jobs.getOrCreate(id, 1)
        },
      },
    })
    const useSetup = defineStore('setup', () => ({ jobs: newCache() }))
    expect(useOptions().submit('a')).toBe(1)
    expect(useSetup().jobs.getOrCreate('a', 2)).toBe(2)
    expect(useSetup().jobs.size).toBe(1)
  })
})
