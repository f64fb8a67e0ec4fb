/** Number of released objects that are followed: each costs a little memory until it is collected. */
const FOLLOWED = 0.02

/** ms after which a released object must not be held: a running call may hold it as long as it runs. */
const GRACE = 5000

interface Followed {
  readonly kind: string
  readonly reference: WeakRef<object>
  readonly letGoAt: number
}

/** Weak references to released objects. */
export class Collected {
  #followed: Followed[] = []
  /** Number of objects followed so far. */
  count = 0

  /** Follows an object that the cache was told to forget. */
  letGo(kind: string, object: object): void {
    if (Math.random() >= FOLLOWED) return
    this.count += 1
    this.#followed.push({ kind, reference: new WeakRef(object), letGoAt: performance.now() })
  }

  /** Returns the kinds of the objects that are still held after a collection, one name for each. */
  held(grace: number = GRACE): readonly string[] {
    this.#followed = this.#followed.filter(({ reference }) => reference.deref() !== undefined)
    const now = performance.now()
    return this.#followed.filter(({ letGoAt }) => letGoAt + grace < now).map(({ kind }) => kind)
  }
}
