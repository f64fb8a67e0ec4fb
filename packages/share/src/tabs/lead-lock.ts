/** ms until a poke is withdrawn. */
const POKE = 200
/** ms of silence after the lease until the lock is stolen, and ms between two steals by a tab (B6). */
const STEAL_AFTER = 2000
const STEAL_AGAIN = 60_000

/** News of a lead lock. */
export interface LeadEvents {
  granted(): void
  lost(): void
}

/** The lead of a group as a Web Lock: held until it is given up, or the tab is gone. */
export class LeadLock {
  readonly #locks: LockManager
  readonly #name: string
  readonly #lease: number
  readonly #events: LeadEvents
  #request: AbortController | undefined
  /** Gives up the lock that is held. */
  #release: (() => void) | undefined
  #isPoked = false
  #stolenAt = -Infinity

  constructor(locks: LockManager, name: string, lease: number, events: LeadEvents) {
    this.#locks = locks
    this.#name = name
    this.#lease = lease
    this.#events = events
  }

  /** Asks for the lock, and waits for it as long as it takes. */
  stand(): void {
    if (this.#request === undefined) this.#ask(false)
  }

  resign(): void {
    const release = this.#release
    this.#request?.abort()
    this.#request = undefined
    this.#release = undefined
    release?.()
  }

  /** The leader is silent. A plain request evicts a page that keeps the lock in the back/forward cache; else it is robbed. */
  silent(silence: number): void {
    if (this.#request === undefined || this.#release !== undefined) return
    if (silence <= this.#lease + STEAL_AFTER) {
      if (!this.#isPoked) this.#poke()
      this.#isPoked = true
      return
    }
    this.#isPoked = false
    const now = performance.now()
    if (now - this.#stolenAt < STEAL_AGAIN) return
    this.#stolenAt = now
    this.resign()
    this.#ask(true)
  }

  #ask(isSteal: boolean): void {
    const request = new AbortController()
    this.#request = request
    // A request that steals takes no signal.
    const options = isSteal ? { steal: true } : { signal: request.signal }
    const held = this.#locks.request(this.#name, options, (lock) => {
      // A lock that is null is none (B7).
      if (lock === null || request.signal.aborted) return undefined
      const released = new Promise<void>((resolve) => (this.#release = resolve))
      this.#events.granted()
      return released
    })
    held
      .catch(() => undefined)
      .then(() => {
        // It was given up, or withdrawn, by this tab itself.
        if (this.#request !== request) return
        const wasHeld = this.#release !== undefined
        this.#request = undefined
        this.#release = undefined
        if (wasHeld) this.#events.lost()
      })
      .catch(() => undefined)
  }

  #poke(): void {
    const signal = AbortSignal.timeout(POKE)
    this.#locks.request(this.#name, { signal }, () => undefined).catch(() => undefined)
  }
}
