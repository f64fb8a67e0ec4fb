import type { AutoRefresh, ItemId, ItemSnapshot } from '../auto-refresh.ts'
import { hydratedOf } from './hydrated.ts'
import { ListSubscriptions } from './list-subscriptions.ts'
import { MISSING } from './missing.ts'
import type { Observer } from './observer.ts'
import { placeholderOf } from './placeholder.ts'
import { Retention } from './retention.ts'
import type { NoSelection, Selection } from './selection.ts'
import { differ, isActivity, TrackedSnapshot, type SnapshotField } from './tracked-snapshot.ts'

/** How a component shows a list of items. */
export interface ItemsOptions<Item> {
  /** First value of an id that is absent or pending, written when the observer attaches; shown until then. */
  readonly initialItem?: ((id: ItemId) => Item | undefined) | undefined
  /** Creates ids that are absent when the observer attaches (P9). False: only looks. */
  readonly create?: boolean | undefined
  /** False: no subscriptions, nothing is created, and the cache is not retained. Default true. */
  readonly enabled?: boolean | undefined
}

/** The items that a component shows, and how. By default, ids that have an initial item are created. */
export interface ItemsTarget<Item> extends ItemsOptions<Item> {
  readonly cache: AutoRefresh<Item>
  /** Must not be changed in place, because the same array is not compared again. */
  readonly ids: readonly ItemId[]
}

/** A list, and what the component derives from each snapshot, if anything. */
type SelectedTarget<Item, Selected> = ItemsTarget<Item> & (Selection<Item, Selected> | NoSelection)

/** One element as it was last shown: its snapshot, or what `by` made of that. */
type Element<Item, Selected> = { readonly snapshot: ItemSnapshot<Item> } & (
  | { readonly by: undefined; readonly shown: ItemSnapshot<Item> }
  | { readonly by: Selection<Item, Selected>['select']; readonly shown: Selected }
)

/** The last reading. */
interface Reading<Item, Selected> {
  readonly cache: AutoRefresh<Item>
  readonly ids: readonly ItemId[]
  readonly by: unknown
  readonly elements: Map<ItemId, Element<Item, Selected>>
}

/**
 * One component's view of a list of items. An element keeps its reference while nothing but activity changes in it, and
 * the list while no element changes; all changes of a turn are told as one. Once attached, a reading costs what changed,
 * a comparison of the ids, and one copy of the list if an element changed.
 */
export class ItemsObserver<Item, Selected = never> implements Observer<
  SelectedTarget<Item, Selected>,
  readonly (ItemSnapshot<Item> | Selected)[]
