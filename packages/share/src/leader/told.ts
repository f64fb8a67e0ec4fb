import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import { stateOf } from '@auto-refresh/core/adapter'
import { shareError, uncrossed } from '../protocol/errors.ts'
import { Formless } from '../protocol/formless.ts'
import { delay } from '../protocol/limits.ts'
import type { SharedState } from '../protocol/message.ts'

/** Where items come from, and how they cross. */
export interface ItemsPort<Item> {
  readonly back: AutoRefresh<Item>
  /** A text that is another one for another item. */
  versionOf(item: Item): string
  /** Makes of an item what can cross. */
  serialize(item: Item): unknown
  /** ms on the leader's own clock. */
  now(): number
}

/** ms for which a thrown `retryAfter` counts at most: of a single item a day, of several an hour (F15). */
const LONGEST_WAIT = { one: 86_400_000, several: 3_600_000 }

/** The state of an item that the members were last told. */
export class Told<Item> {
  readonly id: ItemId
  readonly #port: ItemsPort<Item>
  #snapshot: ItemSnapshot<Item>
  #item: Item | undefined
  #version: string | undefined
  /** True if the item has no version, so that it cannot cross (K12). */
  #isUncrossed = false
  /** Number of the answers that told of the last success. */
  #seq = 0
  /** Until when the source wants the item left alone; Infinity: until it is due, because the source answered for it. */
  #waitUntil = -Infinity

  constructor(port: ItemsPort<Item>, id: ItemId) {
    this.id = id
    this.#port = port
    this.#snapshot = port.back.getSnapshot(id)
  }

  /** A call of the item has settled. @param failed the error of the call, if it failed as a whole */
  settled(failed: { readonly error: unknown } | undefined, size: number): void {
    const asked = failed === undefined ? Infinity : (shareError(failed.error).retryAfter ?? 0)
    const longest = failed === undefined ? Infinity : LONGEST_WAIT[size === 1 ? 'one' : 'several']
    this.#waitUntil = this.#port.now() + Math.min(asked, longest)
  }

  /** True if something happened to the item since the members were told. The begin of a call is no news. */
  get isNews(): boolean {
    const [told, now] = [this.#snapshot, this.#port.back.getSnapshot(this.id)]
    if (told === now) return false
    const isFailure = told.failureCount !== now.failureCount || !Object.is(told.error, now.error)
    return isFailure || isSuccess(told, now)
  }

  /** Notes that the members are told now, by the answers of this number. True if they need the item. */
  tell(seq: number): boolean {
    const now = this.#port.back.getSnapshot(this.id)
    if (isSuccess(this.#snapshot, now)) this.#seq = seq
    this.#snapshot = now
    return this.#updateVersion()
  }

  /** The state as it is now; without the item for whoever has this version. Undefined if it is not there. */
  state(known: string | undefined, reopens: boolean): SharedState | undefined {
    const state = stateOf(this.#port.back, this.id)
    if (state === undefined) return undefined
    this.#updateVersion()
    const { item, validator, error, failureCount, unchangedCount, age, next } = state
    const wait = this.#waitUntil === Infinity ? (next ?? 0) : this.#waitUntil - this.#port.now()
    const form = item === undefined || this.#version === known ? undefined : this.#formOf(item)
    const dated: SharedState = {
      id: this.id,
      seq: this.#seq,
      ...(next !== undefined && { next: delay(next) }),
    }
    if (this.#isUncrossed) return uncrossed(dated)
    return {
      ...dated,
      ...(this.#version !== undefined && { version: this.#version }),
      ...(form !== undefined && { item: form }),
      ...(validator !== undefined && { validator }),
      ...(failureCount > 0 && { error: shareError(error), failureCount }),
      ...(failureCount > 0 && wait > 0 && { wait: delay(wait) }),
      ...(unchangedCount > 0 && { unchangedCount }),
      ...(age !== undefined && { age: delay(age) }),
      ...(reopens && { reopens }),
    }
  }

  get version(): string | undefined {
    return this.#version
  }

  #updateVersion(): boolean {
    const { item } = this.#port.back.getSnapshot(this.id)
    if (Object.is(item, this.#item)) return false
    this.#item = item
    this.#isUncrossed = false
    this.#version = undefined
    if (item === undefined) return true
    try {
      this.#version = this.#port.versionOf(item)
    } catch {
      this.#isUncrossed = true
    }
    return true
  }

  #formOf(item: Item): unknown {
    try {
      // Null is no item (W1), and undefined would say that the receiver has it.
      const form = this.#port.serialize(item)
      return form ?? new Formless(item, `serialize gave ${String(form)}`)
    } catch (error) {
      return new Formless(item, `serialize threw: ${shareError(error).message}`)
    }
  }
}

/** True if a sync succeeded in between. Two may succeed in one ms. */
function isSuccess<Item>(before: ItemSnapshot<Item>, now: ItemSnapshot<Item>): boolean {
  const isSameAge = before.refreshedAt === now.refreshedAt && before.unchangedCount === now.unchangedCount
  return !isSameAge || !Object.is(before.item, now.item)
}
