import type { ItemId, ItemSnapshot } from '../auto-refresh.ts'

/** A value that a component derives from a snapshot. */
export interface Selection<Item, Selected, Id = ItemId> {
  readonly select: (snapshot: ItemSnapshot<Item>, id: Id) => Selected
  /** Decides if the value is still the same. Default `Object.is`. */
  readonly equals?: ((previous: Selected, next: Selected) => boolean) | undefined
}

/** The options of a component that shows snapshots as they are. */
export interface NoSelection {
  readonly select?: undefined
  readonly equals?: undefined
}
