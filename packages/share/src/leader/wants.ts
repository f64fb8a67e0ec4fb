import type { ItemId } from '@auto-refresh/core'
import { adopt, stateOf } from '@auto-refresh/core/adapter'
import type { Want } from '../protocol/message.ts'
import { type ItemsPort, Told } from './told.ts'

/** ms within which what is due counts as due now. */
const SOON = 1000

/** An id that somebody wants. */
interface Wanted<Item> {
  /** Names of the members that want it, and how often: once, and once for each of their refreshes. */
  readonly members: Map<string, number>
  readonly told: Told<Item>
  readonly unsubscribe: () => void
}

/** The ids that members want: each is one subscription at the back (K6). */
export class WantedIds<Item> {
  readonly #port: ItemsPort<Item>
  readonly #changed: (id: ItemId) => void
  readonly #wanted = new Map<ItemId, Wanted<Item>>()
  /** Ids that the back did not know, and asks for when a member says. */
  readonly #putOff = new Set<ItemId>()

  /** @param changed called when something in the snapshot of a wanted id changes */
  constructor(port: ItemsPort<Item>, changed: (id: ItemId) => void) {
    this.#port = port
    this.#changed = changed
  }

  get size(): number {
    return this.#wanted.size
  }

  /** @throws what a policy of the back throws that refuses the item */
  add(member: string, want: Want): Told<Item> {
    const { id } = want
    const present = this.#wanted.get(id)
    if (present !== undefined) {
      this.hasten(want)
      present.members.set(member, (present.members.get(member) ?? 0) + 1)
      return present.told
    }
    const isNew = !this.#port.back.has(id)
    const listener = (): void => this.#changed(id)
    const unsubscribe = this.#port.back.subscribe(id, listener, { activity: true, create: true })
    const told = new Told(this.#port, id)
    this.#wanted.set(id, { members: new Map([[member, 1]]), told, unsubscribe })
    // After the subscription, which makes it due at once.
    if (isNew && want.next !== undefined && want.next > 0) this.#putOffTo(id, want.next)
    return told
  }

  remove(member: string, id: ItemId): void {
    const wanted = this.#wanted.get(id)
    const count = wanted?.members.get(member)
    if (wanted === undefined || count === undefined) return
    if (count > 1) wanted.members.set(member, count - 1)
    else wanted.members.delete(member)
    if (wanted.members.size === 0) this.forget(id)
  }

  /** Forgets an id that the source deleted: who still wants it asks anew (K15). */
  forget(id: ItemId): void {
    const unsubscribe = this.#wanted.get(id)?.unsubscribe
    this.#wanted.delete(id)
    this.#putOff.delete(id)
    unsubscribe?.()
  }

  told(id: ItemId): Told<Item> | undefined {
    return this.#wanted.get(id)?.told
  }

  /** Names of the members that want an id. */
  membersOf(id: ItemId): Iterable<string> {
    return this.#wanted.get(id)?.members.keys() ?? []
  }

  clear(): void {
    for (const id of [...this.#wanted.keys()]) this.forget(id)
  }

  /** Of an id that the back did not know, each member says when it is due. The back's own schedule rules otherwise. */
  hasten({ id, next }: Want): void {
    if (next === undefined || !this.#putOff.has(id)) return
    const state = stateOf(this.#port.back, id)
    const isAsked = state === undefined || state.item !== undefined || state.failureCount > 0
    if (isAsked) this.#putOff.delete(id)
    else if (state.next === undefined || state.next > next) this.#putOffTo(id, next)
  }

  #putOffTo(id: ItemId, next: number): void {
    // Once it is due soon no member can hasten it again (K8).
    if (next < SOON) this.#putOff.delete(id)
    else this.#putOff.add(id)
    const none = { item: undefined, validator: undefined, error: undefined, age: undefined }
    adopt(this.#port.back, [{ id, ...none, failureCount: 0, unchangedCount: 0, next }])
  }
}
