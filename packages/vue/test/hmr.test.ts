import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/vue'
import { expect, it } from 'vitest'
import { createApp, defineComponent, h, nextTick, type DefineSetupFnComponent } from 'vue'

/** The part of Vue's hot reload that is used here; bundlers' plugins call it. */
interface HotReload {
  createRecord(id: string, component: unknown): boolean
  rerender(id: string, render: () => unknown): void
  reload(id: string, component: unknown): void
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTick()
}

it('A18: edits of the template and of the script leave one subscription per composable, and fetch nothing', async () => {
  const hot = Reflect.get(globalThis, '__VUE_HMR_RUNTIME__') as HotReload
  let calls = 0
  const cache = new InMemoryAutoRefresh<number>({
    interval: 1_000_000,
    sync: (batch) => {
      calls += 1
      return batch.map(({ id }) => ({ id, item: 1 }))
    },
  })
  const edit = (edition: number): DefineSetupFnComponent<object> =>
    Object.assign(
      defineComponent(() => {
        const { item } = useAutoRefreshItem(cache, 'a')
        const list = useAutoRefreshItems(cache, ['a', 'b'])
        return () => `${edition}: ${item.value} ${list.value.length}`
      }),
      { __hmrId: 'page' },
    )
  const Page = edit(0)
  hot.createRecord('page', Page)
  const root = document.createElement('div')
  const app = createApp(defineComponent(() => () => h(Page)))
  app.mount(root)
  await settle()
  await settle()
  expect(root.textContent).toBe('0: 1 2')
  for (let edition = 1; edition <= 10; edition++) {
    hot.reload('page', edit(edition))
    await settle()
    expect(cache.stats().subscribers).toBe(3)
    cache.update('a', edition)
    await settle()
    expect(root.textContent).toBe(`${edition}: ${edition} 2`)
  }
  expect(calls).toBe(1)
  expect(cache.isRunning).toBe(true)
  app.unmount()
  await settle()
  expect([cache.stats().subscribers, cache.isRunning]).toEqual([0, false])
})
