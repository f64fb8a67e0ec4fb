import type { AutoRefresh, ItemId, ItemSnapshot } from '../auto-refresh.ts'
import { hydratedOf, isDeletedSince } from './hydrated.ts'
import { ItemSubscription } from './item-subscription.ts'
import { MISSING } from './missing.ts'
import type { Observer } from './observer.ts'
import { placeholderOf } from './placeholder.ts'
import { Retention } from './retention.ts'
import type { NoSelection, Selection } from './selection.ts'
import { differ, isActivity, TrackedSnapshot, type SnapshotField } from './tracked-snapshot.ts'

/** How a component shows an item. */
export interface ItemOptions<Item> {
  /** First value of an item that is absent or pending, written when the observer attaches; shown until then. */
  readonly initialItem?: Item | undefined
  /** Creates the item if the id is absent when the observer attaches (P9). False: only looks. */
  readonly create?: boolean | undefined
  /** False: no subscription, nothing is created, and the cache is not retained. Default true. */
  readonly enabled?: boolean | undefined
}

/** The item that a component shows, and how. `create` is true by default if there is an `initialItem`. */
export interface ItemTarget<Item> extends ItemOptions<Item> {
  readonly cache: AutoRefresh<Item>
  /** Undefined: nothing, which is shown as `missing`. */
  readonly id: ItemId | undefined
}

/** The value that a component derives from its item, if any. */
type ItemSelection<Item, Selected> = Selection<Item, Selected, ItemId | undefined> | NoSelection

/**
 * One component's view of one item, for framework adapters, over any `AutoRefresh`. Reading has no effect on the cache.
 * `attach` keeps one subscription, to activity only once an activity field was read.
 */
export class ItemObserver<Item, Selected = never> implements Observer<
  ItemTarget<Item> & ItemSelection<Item, Selected>,
  ItemSnapshot<Item> | Selected
