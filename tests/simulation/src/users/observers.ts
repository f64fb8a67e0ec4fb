import type { ItemSnapshot } from '@auto-refresh/core'
import type { Item } from '../script.ts'
import type { Subject } from '../subject.ts'
import { isTerminal, type Ledger } from '../world/ledger.ts'
import type { World } from '../world/world.ts'
import type { Reactions } from './reactions.ts'

export interface Listener {
  readonly id: string
  readonly number: number
  readonly activity: boolean
  readonly create: boolean
  /** The cache was cleared under it (G2). */
  isCleared: boolean
  isOpen: boolean
  /** Number of its calls in this turn, and the order of the last one. */
  told: number
  toldAt: number
  /** The snapshot at the end of the last turn; undefined in the turn of its subscription. */
  seen: ItemSnapshot<Item> | undefined
  unsubscribe: () => void
}

/** A run of `until` or `watch`. */
export interface Waiter {
  readonly kind: 'until' | 'watch'
  readonly id: string
  readonly controller: AbortController
  readonly wasAbsent: boolean
  isAborted: boolean
  isOpen: boolean
  last: Item | undefined
  result: 'done' | { readonly item: Item } | { readonly error: unknown } | undefined
}

/** The application's observers of ids. */
export class Observers {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #reactions: Reactions
  readonly #subject: Subject
  readonly listeners = new Set<Listener>()
  readonly waiters = new Set<Waiter>()
  #count = 0

  constructor(world: World, ledger: Ledger, reactions: Reactions, subject: Subject) {
    this.#world = world
    this.#ledger = ledger
    this.#reactions = reactions
    this.#subject = subject
  }

  count(id: string): number {
    let count = 0
    for (const one of this.listeners) if (one.id === id) count += 1
    for (const one of this.waiters) if (one.id === id && one.isOpen) count += 1
    return count
  }

  subscribe(id: string, activity: boolean, create: boolean | undefined, initialItem: Item | undefined): void {
    const world = this.#world
    this.#count += 1
    const listener: Listener = {
      id,
      number: this.#count,
      activity,
      create: create ?? initialItem !== undefined,
      isCleared: false,
      isOpen: true,
      told: 0,
      toldAt: 0,
      seen: undefined,
      unsubscribe: () => undefined,
    }
    const call = (...args: unknown[]): void => {
      world.check(listener.isOpen, 'O2', () => `a listener of ${JSON.stringify(id)} is told after it left`)
      world.check(args.length === 0, 'O2', () => 'a listener is called with arguments')
      listener.told += 1
      listener.toldAt = world.order()
      this.#reactions.run('listener')
    }
    world.leftOver?.note(call)
    this.listeners.add(listener)
    try {
      const options = { activity, ...(create === undefined ? {} : { create }), initialItem }
      listener.unsubscribe = world.cache.subscribe(id, call, options)
      if (listener.isOpen) return this.joined(id)
      // It was ended by an event of its own creation.
      listener.unsubscribe()
      this.left(id)
    } catch (error) {
      this.listeners.delete(listener)
      throw error
    }
  }

  unsubscribe(id: string): void {
    const all = [...this.listeners].filter((listener) => listener.id === id)
    // Inside a callback the newest, which may be still to be told.
    const chosen = this.#world.reactions > 0 ? all.at(-1) : all[0]
    if (chosen !== undefined) this.#end(chosen)
  }

  until(id: string): void {
    const waiter = this.#waiter('until', id)
    const { item, status } = this.#world.cache.getSnapshot(id)
    // It waits for nothing if the condition holds already or the item has expired: then there is no subscription (O4).
    if (status === 'expired' || (item !== undefined && isTerminal(item))) waiter.isOpen = false
    else this.joined(id)
    const close = (result: Waiter['result']): void => this.#close(waiter, result)
    this.#subject.until(this.#world.cache, id, undefined, { signal: waiter.controller.signal }).then(
      (settled) => close({ item: settled }),
      (error: unknown) => close({ error }),
    )
  }

  watch(id: string): void {
    const waiter = this.#waiter('watch', id)
    const { status } = this.#world.cache.getSnapshot(id)
    const endsAtOnce = status === 'terminal' || status === 'expired'
    if (endsAtOnce) waiter.isOpen = false
    const iterator = this.#subject.watch(this.#world.cache, id, { signal: waiter.controller.signal })
    if (waiter.isOpen) this.joined(id)
    const pump = (): void => {
      iterator.next().then(
        ({ done, value }) => {
          if (done === true) return this.#close(waiter, 'done')
          waiter.last = value
          pump()
        },
        (error: unknown) => this.#close(waiter, { error }),
      )
    }
    pump()
    // It was a subscriber while it read the value, and `gcTime` counts anew from when it left (P7).
    if (endsAtOnce) this.left(id)
  }

  /** Aborts a wait for the id. */
  leave(id: string): void {
    for (const waiter of this.waiters)
      if (waiter.id === id && waiter.result === undefined && !waiter.isAborted) return this.#abort(waiter)
  }

  leaveAll(): void {
    for (const listener of this.listeners) this.#end(listener)
    for (const waiter of this.waiters) if (waiter.result === undefined) this.#abort(waiter)
  }

  /** P7: nobody observes an item of a subscription any more. */
  left(id: string): void {
    const entry = this.#ledger.entries.get(id)
    if (entry !== undefined && this.count(id) === 0) entry.unobservedAt = this.#world.wall
  }

  joined(id: string): void {
    const entry = this.#ledger.entries.get(id)
    if (entry !== undefined) entry.unobservedAt = Infinity
  }

  #waiter(kind: Waiter['kind'], id: string): Waiter {
    const waiter: Waiter = {
      kind,
      id,
      controller: new AbortController(),
      wasAbsent: !this.#world.cache.has(id),
      isAborted: false,
      isOpen: this.#world.cache.has(id),
      last: undefined,
      result: undefined,
    }
    this.waiters.add(waiter)
    return waiter
  }

  #end(listener: Listener): void {
    this.listeners.delete(listener)
    listener.isOpen = false
    listener.unsubscribe()
    this.#world.acted.add(listener.id)
    this.left(listener.id)
  }

  #close(waiter: Waiter, result: Waiter['result']): void {
    waiter.result = result
    if (!waiter.isOpen) return
    waiter.isOpen = false
    this.left(waiter.id)
  }

  /** It has left when `abort` returns; its promise settles later in the turn. */
  #abort(waiter: Waiter): void {
    waiter.isAborted = true
    if (waiter.isOpen) {
      waiter.isOpen = false
      this.left(waiter.id)
    }
    this.#world.acted.add(waiter.id)
    waiter.controller.abort()
  }
}
