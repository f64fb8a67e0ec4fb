import type { AutoRefresh, ItemId, ItemSnapshot } from '../auto-refresh.ts'
import { MISSING } from './missing.ts'
import type { Observer } from './observer.ts'
import { differ, isActivity, track, type SnapshotField } from './tracked-snapshot.ts'

/** What a component wants to show. */
export interface ItemTarget<Item> {
  readonly cache: AutoRefresh<Item>
  /** Undefined: nothing, which shows as `missing`. */
  readonly id: ItemId | undefined
  /** Created, if the id is absent, when the observer attaches; shown until then. */
  readonly initialItem?: Item | undefined
  /** False: not subscribed to, nothing created. Default true. */
  readonly enabled?: boolean | undefined
}

/** What a component makes of a snapshot. */
export interface Selection<Item, Selected> {
  readonly select: (snapshot: ItemSnapshot<Item>) => Selected
  /** Default `Object.is`. */
  readonly equals?: ((previous: Selected, next: Selected) => boolean) | undefined
}

/**
 * One component's view of one item: what framework adapters are built with, over any `AutoRefresh`. Reading has no effect
 * on the cache. `attach` keeps one subscription, to activity only once an activity field was read.
 */
export class ItemObserver<Item, Selected = never> implements Observer<ItemTarget<Item>> {
  readonly #fields = new Set<SnapshotField>()
  #onChange: (() => void) | undefined = undefined
  #shown: Shown<Item> | undefined = undefined
  #selected:
    | { readonly from: ItemSnapshot<Item>; readonly by: unknown; readonly value: Selected }
    | undefined = undefined
  #initial: ItemSnapshot<Item> | undefined = undefined
  #attached: Attachment<Item> | undefined = undefined
  #awaited: ItemTarget<Item> | undefined = undefined

  /**
   * Has `onChange` called after each change that the subscription tells of. Returns what ends that, and the subscription.
   * Bound, so that it can be handed to a framework as it is. Attaches to what was put off.
   *
   * @throws what `getOrCreate` throws
   */
  readonly listen = (onChange: () => void): (() => void) => {
    this.#onChange = onChange
    if (this.#awaited !== undefined) this.attach(this.#awaited)
    return () => {
      this.#onChange = undefined
      this.#detach()
    }
  }

  /** What is to be shown, noting which fields are read of it: the same object until one of them changes. */
  read(target: ItemTarget<Item>): ItemSnapshot<Item> {
    return this.#show(target, this.#current(target))
  }

  /** The same for the first frame of a page that a server rendered: with an `initialItem`, what both sides know. */
  readInitial(target: ItemTarget<Item>): ItemSnapshot<Item> {
    return this.#show(target, this.#placeholder(target) ?? this.#current(target))
  }

  /** One field of it, noted as read. */
  readField<Field extends SnapshotField>(target: ItemTarget<Item>, field: Field): ItemSnapshot<Item>[Field] {
    this.#note(field)
    return this.#current(target)[field]
  }

  /** What the component makes of it: the same value as long as `equals` holds. */
  select(snapshot: ItemSnapshot<Item>, { select, equals = Object.is }: Selection<Item, Selected>): Selected {
    const last = this.#selected
    if (last !== undefined && last.from === snapshot && last.by === select) return last.value
    const selected = select(snapshot)
    const value = last !== undefined && equals(last.value, selected) ? last.value : selected
    this.#selected = { from: snapshot, by: select, value }
    return value
  }

  /**
   * Subscribes to what is to be shown, and only then leaves what was shown before. Creates the item where it is absent
   * and there is an initial one. Does nothing where the same is attached already. While nobody listens it is put off until
   * somebody does.
   *
   * @throws what `getOrCreate` throws
   */
  attach(target: ItemTarget<Item>): void {
    this.#awaited = this.#onChange === undefined ? target : undefined
    if (this.#awaited !== undefined) return
    const previous = this.#attached
    const { cache, id, initialItem, enabled = true } = target
    if (!enabled || id === undefined) {
      this.#detach()
      return
    }
    if (previous?.cache === cache && previous.id === id) return
    // First, for where there is no room for it, nothing is left attached.
    if (initialItem !== undefined && !cache.has(id)) cache.getOrCreate(id, initialItem)
    const activity = [...this.#fields].some(isActivity)
    this.#attached = { cache, id, activity, end: cache.subscribe(id, this.#tell, { activity }) }
    previous?.end()
    // What happened between the last reading and now was told to nobody.
    this.#tell()
  }

  #detach(): void {
    this.#attached?.end()
    this.#attached = undefined
  }

  readonly #tell = (): void => this.#onChange?.()

  #show({ cache, id }: ItemTarget<Item>, snapshot: ItemSnapshot<Item>): ItemSnapshot<Item> {
    const last = this.#shown
    if (last?.cache === cache && last.id === id && !differ(last.snapshot, snapshot, this.#fields)) {
      // What was not read yet is, when it is, as it is now.
      last.snapshot = snapshot
      return last.tracked
    }
    const shown: Shown<Item> = {
      cache,
      id,
      snapshot,
      tracked: track(snapshot, (field) => {
        this.#note(field)
        return shown.snapshot[field]
      }),
    }
    this.#shown = shown
    return shown.tracked
  }

  #current(target: ItemTarget<Item>): ItemSnapshot<Item> {
    const { cache, id, enabled = true } = target
    if (id === undefined) return MISSING
    const snapshot = cache.getSnapshot(id)
    const isAttached = enabled && this.#attached?.cache === cache && this.#attached.id === id
    return snapshot.status !== 'missing' || isAttached ? snapshot : (this.#placeholder(target) ?? snapshot)
  }

  /** The initial item, as it will look when it is created. */
  #placeholder({ cache, id, initialItem }: ItemTarget<Item>): ItemSnapshot<Item> | undefined {
    if (id === undefined || initialItem === undefined || initialItem === null) return undefined
    if (this.#initial === undefined || !Object.is(this.#initial.item, initialItem)) {
      const status = cache.isTerminal(initialItem) ? 'terminal' : 'active'
      this.#initial = { ...MISSING, status, item: initialItem }
    }
    return this.#initial
  }

  #note(field: SnapshotField): void {
    this.#fields.add(field)
    const attached = this.#attached
    if (!isActivity(field) || attached === undefined || attached.activity) return
    attached.activity = true
    // A reading must not subscribe: it may be one of a rendering that is thrown away.
    void Promise.resolve().then(() => {
      if (this.#attached !== attached) return
      const { cache, id, end } = attached
      attached.end = cache.subscribe(id, this.#tell, { activity: true })
      end()
      this.#tell()
    })
  }
}

/** What a component was shown last. */
interface Shown<Item> {
  readonly cache: AutoRefresh<Item>
  readonly id: ItemId | undefined
  /** The newest that differs in no field that was read. */
  snapshot: ItemSnapshot<Item>
  readonly tracked: ItemSnapshot<Item>
}

interface Attachment<Item> {
  readonly cache: AutoRefresh<Item>
  readonly id: ItemId
  activity: boolean
  end: () => void
}
