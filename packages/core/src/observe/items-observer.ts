import type { AutoRefresh, ItemId, ItemSnapshot } from '../auto-refresh.ts'
import type { Selection } from './item-observer.ts'
import type { Observer } from './observer.ts'
import { differ, isActivity, track, type SnapshotField } from './tracked-snapshot.ts'

/** What a list shows. */
export interface ItemsTarget<Item> {
  readonly cache: AutoRefresh<Item>
  readonly ids: readonly ItemId[]
  /** False: not subscribed to. Default true. */
  readonly enabled?: boolean | undefined
}

/** What a list makes of each snapshot. */
export interface ListSelection<Item, Shown> extends Selection<Item, Shown> {
  /** It shows snapshots as they are, and reads nothing of them. */
  readonly isWhole?: boolean
}

/** One element as it was last shown. */
interface Element<Item, Shown> {
  readonly snapshot: ItemSnapshot<Item>
  readonly by: unknown
  readonly shown: Shown
}

/**
 * One component's view of a list of items. An element keeps its reference while nothing but activity changes in it, and
 * the list while no element does; all changes of a turn are told as one.
 */
export class ItemsObserver<Item, Shown> implements Observer<ItemsTarget<Item>> {
  #onChange: (() => void) | undefined = undefined
  #elements: ReadonlyMap<ItemId, Element<Item, Shown>> = new Map()
  #list: readonly Shown[] = []
  #cache: AutoRefresh<Item> | undefined = undefined
  #subscriptions = new Map<ItemId, () => void>()
  #activity = false
  #readsActivity = false
  #isTold = false
  #awaited: ItemsTarget<Item> | undefined = undefined

  /** Has `onChange` called at the end of a turn in which something changed. Returns what ends that. Attaches to what was put off. */
  readonly listen = (onChange: () => void): (() => void) => {
    this.#onChange = onChange
    if (this.#awaited !== undefined) this.attach(this.#awaited)
    return () => {
      this.#onChange = undefined
      for (const end of this.#subscriptions.values()) end()
      this.#subscriptions.clear()
    }
  }

  /** What is to be shown: of each id what `select` makes of it. */
  read({ cache, ids }: ItemsTarget<Item>, selection: ListSelection<Item, Shown>): readonly Shown[] {
    const { select, equals = Object.is, isWhole = false } = selection
    const elements = new Map<ItemId, Element<Item, Shown>>()
    const list = ids.map((id) => {
      const snapshot = cache.getSnapshot(id)
      const last = elements.get(id) ?? this.#elements.get(id)
      if (last !== undefined && last.snapshot === snapshot && last.by === select) {
        elements.set(id, last)
        return last.shown
      }
      const next = select(isWhole ? snapshot : track(snapshot, (field) => this.#read(snapshot, field)))
      const shown = last !== undefined && equals(last.shown, next) ? last.shown : next
      elements.set(id, { snapshot, by: select, shown })
      return shown
    })
    this.#elements = elements
    const isSame =
      list.length === this.#list.length && list.every((each, index) => Object.is(each, this.#list[index]))
    if (!isSame) this.#list = list
    return this.#list
  }

  /** Subscribes to the ids that are new, and leaves those that are gone. While nobody listens it is put off until somebody does. */
  attach(target: ItemsTarget<Item>): void {
    this.#awaited = this.#onChange === undefined ? target : undefined
    if (this.#awaited !== undefined) return
    const { cache, ids, enabled = true } = target
    const isOther = cache !== this.#cache || this.#activity !== this.#readsActivity
    const previous = this.#subscriptions
    if (isOther) this.#subscriptions = new Map()
    const wanted = new Set(enabled ? ids : [])
    let isNew = false
    this.#cache = cache
    this.#activity = this.#readsActivity
    for (const id of wanted) {
      if (this.#subscriptions.has(id)) continue
      this.#subscriptions.set(id, cache.subscribe(id, this.#tell, { activity: this.#activity }))
      isNew = true
    }
    for (const [id, end] of previous) {
      if (!isOther && wanted.has(id)) continue
      end()
      previous.delete(id)
    }
    if (isNew) this.#onChange?.()
  }

  #read(snapshot: ItemSnapshot<Item>, field: SnapshotField): unknown {
    if (isActivity(field) && !this.#readsActivity) {
      this.#readsActivity = true
      // A reading must not subscribe: it may be one of a rendering that is thrown away.
      void Promise.resolve().then(() => this.#upgrade())
    }
    return snapshot[field]
  }

  readonly #tell = (): void => {
    if (this.#isTold) return
    this.#isTold = true
    void Promise.resolve().then(() => {
      this.#isTold = false
      this.#onChange?.()
    })
  }

  #upgrade(): void {
    if (this.#cache === undefined) return
    this.attach({ cache: this.#cache, ids: [...this.#subscriptions.keys()] })
  }
}

/** What a list without a `select` shows: the snapshots, whose activity fields may be old. */
export const WHOLE: {
  readonly select: <Item>(snapshot: ItemSnapshot<Item>) => ItemSnapshot<Item>
  readonly equals: (previous: ItemSnapshot<unknown>, next: ItemSnapshot<unknown>) => boolean
  readonly isWhole: true
} = {
  select: (snapshot) => snapshot,
  equals: (previous, next) => !differ(previous, next),
  isWhole: true,
}
