import { InMemoryAutoRefresh } from '@auto-refresh/core'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
} from '@auto-refresh/vue'
import {
  createPinia,
  defineStore,
  disposePinia,
  setActivePinia,
  storeToRefs,
  type Pinia,
  type StateTree,
} from 'pinia'
import { describe, expect, it, vi } from 'vitest'
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

  it('A14: takes what composables return for computed, so that it neither keeps nor hydrates it', () => {
    const warn = vi.spyOn(console, 'warn')
    const cache = new InMemoryAutoRefresh<{ readonly n: number }>({ interval: 1_000_000, sync: () => [] })
    cache.getOrCreate('a', { n: 1 })
    const useJob = defineStore('job', () => ({
      ...useAutoRefreshItem(cache, 'a'),
      selected: useAutoRefreshItem(cache, 'a', { select: ({ item }) => item?.n }),
      list: useAutoRefreshItems(cache, ['a']),
      ids: useAutoRefreshIds(cache),
      cacheStatus: useAutoRefreshStatus(cache),
      filter: ref('mine'),
    }))
    const used = (pinia: Pinia) => {
      setActivePinia(pinia)
      return useJob(pinia)
    }
    const first = createPinia()
    expect(used(first).item).toEqual({ n: 1 })
    expect(first.state.value).toEqual({ job: { filter: 'mine' } })

    // State of before the store was given computeds, as `pinia.state.value` of a server or of a plugin that persists.
    const old = { item: { n: 5 }, status: 'pending', selected: 5, list: [], ids: [], filter: 'all' }
    const second = createPinia()
    second.state.value = { job: structuredClone(old) }
    const store = used(second)
    expect([store.filter, store.item, store.selected, store.ids]).toEqual(['all', { n: 1 }, 1, ['a']])
    expect(storeToRefs(store).item.value).toEqual({ n: 1 })
    expect(warn).not.toHaveBeenCalled()
    warn.mockRestore()
    for (const pinia of [first, second]) disposePinia(pinia)
  })

  it('A14: a plugin that patches a store with old state leaves the item in the cache as it is', () => {
    const cache = new InMemoryAutoRefresh<{ readonly n: number }>({ interval: 1_000_000, sync: () => [] })
    cache.getOrCreate('a', { n: 2 })
    const useJob = defineStore('job', () => ({
      item: useAutoRefreshItem(cache, 'a').item,
      filter: ref('all'),
    }))
    const saved: StateTree = { item: { n: 1 }, filter: 'mine' }
    const pinia = createPinia().use(({ store }) => store.$patch(saved))
    createApp(defineComponent(() => () => null)).use(pinia)
    setActivePinia(pinia)
    const store = useJob(pinia)
    expect([store.filter, store.item, cache.get('a')]).toEqual(['mine', { n: 2 }, { n: 2 }])
    disposePinia(pinia)
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
