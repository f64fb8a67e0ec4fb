import { Component, StrictMode, act, type ReactElement, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import type { Driver, ItemView, Job, ListView, Mounted, SelectView } from '@auto-refresh/adapter-suite'
import type { AutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItem, useAutoRefreshItems, useAutoRefreshStart } from '@auto-refresh/react'

Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true)

class Boundary extends Component<
  { readonly onError: (error: unknown) => void; readonly children: ReactNode },
  { readonly hasFailed: boolean }
> {
  override state = { hasFailed: false }

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true }
  }

  override componentDidCatch(error: unknown): void {
    this.props.onError(error)
  }

  override render(): ReactNode {
    return this.state.hasFailed ? null : this.props.children
  }
}

interface Props<View> {
  readonly view: View
  readonly onRender: () => void
}

export function Item({ view, onRender }: Props<ItemView>): ReactElement {
  const { cache, id, initialItem, enabled, show } = view
  onRender()
  return <>{show(useAutoRefreshItem(cache, id, { initialItem, enabled }))}</>
}

function Selected({ view, onRender }: Props<SelectView>): ReactElement {
  const { cache, id, initialItem, enabled, select, equals } = view
  onRender()
  return <>{JSON.stringify(useAutoRefreshItem(cache, id, { initialItem, enabled, select, equals }))}</>
}

function Whole({ view, onRender }: Props<ListView>): ReactElement {
  onRender()
  return <>{view.show(useAutoRefreshItems(view.cache, view.ids, { enabled: view.enabled }))}</>
}

function SelectedList({ view, onRender }: Props<ListView>): ReactElement {
  onRender()
  const select = view.select ?? ((snapshot) => snapshot)
  return <>{view.show(useAutoRefreshItems(view.cache, view.ids, { enabled: view.enabled, select }))}</>
}

function List(props: Props<ListView>): ReactElement {
  return props.view.select === undefined ? <Whole {...props} /> : <SelectedList {...props} />
}

function Start({ view }: Props<AutoRefresh<Job>>): ReactElement {
  useAutoRefreshStart(view)
  return <>running</>
}

/** React, with or without its double effects. */
export function reactDriver(name: string, isStrict: boolean): Driver {
  async function mount<View>(
    Shown: (props: Props<View>) => ReactElement,
    view: View,
  ): Promise<Mounted<View>> {
    const container = document.createElement('div')
    const errors: unknown[] = []
    const root = createRoot(container)
    let renders = 0
    const draw = (next: View): Promise<void> =>
      act(async () => {
        const page = (
          <Boundary onError={(error) => errors.push(error)}>
            <Shown view={next} onRender={() => (renders += 1)} />
          </Boundary>
        )
        root.render(isStrict ? <StrictMode>{page}</StrictMode> : page)
      })
    await draw(view)
    return {
      text: () => container.textContent,
      // StrictMode renders twice each time.
      renders: () => (isStrict ? renders / 2 : renders),
      errors: () => errors,
      update: draw,
      unmount: () => act(async () => root.unmount()),
    }
  }
  return {
    name,
    mountItem: (view) => mount(Item, view),
    mountSelect: (view) => mount(Selected, view),
    mountList: (view) => mount(List, view),
    mountStart: (cache) => mount(Start, cache),
    act: (change) => act(async () => change()),
    renderToString: (view) =>
      Promise.resolve(renderToString(<Item view={view} onRender={() => undefined} />)),
  }
}
