import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { useAutoRefreshItem } from '@auto-refresh/vue'
import { expect, it, vi } from 'vitest'
import { createSSRApp, defineAsyncComponent, defineComponent, h, type DefineSetupFnComponent } from 'vue'

function badge(cache: InMemoryAutoRefresh<string>, tag: string): DefineSetupFnComponent<object> {
  return defineComponent(() => {
    const { item } = useAutoRefreshItem(cache, 'a', { initialItem: 'queued' })
    return () => h(tag, { class: item.value, title: item.value }, item.value)
  })
}

const markup = (header: string, late: string): string =>
  `<main><h1 class="${header}" title="${header}">${header}</h1><b class="${late}" title="${late}">${late}</b></main>`

it('A13: a component that is hydrated after the page has moved on takes its attributes along', async () => {
  const warn = vi.spyOn(console, 'warn')
  const clock = new VirtualClock()
  const cache = new InMemoryAutoRefresh<string>({
    interval: 1000,
    clock,
    sync: (batch) => batch.map(({ id }) => ({ id, item: 'done' })),
  })
  let begin = (): void => undefined
  const Late = defineAsyncComponent({
    loader: () => Promise.resolve(badge(cache, 'b')),
    hydrate: (hydrate) => {
      begin = hydrate
    },
  })
  const Header = badge(cache, 'h1')
  const root = document.createElement('div')
  root.innerHTML = markup('queued', 'queued')
  document.body.append(root)
  const app = createSSRApp(defineComponent(() => () => h('main', [h(Header), h(Late)])))
  app.mount(root)
  await clock.advance(0)
  expect(root.innerHTML).toBe(markup('done', 'queued'))
  begin()
  await clock.advance(0)
  expect(root.innerHTML).toBe(markup('done', 'done'))
  expect(warn).not.toHaveBeenCalled()
  app.unmount()
  root.remove()
})
