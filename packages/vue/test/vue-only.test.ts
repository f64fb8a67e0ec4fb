import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/vue'
import { describe, expect, it, vi } from 'vitest'
import {
  createApp,
  createSSRApp,
  defineComponent,
  effectScope,
  h,
  KeepAlive,
  nextTick,
  shallowRef,
  watchEffect,
  type DefineSetupFnComponent,
} from 'vue'
import { renderToString } from 'vue/server-renderer'

interface Step {
  readonly step: number
}

function newCache<Item>(): InMemoryAutoRefresh<Item> {
  return new InMemoryAutoRefresh<Item>({ interval: 1000, sync: () => [] })
}

/** It looks like a promise, and is none. */
const thenable = Object.fromEntries([['then', 'no promise']])

describe('Vue alone', () => {
  it('A13: a server runs nothing and subscribes to nothing, and hydration agrees', async () => {
    const warn = vi.spyOn(console, 'warn')
    const error = vi.spyOn(console, 'error')
    const server = newCache<Step>()
    const client = newCache<Step>()
    const App = (cache: InMemoryAutoRefresh<Step>): DefineSetupFnComponent<object> =>
      defineComponent(() => {
        const { item } = useAutoRefreshItem(cache, 'a', { initialItem: { step: 1 } })
        const list = useAutoRefreshItems(cache, ['a'])
        return () => h('p', `${item.value?.step ?? '-'} ${list.value.length}`)
      })
    const html = await renderToString(createSSRApp(App(server)))
    expect(html).toBe('<p>1 1</p>')
    expect(server.isRunning).toBe(false)
    expect(server.stats()).toMatchObject({ size: 0, subscribers: 0 })
    const container = document.createElement('div')
    container.innerHTML = html
    createSSRApp(App(client)).mount(container)
    await nextTick()
    expect(container.innerHTML).toBe(html)
    expect(client.isRunning).toBe(true)
    expect(warn).not.toHaveBeenCalled()
    expect(error).not.toHaveBeenCalled()
    await client.stop()
    vi.restoreAllMocks()
  })

  it('A14: in a bare effect scope the subscription begins at once, and ends with the scope', async () => {
    const warn = vi.spyOn(console, 'warn')
    const cache = newCache<Step>()
    cache.getOrCreate('a', { step: 1 })
    const seen: (number | undefined)[] = []
    const scope = effectScope()
    scope.run(() => {
      const { item } = useAutoRefreshItem(cache, 'a')
      watchEffect(() => seen.push(item.value?.step), { flush: 'sync' })
    })
    expect(cache.stats().subscribers).toBe(1)
    cache.update('a', { step: 2 })
    await nextTick()
    expect(seen).toEqual([1, 2])
    scope.stop()
    expect(cache.stats().subscribers).toBe(0)
    expect(warn).not.toHaveBeenCalled()
    warn.mockRestore()
  })

  it('A12, A14: in KeepAlive all ends on deactivation, and comes back on activation', async () => {
    const cache = newCache<Step>()
    cache.getOrCreate('a', { step: 1 })
    const isShown = shallowRef(true)
    const Kept = defineComponent(() => {
      const { item } = useAutoRefreshItem(cache, 'a')
      return () => h('p', item.value?.step)
    })
    const container = document.createElement('div')
    const app = createApp(defineComponent(() => () => h(KeepAlive, () => (isShown.value ? h(Kept) : null))))
    app.mount(container)
    await nextTick()
    expect(cache.stats().subscribers).toBe(1)
    expect(cache.isRunning).toBe(true)
    isShown.value = false
    await nextTick()
    await nextTick()
    expect(cache.stats().subscribers).toBe(0)
    expect(cache.isRunning).toBe(false)
    cache.update('a', { step: 2 })
    isShown.value = true
    await nextTick()
    await nextTick()
    expect(cache.stats().subscribers).toBe(1)
    expect(cache.isRunning).toBe(true)
    expect(container.textContent).toBe('2')
    app.unmount()
    expect(cache.stats().subscribers).toBe(0)
  })

  it('A2, G2: in KeepAlive, what was cleared while it was shown is created anew when it is shown again', async () => {
    const cache = newCache<Step>()
    const isShown = shallowRef(true)
    const Kept = defineComponent(() => {
      const { status } = useAutoRefreshItem(cache, 'a')
      const list = useAutoRefreshItems(cache, ['b'])
      return () => h('p', `${status.value} ${list.value[0]?.status}`)
    })
    const container = document.createElement('div')
    const app = createApp(defineComponent(() => () => h(KeepAlive, () => (isShown.value ? h(Kept) : null))))
    app.mount(container)
    const settle = async (): Promise<void> => {
      for (let turn = 0; turn < 5; turn++) await nextTick()
    }
    await settle()
    await cache.stop()
    cache.clear()
    await settle()
    expect(container.textContent).toBe('missing missing')
    isShown.value = false
    await settle()
    cache.start()
    isShown.value = true
    await settle()
    expect(container.textContent).toBe('pending pending')
    expect([...cache.ids()]).toEqual(['a', 'b'])
    app.unmount()
    await cache.stop()
  })

  it('A5, A13: a component whose vnode is used again shows the present item when it is set up', async () => {
    const cache = newCache<Step>()
    cache.getOrCreate('a', { step: 1 })
    const seen: string[] = []
    const Form = defineComponent(() => {
      const { status } = useAutoRefreshItem(cache, 'a', { create: false })
      seen.push(status.value)
      return () => h('p', status.value)
    })
    const dialog = h(Form)
    const isOpen = shallowRef(true)
    const app = createApp(defineComponent(() => () => h('div', [isOpen.value ? dialog : null])))
    app.mount(document.createElement('div'))
    for (let opening = 0; opening < 3; opening++) {
      isOpen.value = true
      await nextTick()
      isOpen.value = false
      await nextTick()
    }
    expect(seen).toEqual(['active', 'active', 'active'])
    app.unmount()
  })

  it('A14, A15: items are no deep proxies: they are shown as they are', () => {
    class Thing {
      readonly name = 'thing'
    }
    for (const item of [() => 'called', thenable, Object.freeze({ a: 1 }), new Thing(), { deep: {} }]) {
      const cache = newCache<unknown>()
      cache.getOrCreate('a', item)
      effectScope().run(() => {
        expect(useAutoRefreshItem(cache, 'a').item.value).toBe(item)
        expect(useAutoRefreshItems(cache, ['a']).value[0]?.item).toBe(item)
        expect(useAutoRefreshItem(cache, 'a', { select: (snapshot) => snapshot.item }).value).toBe(item)
      })
    }
  })

  it('A6: only what reads a ref whose field changed is run again', async () => {
    const cache = newCache<Step>()
    cache.getOrCreate('a', { step: 1 })
    let runs = 0
    effectScope().run(() => {
      const { status } = useAutoRefreshItem(cache, 'a')
      watchEffect(() => {
        runs += status.value.length > 0 ? 1 : 0
      })
    })
    cache.update('a', { step: 2 })
    await nextTick()
    await nextTick()
    expect(runs).toBe(1)
    cache.delete('a')
    await nextTick()
    await nextTick()
    expect(runs).toBe(2)
  })
})
