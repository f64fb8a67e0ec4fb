import type { AutoRefresh, CacheStatus, ItemId, ItemSnapshot } from '@auto-refresh/core'

/** The suite's items. */
export interface Job {
  readonly done: boolean
  readonly step: number
}

/** A component that shows an item as text. */
export interface ItemView {
  readonly cache: AutoRefresh<Job>
  readonly id: ItemId | undefined
  readonly initialItem?: Job | undefined
  readonly create?: boolean | undefined
  readonly enabled?: boolean | undefined
  /** Called while rendering. The component reads of the snapshot what this reads. */
  readonly show: (snapshot: ItemSnapshot<Job>) => string
}

/** The same with a `select`, whose result is shown as JSON. */
export interface SelectView extends Omit<ItemView, 'show'> {
  readonly select: (snapshot: ItemSnapshot<Job>, id: ItemId | undefined) => unknown
  readonly equals?: ((previous: unknown, next: unknown) => boolean) | undefined
}

/** A component that shows a list. */
export interface ListView {
  readonly cache: AutoRefresh<Job>
  readonly ids: readonly ItemId[]
  readonly initialItem?: ((id: ItemId) => Job | undefined) | undefined
  readonly create?: boolean | undefined
  readonly enabled?: boolean | undefined
  readonly select?: ((snapshot: ItemSnapshot<Job>, id: ItemId) => unknown) | undefined
  /** Called while rendering, with the list that the hook returns. */
  readonly show: (list: readonly unknown[]) => string
}

/** A component that shows the ids of a cache. */
export interface IdsView {
  readonly cache: AutoRefresh<Job>
  readonly show: (ids: readonly ItemId[]) => string
}

/** A component that shows the status of a cache. */
export interface StatusView {
  readonly cache: AutoRefresh<Job>
  readonly show: (status: CacheStatus) => string
}

/** A component in a page. */
export interface Mounted<View> {
  text(): string
  /** Number of times that it was rendered. */
  renders(): number
  /** Errors that its error boundary caught. */
  errors(): readonly unknown[]
  update(view: View): Promise<void>
  unmount(): Promise<void>
}

/** A framework, with the operations that the suite needs. */
export interface Driver {
  readonly name: string
  mountItem(view: ItemView): Promise<Mounted<ItemView>>
  mountSelect(view: SelectView): Promise<Mounted<SelectView>>
  mountList(view: ListView): Promise<Mounted<ListView>>
  mountIds(view: IdsView): Promise<Mounted<IdsView>>
  mountStatus(view: StatusView): Promise<Mounted<StatusView>>
  /** Runs `act`, and lets the framework render. */
  act(change: () => void | Promise<void>): Promise<void>
  /** Renders as a server does. Left out if the framework cannot beside a page. */
  readonly renderToString?: (view: ItemView) => Promise<string>
  /** Hydrates a page of the server's markup. Left out if the adapter does not see to what differs. */
  readonly hydrate?: (container: Element, view: HydratedView) => Promise<void>
  /** True if the framework does not tell the adapter that it hydrates: an item is then shown, and created, as by any mount. */
  readonly isHydrationHidden?: boolean
}

/** A page `<main>` with an element `<b>` per id, whose text, `class` and `title` are the item's status and step. */
export interface HydratedView {
  readonly cache: AutoRefresh<Job>
  readonly ids: readonly ItemId[]
  readonly initialItem?: Job | undefined
  /** Shows the ids by the hook for lists. */
  readonly isList?: boolean
}
