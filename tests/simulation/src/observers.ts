import { type ItemSnapshot } from '@auto-refresh/core'
import { type Member } from './model/audience.ts'
import { type Item, type Op } from './script.ts'
import { type Subject } from './subject.ts'
import { type World } from './world.ts'

export interface Listener extends Member {
  readonly kind: 'listener'
  readonly hasActivity: boolean
  /** How often it was called in this turn. */
  told: number
  /** What it saw when it was last called, or at the end of the turn in which it subscribed. */
  seen: ItemSnapshot<Item> | undefined
  isNew: boolean
  readonly unsubscribe: () => void
}

export interface Waiter extends Member {
  readonly kind: 'until'
  readonly condition: (item: Item) => boolean
  readonly controller: AbortController
  isAborted: boolean
  isAbsent: boolean
  result: { readonly item: Item } | { readonly error: unknown } | undefined
}

export interface Watcher extends Member {
  readonly kind: 'watch'
  readonly iterator: AsyncIterableIterator<Item>
  readonly controller: AbortController
  isAborted: boolean
  isAbsent: boolean
  last: Item | undefined
  result: 'done' | { readonly error: unknown } | undefined
}

/** Those of the application who observe ids. */
export class Observers {
  readonly #world: World
  readonly #subject: Subject
  readonly listeners = new Set<Listener>()
  readonly waiters = new Set<Waiter>()
  readonly watchers = new Set<Watcher>()

  constructor(world: World, subject: Subject) {
    this.#world = world
    this.#subject = subject
  }

  subscribe(id: string, hasActivity: boolean): void {
    const { cache, model, violations, reactions } = this.#world
    const call = (...args: unknown[]): void => {
      violations.always(
        listener.isOpen,
        'O2',
        () => `a listener of ${JSON.stringify(id)} is called after it left`,
      )
      violations.always(args.length === 0, 'O2', () => 'a listener is called with arguments')
      listener.told += 1
      listener.seen = cache.getSnapshot(id)
      reactions.run('listener')
    }
    const listener: Listener = {
      id,
      kind: 'listener',
      hasActivity,
      isOpen: true,
      told: 0,
      seen: undefined,
      isNew: true,
      unsubscribe: cache.subscribe(id, call, { activity: hasActivity }),
    }
    this.listeners.add(listener)
    model.join(listener)
  }

  unsubscribe(id: string): void {
    for (const listener of this.listeners)
      if (listener.id === id) {
        this.#unsubscribe(listener)
        return
      }
  }

  until(id: string, kind: Extract<Op, { op: 'until' }>['condition']): void {
    const { cache, model, reactions } = this.#world
    const condition = (item: Item): boolean => {
      if (kind === 'throws' && item.v > 2) throw new Error('of a condition')
      return kind === 'terminal' ? item.terminal === true && item.bad !== true : item.v > 2
    }
    const controller = new AbortController()
    const waiter: Waiter = {
      id,
      kind: 'until',
      condition,
      controller,
      isOpen: true,
      isAborted: false,
      isAbsent: !model.entries.has(id) || model.vague.has(id),
      result: undefined,
    }
    const isDefault = kind === 'terminal'
    const asked = (item: Item): boolean => {
      reactions.run('condition')
      return condition(item)
    }
    // Its condition is asked from within. Where it holds already nobody waits.
    const entry = model.entries.get(id)
    if (entry !== undefined && entry.status !== 'expired' && !holds(condition, entry.item)) model.join(waiter)
    const promise = this.#subject.until(cache, id, isDefault ? undefined : asked, {
      signal: controller.signal,
    })
    const close = (result: Waiter['result']): void => {
      waiter.result = result
      model.leave(waiter)
    }
    promise.then(
      (item) => close({ item }),
      (error: unknown) => close({ error }),
    )
    this.waiters.add(waiter)
  }

  watch(id: string): void {
    const { cache, model } = this.#world
    const controller = new AbortController()
    const iterator = this.#subject.watch(cache, id, { signal: controller.signal })
    const watcher: Watcher = {
      id,
      kind: 'watch',
      iterator,
      controller,
      isOpen: true,
      isAborted: false,
      isAbsent: !model.entries.has(id) || model.vague.has(id),
      last: undefined,
      result: undefined,
    }
    const close = (result: Watcher['result']): void => {
      watcher.result = result
      model.leave(watcher)
    }
    const pump = (): void => {
      iterator.next().then(
        ({ done, value }) => {
          if (done === true) return close('done')
          watcher.last = value
          pump()
        },
        (error: unknown) => close({ error }),
      )
    }
    // Who watches an id that is not there is told so, and has not watched.
    if (model.entries.has(id)) model.join(watcher)
    pump()
    this.watchers.add(watcher)
  }

  /** Somebody who waits for the id gives up. */
  leave(id: string): void {
    for (const one of [...this.waiters, ...this.watchers])
      if (one.id === id && one.isOpen && !one.isAborted) {
        this.#abort(one)
        return
      }
  }

  leaveAll(): void {
    for (const listener of this.listeners) this.#unsubscribe(listener)
    for (const one of [...this.waiters, ...this.watchers]) {
      if (one.isOpen) this.#abort(one)
    }
  }

  /** It has left when `abort` returns; its promise settles later in the turn. */
  #abort(one: Waiter | Watcher): void {
    one.isAborted = true
    this.#world.model.leave(one)
    one.controller.abort()
  }

  #unsubscribe(listener: Listener): void {
    this.listeners.delete(listener)
    listener.unsubscribe()
    this.#world.model.leave(listener)
  }
}

function holds(condition: (item: Item) => boolean, item: Item): boolean {
  try {
    return condition(item)
  } catch {
    return true
  }
}