> {
  readonly #fields = new Set<SnapshotField>()
  #onChange: (() => void) | undefined = undefined
  #shown: Shown<Item> | undefined = undefined
  #selected: SelectedValue<Item, Selected> | undefined = undefined
  #attached: ItemSubscription<Item> | undefined = undefined
  /** The target that was given last. */
  #target: ItemTarget<Item> | undefined = undefined
  readonly #retention = new Retention<Item>()
  /** The item that was missing when listening ended: it is not created again if listening resumes (A2). */
  #leftMissing: Place<Item> | undefined = undefined
  /** What was shown as a server had it: if it was deleted since, it is not created again (A2). */
  #served: Place<Item> | undefined = undefined

  /**
   * Calls `onChange` after each change until the returned function is called, which also unsubscribes. Bound, so that it can
   * be passed to a framework. Attaches to the target that was given last.
   *
   * @throws what `subscribe` throws
   */
  readonly listen = (onChange: () => void): (() => void) => {
    this.#onChange = onChange
    if (this.#target !== undefined) this.attach(this.#target)
    return () => {
      this.#onChange = undefined
      const attached = this.#attached
      if (attached !== undefined) this.#leftMissing = attached.isRemoved ? attached : undefined
      this.#detach()
    }
  }

  /**
   * Returns the snapshot to show and notes which fields are read of it: the same object until one of them changes. With
   * `select`, returns what that makes of the snapshot: the same value as long as `equals` holds.
   */
  read(target: ItemTarget<Item> & ItemSelection<Item, Selected>): ItemSnapshot<Item> | Selected {
    return this.#select(target, this.#show(target, this.#current(target)))
  }

  readInitial(target: ItemTarget<Item> & ItemSelection<Item, Selected>): ItemSnapshot<Item> | Selected {
    return this.#select(target, this.#show(target, this.#initial(target)))
  }

  /**
   * Subscribes to the target, which may create its item, and retains its cache; then leaves the previous one. Has no effect
   * if the target is attached already. Without a listener it waits for one.
   *
   * @throws what `subscribe` throws; nothing is left attached to the target then
   */
  attach(target: ItemTarget<Item>): void {
    this.#target = target
    if (this.#onChange === undefined) return
    const previous = this.#attached
    const { cache, id, initialItem, enabled = true } = target
    if (!enabled || id === undefined) {
      this.#detach()
      this.#leftMissing = undefined
      this.#served = undefined
      return
    }
    if (this.#isFollowed(target, id)) return
    const attached = new ItemSubscription(cache, id, this.#tell, {
      initialItem,
      create: isCreated(target),
      isLeftMissing: this.#isLeftMissing(cache, id),
      activity: [...this.#fields].some(isActivity),
    })
    // A listener of events may have ended the observer meanwhile.
    if (isEnded(this.#onChange)) return attached.end()
    this.#attached = attached
    this.#leftMissing = undefined
    this.#served = undefined
    this.#retention.keep(cache)
    previous?.end()
    // Changes between the last reading and this subscription told no listener.
    const shown = this.#shown
    const isShown = shown?.cache === cache && shown.id === id
    if (!isShown || differ(shown.tracked.snapshot, this.#current(target), this.#fields)) this.#tell()
  }

  #select(
    { cache, id, select, equals = Object.is }: ItemTarget<Item> & ItemSelection<Item, Selected>,
    snapshot: ItemSnapshot<Item>,
  ): ItemSnapshot<Item> | Selected {
    if (select === undefined) return snapshot
    const last = this.#selected
    if (last !== undefined && last.from === snapshot && last.by === select) return last.value
    const selected = select(snapshot, id)
    // A value of another item, or of another cache, is not compared: it may be another user's.
    const isOfSame = last?.cache === cache && last.id === id
    const value = isOfSame && equals(last.value, selected) ? last.value : selected
    this.#selected = { cache, id, from: snapshot, by: select, value }
    return value
  }

  #detach(): void {
    this.#attached?.end()
    this.#attached = undefined
    this.#retention.end()
  }

  readonly #tell = (): void => this.#onChange?.()

  #show({ cache, id }: ItemTarget<Item>, snapshot: ItemSnapshot<Item>): ItemSnapshot<Item> {
    const last = this.#shown
    if (last?.cache === cache && last.id === id && !differ(last.tracked.snapshot, snapshot, this.#fields)) {
      // A field that is first read later has its value of then.
      last.tracked.snapshot = snapshot
      return last.tracked.shown
    }
    const tracked = new TrackedSnapshot(snapshot, this.#note)
    this.#shown = { cache, id, tracked }
    return tracked.shown
  }

  #current(target: ItemTarget<Item>): ItemSnapshot<Item> {
    const { cache, id, initialItem, enabled = true } = target
    if (id === undefined) return MISSING
    const snapshot = cache.getSnapshot(id)
    if (enabled && (this.#isFollowed(target, id) || this.#isLeftMissing(cache, id))) return snapshot
    const isFilled = snapshot.status === 'pending' && enabled && initialItem !== undefined
    if (snapshot.status !== 'missing' && !isFilled) return snapshot
    return this.#expected(target) ?? snapshot
  }

  /** Returns what `hydrate` brought before an initial item, because the server shows the item of its cache first. */
  #initial(target: ItemTarget<Item>): ItemSnapshot<Item> {
    const { cache, id } = target
    if (id === undefined) return MISSING
    const hydrated = hydratedOf(cache)?.get(id)
    if (hydrated !== undefined) this.#served = { cache, id }
    return hydrated ?? this.#expected(target) ?? MISSING
  }

  /** False, too, if `create` has turned true since the observer attached. */
  #isFollowed(target: ItemTarget<Item>, id: ItemId): boolean {
    const attached = this.#attached
    return isOf(attached, target.cache, id) && (attached.create || target.create !== true)
  }

  #isLeftMissing(cache: AutoRefresh<Item>, id: ItemId): boolean {
    return isOf(this.#leftMissing, cache, id) || (isOf(this.#served, cache, id) && isDeletedSince(cache, id))
  }

  /** Returns the snapshot that the item will have once the observer has attached, if that creates the item. */
  #expected(target: ItemTarget<Item>): ItemSnapshot<Item> | undefined {
    const { cache, initialItem, enabled = true } = target
    return placeholderOf(cache, { initialItem, create: isCreated(target), enabled })
  }

  readonly #note = (field: SnapshotField): void => {
    this.#fields.add(field)
    const attached = this.#attached
    if (!isActivity(field) || attached === undefined) return
    // Reading must not subscribe, because it may happen in a rendering that is thrown away.
    void Promise.resolve().then(() => {
      if (this.#attached === attached && attached.wantActivity()) this.#tell()
    })
  }
}

function isCreated<Item>({ create, initialItem }: ItemTarget<Item>): boolean {
  return create ?? initialItem !== undefined
}

function isOf<Item, Of extends Place<Item>>(
  place: Of | undefined,
  cache: AutoRefresh<Item>,
  id: ItemId,
): place is Of {
  return place?.cache === cache && place.id === id
}

/** An id of a cache. */
interface Place<Item> {
  readonly cache: AutoRefresh<Item>
  readonly id: ItemId
}

/** The snapshot that a component was shown last. */
interface Shown<Item> {
  readonly cache: AutoRefresh<Item>
  readonly id: ItemId | undefined
  /** Of the newest snapshot that differs in no field that was read. */
  readonly tracked: TrackedSnapshot<Item>
}

/** What `by` made of the snapshot `from`. */
interface SelectedValue<Item, Selected> {
  readonly cache: AutoRefresh<Item>
  readonly id: ItemId | undefined
  readonly from: ItemSnapshot<Item>
  readonly by: unknown
  readonly value: Selected
}

/** A function, because the compiler does not know that callbacks may have ended the observer. */
function isEnded(onChange: (() => void) | undefined): boolean {
  return onChange === undefined
}
