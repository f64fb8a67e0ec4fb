import type { ItemSnapshot } from '@auto-refresh/core'
import type { Item } from '../script.ts'
import type { Listener, Observers, Waiter } from '../users/observers.ts'
import { codeOf } from '../world/call.ts'
import { isTerminal, type Ledger } from '../world/ledger.ts'
import type { World } from '../world/world.ts'

/** At the end of a turn: listeners were told of what changed and of nothing else (O2), and waiters have settled (O4, O5). */
export class ObserverChecks {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #observers: Observers

  constructor(world: World, ledger: Ledger, observers: Observers) {
    this.#world = world
    this.#ledger = ledger
    this.#observers = observers
  }

  endTurn(): void {
    const told = new Map<string, Listener[]>()
    for (const listener of this.#observers.listeners) {
      this.#told(listener)
      if (listener.told === 1) told.set(listener.id, [...(told.get(listener.id) ?? []), listener])
      listener.told = 0
      listener.seen = this.#world.cache.getSnapshot(listener.id)
    }
    for (const listeners of told.values()) this.#order(listeners)
    for (const waiter of this.#observers.waiters) {
      if (waiter.kind === 'until') this.#until(waiter)
      else this.#watch(waiter)
      if (waiter.result !== undefined) this.#observers.waiters.delete(waiter)
    }
  }

  #told({ id, activity, told, seen }: Listener): void {
    const world = this.#world
    const snapshot = world.cache.getSnapshot(id)
    const name = JSON.stringify(id)
    if (seen === undefined) return
    const hasChanged = activity ? seen !== snapshot : keyOf(seen, snapshot)
    world.check(!hasChanged || told > 0, 'O2', () => `a listener of ${name} is not told of a change`)
    // Changes that cancel each other within a turn may be told.
    if (world.acted.has(id) || world.reactions > 0) return
    world.check(
      told <= 1 || activity || world.touched.has(id),
      'O2',
      () => `a listener of ${name} is told ${told} times in a turn`,
    )
    world.check(
      hasChanged || told === 0 || activity,
      'O2',
      () => `a listener of ${name} is told, and nothing has changed: ${JSON.stringify([seen, snapshot])}`,
    )
  }

  /** O2: those of one id in the order of their subscriptions. */
  #order(listeners: readonly Listener[]): void {
    const inOrder = listeners.toSorted((a, b) => a.number - b.number)
    const isRight = inOrder.every(
      ({ toldAt }, index) => index === 0 || toldAt > (inOrder[index - 1]?.toldAt ?? 0),
    )
    // A listener that writes has its neighbours told anew.
    if (this.#world.reactions > 0) return
    this.#world.check(
      isRight,
      'O2',
      () => `listeners of ${JSON.stringify(listeners[0]?.id)} are told out of order`,
    )
  }

  #until({ id, result, wasAbsent, isAborted }: Waiter): void {
    const world = this.#world
    const entry = this.#ledger.entries.get(id)
    const name = `until(${JSON.stringify(id)})`
    if (result === undefined) {
      world.check(!isAborted, 'O4', () => `${name} waits, and is aborted`)
      world.check(entry !== undefined, 'O4', () => `${name} waits, and the item is gone`)
      world.check(entry?.status !== 'expired', 'O4', () => `${name} waits, and the item has expired`)
      const holds = entry?.item !== undefined && isTerminal(entry.item)
      world.check(!holds, 'O4', () => `${name} waits, and its condition holds`)
    } else if (result === 'done') world.violations.add('O4', `${name} is done without a value`)
    else if ('item' in result)
      world.check(isTerminal(result.item), 'O4', () => `${name} gave ${JSON.stringify(result.item)}`)
    else {
      const code = codeOf(result.error)
      if (code === 'NOT_FOUND') world.check(wasAbsent, 'O4', () => `${name} found nothing, and it was there`)
      else if (code === 'DELETED')
        world.check(world.touched.has(id), 'O4', () => `${name} says deleted, and nothing was`)
      else if (code === 'EXPIRED')
        world.check(entry?.status === 'expired' || world.touched.has(id), 'O4', () => `${name} says expired`)
      else world.check(isAborted, 'O4', () => `${name} rejects ${String(code)}`)
    }
  }

  #watch({ id, result, wasAbsent, isAborted, last }: Waiter): void {
    const world = this.#world
    const entry = this.#ledger.entries.get(id)
    const name = `watch(${JSON.stringify(id)})`
    const isOver = entry === undefined || entry.status === 'terminal' || entry.status === 'expired'
    if (result === undefined) {
      world.check(!isAborted && !isOver, 'O5', () => `${name} goes on, and should have ended`)
      const { item } = world.cache.getSnapshot(id)
      world.check(
        last === item || item === undefined,
        'O5',
        () => `${name} gave ${JSON.stringify(last)}, not ${JSON.stringify(item)}`,
      )
    } else if (result === 'done')
      world.check(
        isOver || isAborted || world.touched.has(id),
        'O5',
        () => `${name} has ended, and the item has not`,
      )
    else {
      const error = 'error' in result ? result.error : undefined
      world.check(wasAbsent || isAborted, 'O5', () => `${name} threw ${String(codeOf(error))}`)
    }
  }
}

/** True if something differs that every listener is told of. */
function keyOf(before: ItemSnapshot<Item>, after: ItemSnapshot<Item>): boolean {
  return (['item', 'status', 'error', 'failureCount', 'isDeleting'] as const).some(
    (key) => !Object.is(before[key], after[key]),
  )
}
