import type { ItemId, ItemSnapshot } from '../auto-refresh.ts'
import { differ } from './tracked-snapshot.ts'

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

/** A value that a list derives from each snapshot. */
export interface ListSelection<Item, Shown> extends Selection<Item, Shown> {
  /** True if `select` returns snapshots as they are and reads nothing of them. */
  readonly isWhole?: boolean
}

/** The selection of a list without a `select`: the snapshots, whose activity fields may be old. */
export const WHOLE: {
  readonly select: <Item>(snapshot: ItemSnapshot<Item>) => ItemSnapshot<Item>
  readonly equals: (previous: ItemSnapshot<unknown>, next: ItemSnapshot<unknown>) => boolean
  readonly isWhole: true
} = {
  select: (snapshot) => snapshot,
  equals: (previous, next) => !differ(previous, next),
  isWhole: true,
}
