import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'

/** What the suite's items are. */
export interface Job {
  readonly done: boolean
  readonly step: number
}

/** A component that follows an item and shows it as text. */
export interface ItemView {
  readonly cache: AutoRefresh<Job>
  readonly id: ItemId | undefined
  readonly initialItem?: Job | undefined
  readonly enabled?: boolean | undefined
  /** Called while rendering; what it reads of the snapshot is what the component reads. */
  readonly show: (snapshot: ItemSnapshot<Job>) => string
}

/** The same over `select`; shows what it gives as JSON. */
export interface SelectView extends Omit<ItemView, 'show'> {
  readonly select: (snapshot: ItemSnapshot<Job>) => unknown
  readonly equals?: ((previous: unknown, next: unknown) => boolean) | undefined
}

/** A component that follows a list. */
export interface ListView {
  readonly cache: AutoRefresh<Job>
  readonly ids: readonly ItemId[]
  readonly enabled?: boolean | undefined
  readonly select?: ((snapshot: ItemSnapshot<Job>) => unknown) | undefined
  /** Called while rendering, with what the hook gives. */
  readonly show: (list: readonly unknown[]) => string
}

/** A component in a page. */
export interface Mounted<View> {
  text(): string
  /** How often it was rendered. */
  renders(): number
  /** What its error boundary caught. */
  errors(): readonly unknown[]
  update(view: View): Promise<void>
  unmount(): Promise<void>
}

/** What a framework does for the suite. */
export interface Driver {
  readonly name: string
  mountItem(view: ItemView): Promise<Mounted<ItemView>>
  mountSelect(view: SelectView): Promise<Mounted<SelectView>>
  mountList(view: ListView): Promise<Mounted<ListView>>
  /** A component that runs the cache. */
  mountStart(cache: AutoRefresh<Job>): Promise<Mounted<AutoRefresh<Job>>>
  /** Does something, and lets the framework draw what follows from it. */
  act(change: () => void | Promise<void>): Promise<void>
  /** As a server would. */
  renderToString(view: ItemView): Promise<string>
}
