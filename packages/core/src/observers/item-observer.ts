import type { AutoRefresh, ItemId, ItemSnapshot } from '../auto-refresh.ts'
import { hydratedOf } from './hydrated.ts'
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
  #attached: Attachment<Item> | undefined = undefined
  /** The target that was given last. */
  #target: ItemTarget<Item> | undefined = undefined
  readonly #retention = new Retention<Item>()
  /** The item that was missing when listening ended: it is not created again if listening resumes (A2). */
  #leftMissing: Attachment<Item> | undefined = undefined

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
      if (attached !== undefined) this.#leftMissing = attached.cache.has(attached.id) ? undefined : attached
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
      return
    }
    if (isOf(previous, cache, id)) return
    const create = isCreated(target) && !isOf(this.#leftMissing, cache, id)
    const activity = [...this.#fields].some(isActivity)
    const end = cache.subscribe(id, this.#tell, { activity, create, initialItem })
    // A listener of events may have ended the observer meanwhile.
    if (isEnded(this.#onChange)) return end()
    this.#attached = { cache, id, create, activity, end }
    this.#leftMissing = undefined
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
    if (enabled && (isOf(this.#attached, cache, id) || isOf(this.#leftMissing, cache, id))) return snapshot
    const isFilled = snapshot.status === 'pending' && enabled && initialItem !== undefined
    if (snapshot.status !== 'missing' && !isFilled) return snapshot
    return this.#expected(target) ?? snapshot
  }

  /** Returns what `hydrate` brought before an initial item, because the server shows the item of its cache first. */
  #initial(target: ItemTarget<Item>): ItemSnapshot<Item> {
    const { cache, id } = target
    if (id === undefined) return MISSING
    return hydratedOf(cache)?.get(id) ?? this.#expected(target) ?? MISSING
  }

  /** Returns the snapshot that the item will have once the observer has attached, if that creates the item. */
  #expected(target: ItemTarget<Item>): ItemSnapshot<Item> | undefined {
    const { cache, initialItem, enabled = true } = target
    return placeholderOf(cache, { initialItem, create: isCreated(target), enabled })
  }

  readonly #note = (field: SnapshotField): void => {
    this.#fields.add(field)
    const attached = this.#attached
    if (!isActivity(field) || attached === undefined || attached.activity) return
    attached.activity = true
    // Reading must not subscribe, because it may happen in a rendering that is thrown away.
    void Promise.resolve().then(() => {
      if (this.#attached !== attached) return
      const { cache, id, end } = attached
      // An item that was removed meanwhile is not created again.
      const create = attached.create && cache.has(id)
      attached.end = cache.subscribe(id, this.#tell, { activity: true, create })
      end()
      this.#tell()
    })
  }
}

function isCreated<Item>({ create, initialItem }: ItemTarget<Item>): boolean {
  return create ?? initialItem !== undefined
}

function isOf<Item>(attachment: Attachment<Item> | undefined, cache: AutoRefresh<Item>, id: ItemId): boolean {
  return attachment?.cache === cache && attachment.id === id
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

interface Attachment<Item> {
  readonly cache: AutoRefresh<Item>
  readonly id: ItemId
  readonly create: boolean
  activity: boolean
  end: () => void
}

/** A function, because the compiler does not know that callbacks may have ended the observer. */
function isEnded(onChange: (() => void) | undefined): boolean {
  return onChange === undefined
}
