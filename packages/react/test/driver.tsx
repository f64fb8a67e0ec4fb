import { Component, StrictMode, act, type ReactElement, type ReactNode } from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import type {
  Driver,
  HydratedView,
  IdsView,
  ItemView,
  ListView,
  Mounted,
  SelectView,
  StatusView,
} from '@auto-refresh/adapter-suite'
import type { ItemId } from '@auto-refresh/core'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
} from '@auto-refresh/react'

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
  const { cache, id, show, ...options } = view
  onRender()
  return <>{show(useAutoRefreshItem(cache, id, options))}</>
}

function Selected({ view, onRender }: Props<SelectView>): ReactElement {
  const { cache, id, ...options } = view
  onRender()
  return <>{JSON.stringify(useAutoRefreshItem(cache, id, options))}</>
}

function Whole({ view, onRender }: Props<ListView>): ReactElement {
  const { cache, ids, show, initialItem, create, enabled } = view
  onRender()
  return <>{show(useAutoRefreshItems(cache, ids, { initialItem, create, enabled }))}</>
}

function SelectedList({ view, onRender }: Props<ListView>): ReactElement {
  const { cache, ids, show, select = (snapshot) => snapshot, ...options } = view
  onRender()
  return <>{show(useAutoRefreshItems(cache, ids, { ...options, select }))}</>
}

function List(props: Props<ListView>): ReactElement {
  return props.view.select === undefined ? <Whole {...props} /> : <SelectedList {...props} />
}

function Ids({ view, onRender }: Props<IdsView>): ReactElement {
  onRender()
  return <>{view.show(useAutoRefreshIds(view.cache))}</>
}

function Status({ view, onRender }: Props<StatusView>): ReactElement {
  onRender()
  return <>{view.show(useAutoRefreshStatus(view.cache))}</>
}

function Text({ text }: { readonly text: string }): ReactElement {
  return (
    <b className={text} title={text}>
      {text}
    </b>
  )
}

interface ShownProps extends HydratedView {
  readonly id: ItemId
}

function HydratedItem({ cache, id, initialItem }: ShownProps): ReactElement {
  const { status, item } = useAutoRefreshItem(cache, id, { initialItem })
  return <Text text={`${status} ${item?.step ?? '-'}`} />
}

function HydratedList({ cache, ids, initialItem }: HydratedView): ReactElement {
  const texts = useAutoRefreshItems(cache, ids, {
    initialItem: () => initialItem,
    select: ({ status, item }) => `${status} ${item?.step ?? '-'}`,
  })
  return (
    <main>
      {texts.map((text, index) => (
        <Text key={ids[index]} text={text} />
      ))}
    </main>
  )
}

function HydratedPage(view: HydratedView): ReactElement {
  if (view.isList === true) return <HydratedList {...view} />
  return (
    <main>
      {view.ids.map((id) => (
        <HydratedItem key={id} id={id} {...view} />
      ))}
    </main>
  )
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
    mountIds: (view) => mount(Ids, view),
    mountStatus: (view) => mount(Status, view),
    act: (change) => act(async () => change()),
    renderToString: (view) =>
      Promise.resolve(renderToString(<Item view={view} onRender={() => undefined} />)),
    hydrate: (container, view) => {
      const page = <HydratedPage {...view} />
      return act(async () => {
        hydrateRoot(container, isStrict ? <StrictMode>{page}</StrictMode> : page)
      })
    },
  }
}
