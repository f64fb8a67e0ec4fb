import type {
  HydratedView,
  IdsView,
  ItemView,
  Job,
  ListView,
  SelectView,
  StatusView,
} from '@auto-refresh/adapter-suite'
import type { ItemId, ItemSnapshot } from '@auto-refresh/core'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
} from '@auto-refresh/solid'
import { For, Index, type Accessor, type JSX } from 'solid-js'

/** What the suite gives to a component. */
export interface Props<View> {
  readonly view: View
  readonly onRender: () => void
}

interface Given<Initial> {
  readonly initialItem?: Initial
  readonly create?: boolean | undefined
  readonly enabled?: boolean | undefined
}

/** Options that follow a view. */
function optionsOf<Initial>(view: () => Given<Initial>): {
  readonly initialItem: Initial | undefined
  readonly create: boolean | undefined
  readonly enabled: boolean | undefined
} {
  return {
    get initialItem() {
      return view().initialItem
    },
    get create() {
      return view().create
    },
    get enabled() {
      return view().enabled
    },
  }
}

/** Text that counts how often it is made. */
function drawn<View>(props: Props<View>, text: () => string): JSX.Element {
  const draw = (): string => {
    props.onRender()
    return text()
  }
  return <>{draw()}</>
}

export function Item(props: Props<ItemView>): JSX.Element {
  const shown = useAutoRefreshItem(
    props.view.cache,
    () => props.view.id,
    optionsOf(() => props.view),
  )
  return drawn(props, () => props.view.show(shown()))
}

export function Selected(props: Props<SelectView>): JSX.Element {
  const { cache, select, equals } = props.view
  const shown = useAutoRefreshItem(cache, () => props.view.id, { select, equals })
  return drawn(props, () => JSON.stringify(shown()))
}

export function List(props: Props<ListView>): JSX.Element {
  const { cache, select } = props.view
  const ids = (): readonly ItemId[] => props.view.ids
  const options = optionsOf(() => props.view)
  const shown: Accessor<readonly unknown[]> =
    select === undefined
      ? useAutoRefreshItems(cache, ids, options)
      : useAutoRefreshItems(cache, ids, Object.assign(options, { select }))
  return drawn(props, () => props.view.show(shown()))
}

export function Ids(props: Props<IdsView>): JSX.Element {
  const shown = useAutoRefreshIds(props.view.cache)
  return drawn(props, () => props.view.show(shown()))
}

export function Status(props: Props<StatusView>): JSX.Element {
  const shown = useAutoRefreshStatus(props.view.cache)
  return drawn(props, () => props.view.show(shown()))
}

const textOf = ({ status, item }: ItemSnapshot<Job>): string => `${status} ${item?.step ?? '-'}`

function HydratedItem(props: { readonly view: HydratedView; readonly id: ItemId }): JSX.Element {
  const { cache, initialItem } = props.view
  const job = useAutoRefreshItem(cache, () => props.id, { initialItem })
  return (
    <b class={textOf(job())} title={textOf(job())}>
      {textOf(job())}
    </b>
  )
}

function HydratedList(props: { readonly view: HydratedView }): JSX.Element {
  const { cache, ids, initialItem } = props.view
  const texts = useAutoRefreshItems(cache, () => ids, { initialItem: () => initialItem, select: textOf })
  return (
    <Index each={texts()}>
      {(text) => (
        <b class={text()} title={text()}>
          {text()}
        </b>
      )}
    </Index>
  )
}

export function HydratedPage(props: { readonly view: HydratedView }): JSX.Element {
  return (
    <main>
      {props.view.isList === true ? (
        <HydratedList view={props.view} />
      ) : (
        <For each={props.view.ids}>{(id) => <HydratedItem view={props.view} id={id} />}</For>
      )}
    </main>
  )
}