> {
  readonly #subscriptions = new ListSubscriptions<Item>(() => this.#tell())
  #onChange: (() => void) | undefined = undefined
  #ids: readonly ItemId[] = []
  /** The array that `#ids` was copied from, or one that holds the same. */
  #given: readonly ItemId[] | undefined = undefined
  /** Where each of `#ids` is shown; made when it is first needed. */
  #positions: ReadonlyMap<ItemId, readonly number[]> | undefined = undefined
  #last: Reading<Item, Selected> | undefined = undefined
  #list: readonly (ItemSnapshot<Item> | Selected)[] = []
  /** Snapshots of absent ids until the observer attaches: an initial item that is made anew by each call shows as one. */
  readonly #placeholders = new Map<ItemId, ItemSnapshot<Item> | undefined>()
  #placeholdersFor: ItemsTarget<Item> | undefined = undefined
  #readsActivity = false
  #isTold = false
  #attached: ItemsTarget<Item> | undefined = undefined
  /** The target that was given last. */
  #target: ItemsTarget<Item> | undefined = undefined
  readonly #retention = new Retention<Item>()

  /**
   * Calls `onChange` at the end of a turn in which something changed, until the returned function is called, which also
   * unsubscribes. Bound, so that it can be passed to a framework. Attaches to the target that was given last.
   *
   * @throws what `subscribe` throws
   */
  readonly listen = (onChange: () => void): (() => void) => {
    this.#onChange = onChange
    if (this.#target !== undefined) this.attach(this.#target)
    return () => {
      this.#onChange = undefined
      this.#attached = undefined
      this.#subscriptions.leave()
      this.#retention.end()
    }
  }

  /** Returns the snapshots, or what `select` makes of each: the same list until an element changes. */
  read(target: SelectedTarget<Item, Selected>): readonly (ItemSnapshot<Item> | Selected)[] {
    const { cache } = target
    const ids = this.#intern(target.ids)
    const last = this.#last
    const isSame = last?.cache === cache && last.ids === ids && last.by === target.select
    if (isSame && this.#subscriptions.isFollowing(target, ids)) this.#readChanged(target, last)
    else this.#readAll(target, ids)
    return this.#list
  }

  readInitial(target: SelectedTarget<Item, Selected>): readonly (ItemSnapshot<Item> | Selected)[] {
    const { cache } = target
    const ids = this.#intern(target.ids)
    this.#subscriptions.servedBy = cache
    const known = this.#knownOf(cache)
    const elements = new Map<ItemId, Element<Item, Selected>>()
    const list = ids.map((id) => {
      const element = this.#element(this.#initial(target, id), id, target, known?.get(id))
      elements.set(id, element)
      return element.shown
    })
    this.#keep({ cache, ids, by: target.select, elements }, list)
    return this.#list
  }

  /**
   * Subscribes to the ids that are new, which may create them, and retains the cache; then leaves the ids that are gone.
   * Without a listener it waits for one.
   *
   * @throws what `subscribe` throws; the subscriptions are as before then
   */
  attach(target: ItemsTarget<Item>): void {
    this.#target = target
    if (this.#onChange === undefined) return
    const { cache, initialItem, create, enabled = true } = target
    if (!enabled) {
      this.#attached = target
      this.#subscriptions.stop()
      this.#retention.end()
      return
    }
    const ids = this.#intern(target.ids)
    const activity = this.#readsActivity
    const added = this.#subscriptions.follow({ cache, ids, initialItem, create, activity })
    // A listener of events may have ended the observer meanwhile.
    if (this.#onChange === undefined) return this.#subscriptions.stop()
    this.#attached = target
    this.#retention.keep(cache)
    this.#placeholders.clear()
    // Changes between the last reading and these subscriptions told no listener.
    const { changed } = this.#subscriptions
    for (const id of added) if (this.#isAsShown(cache, id)) changed.delete(id)
    if (added.some((id) => changed.has(id))) this.#onChange?.()
  }

  /** Returns the elements of the last reading. Those of another cache are not compared: they may be another user's. */
  #knownOf(cache: AutoRefresh<Item>): ReadonlyMap<ItemId, Element<Item, Selected>> | undefined {
    return this.#last?.cache === cache ? this.#last.elements : undefined
  }

  #isAsShown(cache: AutoRefresh<Item>, id: ItemId): boolean {
    const shown = this.#knownOf(cache)?.get(id)?.snapshot
    if (shown === undefined) return false
    const snapshot = cache.getSnapshot(id)
    return shown === snapshot || (!this.#readsActivity && !differ(shown, snapshot))
  }

  /** Reads what changed. If `select` throws, all of that is read again next time. */
  #readChanged(target: SelectedTarget<Item, Selected>, { elements, ids }: Reading<Item, Selected>): void {
    const { changed } = this.#subscriptions
    let list: (ItemSnapshot<Item> | Selected)[] | undefined
    for (const id of changed) {
      this.#positions ??= positionsOf(ids)
      const element = this.#element(this.#snapshot(target, id), id, target, elements.get(id))
      elements.set(id, element)
      for (const index of this.#positions.get(id) ?? []) {
        if (Object.is((list ?? this.#list)[index], element.shown)) continue
        list ??= this.#list.slice()
        list[index] = element.shown
      }
    }
    changed.clear()
    if (list !== undefined) this.#list = list
  }

  #readAll(target: SelectedTarget<Item, Selected>, ids: readonly ItemId[]): void {
    const { cache, select: by } = target
    const subscriptions = this.#subscriptions
    const last = this.#knownOf(cache)
    const isFollowed = (id: ItemId): boolean =>
      subscriptions.has(target, id) && !subscriptions.changed.has(id)
    const elements = new Map<ItemId, Element<Item, Selected>>()
    const list = ids.map((id) => {
      const known = elements.get(id) ?? last?.get(id)
      const isUnchanged = known !== undefined && known.by === by && (elements.has(id) || isFollowed(id))
      const element = isUnchanged ? known : this.#element(this.#snapshot(target, id), id, target, known)
      elements.set(id, element)
      return element.shown
    })
    // What is not read here is read anew the next time, because it is not in `#last`.
    subscriptions.changed.clear()
    this.#keep({ cache, ids, by, elements }, list)
  }

  /** Keeps the list if no element changed. */
  #keep(reading: Reading<Item, Selected>, list: readonly (ItemSnapshot<Item> | Selected)[]): void {
    this.#last = reading
    if (!haveSameElements(list, this.#list)) this.#list = list
  }

  #element(
    snapshot: ItemSnapshot<Item>,
    id: ItemId,
    { select, equals = Object.is }: SelectedTarget<Item, Selected>,
    last: Element<Item, Selected> | undefined,
  ): Element<Item, Selected> {
    if (last?.snapshot === snapshot && last.by === select) return last
    if (select === undefined) {
      const isSame = last !== undefined && last.by === undefined && !differ(last.shown, snapshot)
      return { snapshot, by: undefined, shown: isSame ? last.shown : snapshot }
    }
    const { shown } = new TrackedSnapshot(snapshot, this.#note)
    const next = select(shown, id)
    const isSame = last?.by !== undefined && equals(last.shown, next)
    return { snapshot, by: select, shown: isSame ? last.shown : next }
  }

  #snapshot(target: ItemsTarget<Item>, id: ItemId): ItemSnapshot<Item> {
    const { cache, enabled = true } = target
    const snapshot = cache.getSnapshot(id)
    const { status } = snapshot
    if (status !== 'missing' && (status !== 'pending' || !enabled)) return snapshot
    if (this.#subscriptions.has(target, id) || (enabled && this.#subscriptions.isLeftMissing(cache, id)))
      return snapshot
    const placeholder = this.#placeholder(target, id)
    // A pending item that gets no value stays as it is: it may have failed.
    return placeholder === undefined || placeholder.status === status ? snapshot : placeholder
  }

  /** Returns what `hydrate` brought before an initial item, because the server shows the item of its cache first. */
  #initial(target: ItemsTarget<Item>, id: ItemId): ItemSnapshot<Item> {
    return hydratedOf(target.cache)?.get(id) ?? this.#placeholder(target, id) ?? MISSING
  }

  #placeholder(target: ItemsTarget<Item>, id: ItemId): ItemSnapshot<Item> | undefined {
    const { cache, initialItem, create, enabled = true } = target
    const last = this.#placeholdersFor
    const isSame =
      last?.cache === cache &&
      (last.enabled ?? true) === enabled &&
      last.create === create &&
      (last.initialItem === undefined) === (initialItem === undefined)
    if (!isSame) this.#placeholders.clear()
    this.#placeholdersFor = target
    if (!this.#placeholders.has(id)) {
      const first = initialItem?.(id)
      const creation = { initialItem: first, create: create ?? first !== undefined, enabled }
      this.#placeholders.set(id, placeholderOf(cache, creation))
    }
    return this.#placeholders.get(id)
  }

  /** Returns the array that holds these ids already, or else a copy, so that later comparisons are by reference. */
  #intern(ids: readonly ItemId[]): readonly ItemId[] {
    const known = this.#ids
    const isSameArray = ids === this.#given && ids.length === known.length
    this.#given = ids
    if (isSameArray || haveSameElements(ids, known)) return known
    this.#ids = [...ids]
    this.#positions = undefined
    return this.#ids
  }

  readonly #note = (field: SnapshotField): void => {
    if (!isActivity(field) || this.#readsActivity) return
    this.#readsActivity = true
    // Reading must not subscribe, because it may happen in a rendering that is thrown away.
    void Promise.resolve().then(() => {
      if (this.#attached !== undefined) this.attach(this.#attached)
    })
  }

  #tell(): void {
    if (this.#isTold) return
    this.#isTold = true
    void Promise.resolve().then(() => {
      this.#isTold = false
      this.#onChange?.()
    })
  }
}

function haveSameElements(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((each, index) => Object.is(each, others[index]))
}

function positionsOf(ids: readonly ItemId[]): ReadonlyMap<ItemId, readonly number[]> {
  const positions = new Map<ItemId, number[]>()
  for (const [index, id] of ids.entries()) {
    const known = positions.get(id)
    if (known === undefined) positions.set(id, [index])
    else known.push(index)
  }
  return positions
}
