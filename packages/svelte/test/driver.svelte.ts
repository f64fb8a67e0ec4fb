import type { Driver, HydratedView, ItemView, Mounted } from '@auto-refresh/adapter-suite'
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { flushSync, hydrate, mount, unmount, type Component } from 'svelte'
import { render } from 'svelte/server'
import ServerItem from './views/Item.svelte?on-server'
import ServerPage from './views/HydratedPage.svelte?on-server'
import Boundary from './views/Boundary.svelte'
import HydratedPage from './views/HydratedPage.svelte'
import Ids from './views/Ids.svelte'
import List from './views/List.svelte'
import type { Props } from './views/props.ts'
import Selected from './views/Selected.svelte'
import Status from './views/Status.svelte'

/** The cache tells in a microtask, and Svelte draws in another one. */
async function drawn(): Promise<void> {
  await new VirtualClock().advance(0)
  flushSync()
}

async function mounted<View>(component: Component<Props<View>>, first: View): Promise<Mounted<View>> {
  const target = document.createElement('div')
  const errors: unknown[] = []
  let view = $state.raw(first)
  let renders = 0
  const app = mount(Boundary, {
    target,
    props: {
      component,
      get view() {
        return view as never
      },
      onRender: () => (renders += 1),
      onError: (error: unknown) => errors.push(error),
    },
  })
  await drawn()
  return {
    text: () => target.textContent,
    renders: () => renders,
    errors: () => errors,
    update: (next) => {
      view = next
      return drawn()
    },
    unmount: async () => {
      await unmount(app)
      await drawn()
    },
  }
}

/** The markup of a server whose cache has what the page shows. Only Svelte's marks of blocks are new in it. */
function markupOf(container: Element, view: HydratedView): string {
  const cache = new InMemoryAutoRefresh<{ readonly done: boolean; readonly step: number }>({
    interval: 1000,
    sync: () => [],
  })
  for (const [index, { textContent }] of [...container.querySelectorAll('b')].entries()) {
    const [status, step] = textContent.split(' ')
    if (status !== 'pending') cache.getOrCreate(view.ids[index] ?? '', { done: false, step: Number(step) })
  }
  return render(ServerPage, { props: { view: { ...view, cache } } }).body
}

/** Puts the marks into the page, and keeps its elements. */
function mark(container: Element, view: HydratedView): void {
  const marked = document.createElement('div')
  marked.innerHTML = markupOf(container, view)
  const [main] = container.children
  const [markedMain] = marked.children
  if (main === undefined || markedMain === undefined) throw new Error('There is no page')
  if (main.textContent !== markedMain.textContent.replaceAll(/\s{2,}|^\s|\s$/g, ''))
    throw new Error('The server would show something else')
  main.replaceChildren(...markedMain.childNodes)
  markedMain.replaceWith(main)
  container.replaceChildren(...marked.childNodes)
}

/** Svelte, with a component that shows an item. */
export function svelteDriver(name: string, item: Component<Props<ItemView>>): Driver {
  const act: Driver['act'] = async (change) => {
    await change()
    await drawn()
  }
  return {
    name,
    act,
    mountItem: (view) => mounted(item, view),
    mountSelect: (view) => mounted(Selected, view),
    mountList: (view) => mounted(List, view),
    mountIds: (view) => mounted(Ids, view),
    mountStatus: (view) => mounted(Status, view),
    renderToString: async (view) => {
      const { body } = render(ServerItem, { props: { view, onRender: () => undefined } })
      return body.replaceAll(/<!--.*?-->/g, '')
    },
    isHydrationHidden: true,
    hydrate: async (container, view) => {
      mark(container, view)
      await act(() => void hydrate(HydratedPage, { target: container, props: { view } }))
    },
  }
}
