import type { AutoRefresh, ItemId } from '../auto-refresh.ts'
import { isDeletedSince } from './hydrated.ts'
import { ItemSubscription } from './item-subscription.ts'

/** The ids that a list follows, and how. */
export interface Following<Item> {
  readonly cache: AutoRefresh<Item>
  readonly ids: readonly ItemId[]
  readonly initialItem: ((id: ItemId) => Item | undefined) | undefined
  /** Undefined: creates the ids that have an initial item. */
  readonly create?: boolean | undefined
  /** True: also told of activity. */
  readonly activity: boolean
}

/**
 * One subscription per id of a list. Invariant: the snapshot of an id that is followed and not in `changed` is as it was
 * when the list was last read, except for activity if `activity` is false.
 */
export class ListSubscriptions<Item> {
  /** Followed ids that may have changed since they were last read. The reader removes what it has read. */
  readonly changed: Set<ItemId> = new Set()
  /** The cache of which the list was shown as a server had it: what was deleted since is not created again (A2). */
  servedBy: AutoRefresh<Item> | undefined = undefined
  readonly #onChange: () => void
  #following: Following<Item> | undefined = undefined
  #followed: ReadonlyMap<ItemId, ItemSubscription<Item>> = new Map<ItemId, ItemSubscription<Item>>()
  /** Ids that were missing when the list was left: it does not create them when it comes back (A2). */
  #leftMissing: { readonly cache: AutoRefresh<Item>; readonly ids: ReadonlySet<ItemId> } | undefined =
    undefined

  /** @param onChange called after each change of an id, in a microtask */
  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  /** True if it follows exactly this array of ids. */
  isFollowing(target: Pick<Following<Item>, 'cache' | 'create'>, ids: readonly ItemId[]): boolean {
    return this.#isOf(target) && this.#following?.ids === ids
  }

  has(target: Pick<Following<Item>, 'cache' | 'create'>, id: ItemId): boolean {
    return this.#isOf(target) && this.#followed.has(id)
  }

  isLeftMissing(cache: AutoRefresh<Item>, id: ItemId): boolean {
    if (this.servedBy === cache && isDeletedSince(cache, id)) return true
    return this.#leftMissing?.cache === cache && this.#leftMissing.ids.has(id)
  }

  /**
   * Subscribes to the ids that are new, then leaves those that are gone. Returns the new ones.
   *
   * @throws what `subscribe` throws; the subscriptions are as before then
   */
  follow(next: Following<Item>): readonly ItemId[] {
    const last = this.#following
    const isKept = this.#isOf(next)
    if (isKept && last?.activity === next.activity && last.ids === next.ids) return []
    const previous = this.#followed
    const followed = new Map<ItemId, ItemSubscription<Item>>()
    const added: ItemId[] = []
    try {
      for (const id of next.ids) {
        if (followed.has(id)) continue
        const kept = isKept ? previous.get(id) : undefined
        followed.set(id, kept ?? this.#subscribe(next, id))
        if (kept === undefined) added.push(id)
      }
    } catch (error) {
      for (const id of added) followed.get(id)?.end()
      throw error
    }
    this.#following = next
    this.#followed = followed
    this.#leftMissing = undefined
    this.servedBy = undefined
    for (const [id, subscription] of previous) {
      if (followed.get(id) === subscription) continue
      subscription.end()
      this.changed.delete(id)
    }
    for (const [id, subscription] of followed) {
      if (next.activity && subscription.wantActivity()) added.push(id)
    }
    // Changes between the last reading and these subscriptions told no listener.
    for (const id of added) this.changed.add(id)
    return added
  }

  /** Ends all subscriptions for now, and notes which ids are missing. */
  leave(): void {
    const cache = this.#following?.cache
    if (cache === undefined) return
    const missing = [...this.#followed].filter(([, { isRemoved }]) => isRemoved)
    this.stop()
    this.#leftMissing = { cache, ids: new Set(missing.map(([id]) => id)) }
  }

  /** Ends all subscriptions. */
  stop(): void {
    for (const subscription of this.#followed.values()) subscription.end()
    this.#followed = new Map<ItemId, ItemSubscription<Item>>()
    this.changed.clear()
    this.#following = undefined
    this.#leftMissing = undefined
    this.servedBy = undefined
  }

  /** False, too, if `create` has turned true since it was given. */
  #isOf({ cache, create }: Pick<Following<Item>, 'cache' | 'create'>): boolean {
    const following = this.#following
    return following?.cache === cache && (following.create !== false || create !== true)
  }

  #subscribe({ cache, initialItem, create, activity }: Following<Item>, id: ItemId): ItemSubscription<Item> {
    const listener = (): void => {
      this.changed.add(id)
      this.#onChange()
    }
    const first = initialItem?.(id)
    return new ItemSubscription(cache, id, listener, {
      initialItem: first,
      create: create ?? first !== undefined,
      isLeftMissing: this.isLeftMissing(cache, id),
      activity,
    })
  }
}
