import type { AutoRefresh, ItemId } from '../auto-refresh.ts'

/** The ids that a list follows, and how. */
export interface Following<Item> {
  readonly cache: AutoRefresh<Item>
  readonly ids: readonly ItemId[]
  readonly initialItem: ((id: ItemId) => Item | undefined) | undefined
  /** Undefined: creates the ids that have an initial item. */
  readonly create: boolean | undefined
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
  readonly #onChange: () => void
  #following: Following<Item> | undefined = undefined
  #ends = new Map<ItemId, () => void>()
  /** Ids that were missing when the list was left: it does not create them when it comes back (A2). */
  #leftMissing: { readonly cache: AutoRefresh<Item>; readonly ids: ReadonlySet<ItemId> } | undefined =
    undefined

  /** @param onChange called after each change of an id, in a microtask */
  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  /** True if it follows exactly this array of ids. */
  isFollowing(cache: AutoRefresh<Item>, ids: readonly ItemId[]): boolean {
    return this.#following?.cache === cache && this.#following.ids === ids
  }

  has(cache: AutoRefresh<Item>, id: ItemId): boolean {
    return this.#following?.cache === cache && this.#ends.has(id)
  }

  isLeftMissing(cache: AutoRefresh<Item>, id: ItemId): boolean {
    return this.#leftMissing?.cache === cache && this.#leftMissing.ids.has(id)
  }

  /**
   * Subscribes to the ids that are new, then leaves those that are gone. Returns the new ones.
   *
   * @throws what `subscribe` throws; the subscriptions are as before then
   */
  follow(next: Following<Item>): readonly ItemId[] {
    const last = this.#following
    const isKept = last?.cache === next.cache && last.activity === next.activity
    if (isKept && last.ids === next.ids) return []
    const previous = this.#ends
    const ends = new Map<ItemId, () => void>()
    const added: ItemId[] = []
    try {
      for (const id of next.ids) {
        if (ends.has(id)) continue
        const kept = isKept ? previous.get(id) : undefined
        ends.set(id, kept ?? this.#subscribe(next, id))
        if (kept === undefined) added.push(id)
      }
    } catch (error) {
      for (const id of added) ends.get(id)?.()
      throw error
    }
    this.#following = next
    this.#ends = ends
    this.#leftMissing = undefined
    for (const [id, end] of previous) {
      if (ends.get(id) === end) continue
      end()
      this.changed.delete(id)
    }
    // Changes between the last reading and these subscriptions told no listener.
    for (const id of added) this.changed.add(id)
    return added
  }

  /** Ends all subscriptions for now, and notes which ids are missing. */
  leave(): void {
    const cache = this.#following?.cache
    if (cache === undefined) return
    const missing = [...this.#ends.keys()].filter((id) => !cache.has(id))
    this.stop()
    this.#leftMissing = { cache, ids: new Set(missing) }
  }

  /** Ends all subscriptions. */
  stop(): void {
    for (const end of this.#ends.values()) end()
    this.#ends.clear()
    this.changed.clear()
    this.#following = undefined
    this.#leftMissing = undefined
  }

  #subscribe({ cache, initialItem, create, activity }: Following<Item>, id: ItemId): () => void {
    const listener = (): void => {
      this.changed.add(id)
      this.#onChange()
    }
    const first = initialItem?.(id)
    const isWanted = (create ?? first !== undefined) && !this.isLeftMissing(cache, id)
    // A subscription that replaces another one does not create what was removed meanwhile.
    const isCreated = isWanted && (!this.has(cache, id) || cache.has(id))
    return cache.subscribe(id, listener, { activity, create: isCreated, initialItem: first })
  }
}
