import type { Driver, ItemView, Job, ListView, Mounted, SelectView } from '@auto-refresh/adapter-suite'
import type { AutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItem, useAutoRefreshItems, useAutoRefreshStart } from '@auto-refresh/preact'
import { render, type ComponentChildren, type VNode } from 'preact'
import { useErrorBoundary } from 'preact/hooks'
import { renderToString } from 'preact-render-to-string'
import { act } from 'preact/test-utils'

interface Props<View> {
  readonly view: View
  readonly onRender: () => void
}

function Item({ view, onRender }: Props<ItemView>): VNode {
  const { cache, id, initialItem, enabled, show } = view
  onRender()
  return <>{show(useAutoRefreshItem(cache, id, { initialItem, enabled }))}</>
}

function Selected({ view, onRender }: Props<SelectView>): VNode {
  const { cache, id, initialItem, enabled, select, equals } = view
  onRender()
  return <>{JSON.stringify(useAutoRefreshItem(cache, id, { initialItem, enabled, select, equals }))}</>
}

function Whole({ view, onRender }: Props<ListView>): VNode {
  onRender()
  return <>{view.show(useAutoRefreshItems(view.cache, view.ids, { enabled: view.enabled }))}</>
}

function SelectedList({ view, onRender }: Props<ListView>): VNode {
  onRender()
  const select = view.select ?? ((snapshot) => snapshot)
  return <>{view.show(useAutoRefreshItems(view.cache, view.ids, { enabled: view.enabled, select }))}</>
}

function List(props: Props<ListView>): VNode {
  return props.view.select === undefined ? <Whole {...props} /> : <SelectedList {...props} />
}

function Start({ view }: Props<AutoRefresh<Job>>): VNode {
  useAutoRefreshStart(view)
  return <>running</>
}

interface BoundaryProps {
  readonly onError: (error: unknown) => void
  readonly children: ComponentChildren
}

function Boundary({ onError, children }: BoundaryProps): VNode | null {
  const boundary: readonly [unknown, () => void] = useErrorBoundary(onError)
  return boundary[0] === undefined ? <>{children}</> : null
}

async function mount<View>(Shown: (props: Props<View>) => VNode, view: View): Promise<Mounted<View>> {
  const container = document.createElement('div')
  const errors: unknown[] = []
  let renders = 0
  const draw = (next: View): Promise<void> =>
    act(() => {
      render(
        <Boundary onError={(error) => errors.push(error)}>
          <Shown view={next} onRender={() => (renders += 1)} />
        </Boundary>,
        container,
      )
    })
  await draw(view)
  return {
    text: () => container.textContent,
    renders: () => renders,
    errors: () => errors,
    update: draw,
    unmount: () => act(() => render(null, container)),
  }
}

/** Preact by its own hooks. */
export function preactDriver(name: string): Driver {
  return {
    name,
    mountItem: (view) => mount(Item, view),
    mountSelect: (view) => mount(Selected, view),
    mountList: (view) => mount(List, view),
    mountStart: (cache) => mount(Start, cache),
    act: (change) =>
      act(async () => {
        await change()
        // The cache tells in a microtask, and a list in the one after it.
        for (let job = 0; job < 5; job++) await Promise.resolve()
      }),
    renderToString: (view) =>
      Promise.resolve(renderToString(<Item view={view} onRender={() => undefined} />)),
  }
}
