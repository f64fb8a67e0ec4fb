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
} from '@auto-refresh/preact'
import { hydrate, render, type ComponentChildren, type VNode } from 'preact'
import { useErrorBoundary } from 'preact/hooks'
import { renderToString } from 'preact-render-to-string'
import { act } from 'preact/test-utils'

interface Props<View> {
  readonly view: View
  readonly onRender: () => void
}

function Item({ view, onRender }: Props<ItemView>): VNode {
  const { cache, id, show, ...options } = view
  onRender()
  return <>{show(useAutoRefreshItem(cache, id, options))}</>
}

function Selected({ view, onRender }: Props<SelectView>): VNode {
  const { cache, id, ...options } = view
  onRender()
  return <>{JSON.stringify(useAutoRefreshItem(cache, id, options))}</>
}

function Whole({ view, onRender }: Props<ListView>): VNode {
  const { cache, ids, show, initialItem, create, enabled } = view
  onRender()
  return <>{show(useAutoRefreshItems(cache, ids, { initialItem, create, enabled }))}</>
}

function SelectedList({ view, onRender }: Props<ListView>): VNode {
  const { cache, ids, show, select = (snapshot) => snapshot, ...options } = view
  onRender()
  return <>{show(useAutoRefreshItems(cache, ids, { ...options, select }))}</>
}

function List(props: Props<ListView>): VNode {
  return props.view.select === undefined ? <Whole {...props} /> : <SelectedList {...props} />
}

function Ids({ view, onRender }: Props<IdsView>): VNode {
  onRender()
  return <>{view.show(useAutoRefreshIds(view.cache))}</>
}

function Status({ view, onRender }: Props<StatusView>): VNode {
  onRender()
  return <>{view.show(useAutoRefreshStatus(view.cache))}</>
}

function Text({ text }: { readonly text: string }): VNode {
  return (
    <b class={text} title={text}>
      {text}
    </b>
  )
}

interface ShownProps extends HydratedView {
  readonly id: ItemId
}

function HydratedItem({ cache, id, initialItem }: ShownProps): VNode {
  const { status, item } = useAutoRefreshItem(cache, id, { initialItem })
  return <Text text={`${status} ${item?.step ?? '-'}`} />
}

function HydratedList({ cache, ids, initialItem }: HydratedView): VNode {
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

function HydratedPage(view: HydratedView): VNode {
  if (view.isList === true) return <HydratedList {...view} />
  return (
    <main>
      {view.ids.map((id) => (
        <HydratedItem key={id} id={id} {...view} />
      ))}
    </main>
  )
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
    mountIds: (view) => mount(Ids, view),
    mountStatus: (view) => mount(Status, view),
    act: (change) =>
      act(async () => {
        await change()
        // The cache tells in a microtask, and a list in the one after it.
        for (let job = 0; job < 5; job++) await Promise.resolve()
      }),
    renderToString: (view) =>
      Promise.resolve(renderToString(<Item view={view} onRender={() => undefined} />)),
    hydrate: (container, view) => act(() => hydrate(<HydratedPage {...view} />, container)),
  }
}
