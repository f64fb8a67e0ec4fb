import type { AutoRefresh, ItemId } from '../auto-refresh.ts'

/** What is wanted of a subscription. */
export interface SubscriptionWishes<Item> {
  readonly initialItem: Item | undefined
  readonly create: boolean
  /** True: nothing is created now, because the item was missing before (A2). */
  readonly isLeftMissing: boolean
  readonly activity: boolean
}

/**
 * One subscription of an observer to one id. It is replaced when another one is wanted, but only while the item is there,
 * because then the new one creates nothing, and still has the item created again after a clear (G2).
 */
export class ItemSubscription<Item> {
  readonly cache: AutoRefresh<Item>
  readonly id: ItemId
  readonly create: boolean
  readonly #listener: () => void
  #activity: boolean
  /** True if it is subscribed as is wanted. */
  #isComplete: boolean
  #end: () => void
  /** The seam when the item was last there: a clear replaces it. */
  #seam: unknown
  #isRemoved = false

  /** @throws what `subscribe` throws */
  constructor(cache: AutoRefresh<Item>, id: ItemId, listener: () => void, wishes: SubscriptionWishes<Item>) {
    const { initialItem, create, isLeftMissing, activity } = wishes
    this.cache = cache
    this.id = id
    this.#listener = listener
    this.create = create
    this.#activity = activity
    this.#isComplete = !isLeftMissing
    this.#end = cache.subscribe(id, this.#told, { activity, create: create && !isLeftMissing, initialItem })
    this.#seam = cache.adapterSeam
  }

  /** True if the item is missing, and not because the cache was cleared. */
  get isRemoved(): boolean {
    this.#look()
    return this.#isRemoved
  }

  /** Is told of activity from now on. True if that is new, and changes may have been missed. */
  wantActivity(): boolean {
    if (this.#activity) return false
    this.#activity = true
    this.#isComplete = false
    return this.#complete()
  }

  end(): void {
    this.#end()
  }

  readonly #told = (): void => {
    this.#look()
    this.#complete()
    this.#listener()
  }

  #look(): void {
    const { cache, id } = this
    const seam: unknown = cache.adapterSeam
    if (cache.has(id)) {
      this.#seam = seam
      this.#isRemoved = false
    } else if (this.#seam === seam) this.#isRemoved = true
  }

  #complete(): boolean {
    const { cache, id } = this
    if (this.#isComplete || !cache.has(id)) return false
    const end = this.#end
    this.#isComplete = true
    this.#end = cache.subscribe(id, this.#told, { activity: this.#activity, create: this.create })
    end()
    return true
  }
}
