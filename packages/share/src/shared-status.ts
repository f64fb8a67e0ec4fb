import type { CacheStatus } from '@auto-refresh/core'
import { tell } from './tell.ts'
import { receiveError } from './protocol/errors.ts'
import type { SharedStatus } from './protocol/message.ts'

/** The status of a shared cache (K17): `state` is the member's own, the rest the leader's while there is one. */
export class StatusView {
  readonly #own: () => CacheStatus
  readonly #listeners = new Set<() => void>()
  #shared: Omit<CacheStatus, 'state'> | undefined
  #shown: CacheStatus | undefined
  #toldStatus: CacheStatus | undefined
  #isQueued = false

  /** @param own the status of the member's own cache */
  constructor(own: () => CacheStatus) {
    this.#own = own
  }

  /** Returns the same object until something in it changes (G4). */
  get(): CacheStatus {
    const own = this.#own()
    const next: CacheStatus = { ...own, ...this.#shared }
    const shown = this.#shown
    if (shown !== undefined && !differs(shown, next) && shown.lastSuccessAt === next.lastSuccessAt)
      return shown
    this.#shown = next
    return next
  }

  /** The status that the leader tells. @param epoch wall clock, ms */
  told({ isOutage, error, success, retry }: SharedStatus, epoch: number): void {
    const last = this.#shared
    // A time that is sent twice differs by the latency: the earlier one stays.
    const lastSuccessAt = success === undefined ? undefined : Math.round(epoch - success)
    const retryAt = retry === undefined ? undefined : Math.round(epoch + retry)
    this.#shared = {
      isOutage,
      error: sameError(last?.error, error) ? last?.error : error && receiveError(error),
      lastSuccessAt,
      retryAt: isNear(last?.retryAt, retryAt) ? last?.retryAt : retryAt,
    }
    this.changed()
  }

  /** The part that a leader told; undefined: none was heard. */
  get shared(): Omit<CacheStatus, 'state'> | undefined {
    return this.#shared
  }

  /** The leader is gone, and its next call with it. */
  unplanned(): void {
    if (this.#shared === undefined) return
    this.#shared = { ...this.#shared, retryAt: undefined }
    this.changed()
  }

  /** There is no leader any more. */
  forget(): void {
    this.#shared = undefined
    this.changed()
  }

  subscribe(listener: () => void): () => void {
    this.#toldStatus = this.get()
    const call = (): void => listener()
    this.#listeners.add(call)
    return () => this.#listeners.delete(call)
  }

  /** Tells the listeners in a microtask, if something besides `lastSuccessAt` is new. */
  changed(): void {
    if (this.#isQueued || this.#listeners.size === 0) return
    this.#isQueued = true
    void Promise.resolve().then(() => {
      this.#isQueued = false
      const [told, now] = [this.#toldStatus, this.get()]
      this.#toldStatus = now
      if (told !== undefined && !differs(told, now)) return
      for (const listener of [...this.#listeners]) if (this.#listeners.has(listener)) tell(listener)
    })
  }
}

/** ms by which a time may differ that was sent twice. */
const LATENCY = 1000

function isNear(a: number | undefined, b: number | undefined): boolean {
  return a !== undefined && b !== undefined && Math.abs(a - b) < LATENCY
}

function sameError(last: unknown, next: SharedStatus['error']): boolean {
  if (next === undefined) return last === undefined
  return last instanceof Error && last.name === next.name && last.message === next.message
}

function differs(a: CacheStatus, b: CacheStatus): boolean {
  return (
    a.state !== b.state ||
    a.isOutage !== b.isOutage ||
    a.retryAt !== b.retryAt ||
    !Object.is(a.error, b.error)
  )
}
