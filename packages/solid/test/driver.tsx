import type { Driver, HydratedView, Mounted } from '@auto-refresh/adapter-suite'
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { createSignal, ErrorBoundary, sharedConfig, type Component } from 'solid-js'
import { hydrate, render } from 'solid-js/web'
import type * as onServer from './on-server.tsx'
import { HydratedPage, Ids, Item, List, Selected, Status, type Props } from './views.tsx'

/** The cache tells in a microtask; Solid draws at once. */
const drawn = (): Promise<void> => new VirtualClock().advance(0)

async function mounted<View>(Shown: Component<Props<View>>, first: View): Promise<Mounted<View>> {
  const container = document.createElement('div')
  const errors: unknown[] = []
  const [view, setView] = createSignal(first)
  let renders = 0
  const fallback = (error: unknown): string => {
    errors.push(error)
    return ''
  }
  const unmount = render(
    () => (
      <ErrorBoundary fallback={fallback}>
        <Shown view={view()} onRender={() => (renders += 1)} />
      </ErrorBoundary>
    ),
    container,
  )
  await drawn()
  return {
    text: () => container.textContent,
    renders: () => renders,
    errors: () => errors,
    update: (next) => {
      setView(() => next)
      return drawn()
    },
    unmount: () => {
      unmount()
      return drawn()
    },
  }
}

/** Puts Solid's marks into the page, as a server does whose cache has what the page shows. Keeps the main element. */
function mark(container: Element, view: HydratedView, { renderPage }: typeof onServer): void {
  const cache = new InMemoryAutoRefresh<{ readonly done: boolean; readonly step: number }>({
    interval: 1000,
    sync: () => [],
  })
  for (const [index, { textContent }] of [...container.querySelectorAll('b')].entries()) {
    const [status, step] = textContent.split(' ')
    if (status !== 'pending') cache.getOrCreate(view.ids[index] ?? '', { done: false, step: Number(step) })
  }
  const marked = document.createElement('div')
  marked.innerHTML = renderPage({ ...view, cache })
  const [main] = container.children
  const [markedMain] = marked.children
  if (main === undefined || markedMain === undefined) throw new Error('There is no page')
  if (main.textContent !== markedMain.textContent) throw new Error('The server would show something else')
  for (const { name, value } of markedMain.attributes) main.setAttribute(name, value)
  main.replaceChildren(...markedMain.childNodes)
  // As the script of a server's page does.
  Object.assign(globalThis, { _$HY: { events: [], completed: new WeakSet(), r: {}, fe: () => undefined } })
  // As in a page that is loaded anew. Solid hydrates only what is in the document.
  Object.assign(sharedConfig, { done: false })
  document.body.replaceChildren(container)
}

/** @param server the components as they are compiled for a server */
export function solidDriver(name: string, server: typeof onServer): Driver {
  const act: Driver['act'] = async (change) => {
    await change()
    await drawn()
  }
  return {
    name,
    act,
    mountItem: (view) => mounted(Item, view),
    mountSelect: (view) => mounted(Selected, view),
    mountList: (view) => mounted(List, view),
    mountIds: (view) => mounted(Ids, view),
    mountStatus: (view) => mounted(Status, view),
    renderToString: async (view) => server.renderItem(view).replaceAll(/<!--.*?-->/g, ''),
    hydrate: async (container, view) => {
      mark(container, view, server)
      await act(() => void hydrate(() => <HydratedPage view={view} />, container))
    },
  }
}
