import type { ItemId } from '@auto-refresh/core'
import type { AdoptedState, ItemState } from '@auto-refresh/core/adapter'
import { receiveError } from '../protocol/errors.ts'
import type { SharedError, SharedState } from '../protocol/message.ts'
import type { Fences } from './fences.ts'

/** What is known of the leader's state of an id. */
interface Known<Item> {
  readonly version: string
  readonly item: Item
  /** Number of its last success at the present leader. */
  seq: number
}

/** An item that `parse` cannot read (K12). */
class Unreadable {
  readonly version: string | undefined
  readonly error: unknown

  constructor(version: string | undefined, error: unknown) {
    this.version = version
    this.error = error
  }
}

/** Makes of the leader's states what the front takes. */
export class StateReader<Item> {
  readonly #parse: (data: unknown) => Item
  readonly #fences: Fences
  readonly #known = new Map<ItemId, Known<Item>>()
  readonly #unreadable = new Map<ItemId, Unreadable>()

  constructor(parse: (data: unknown) => Item, fences: Fences) {
    this.#parse = parse
    this.#fences = fences
  }

  versionOf(id: ItemId): string | undefined {
    return this.#known.get(id)?.version
  }

  forget(id: ItemId): void {
    this.#known.delete(id)
    this.#unreadable.delete(id)
  }

  /** Another leader counts its answers anew. */
  newLeader(): void {
    for (const known of this.#known.values()) known.seq = 0
  }

  clear(): void {
    this.#known.clear()
    this.#unreadable.clear()
  }

  /** Returns what of the leader's state is taken, by what is there; `unknown`: its item was left out, and is not known here. */
  read(state: SharedState, present: ItemState<Item>): readonly AdoptedState<Item>[] | 'unknown' {
    const { id, seq } = state
    const known = this.#known.get(id)
    if (known !== undefined && seq < known.seq) return []
    const item = this.#itemOf(state, known)
    if (item instanceof Unreadable) {
      const read = this.#decode(state, present, undefined)
      return [{ ...read, error: item.error, failureCount: Math.max(1, read.failureCount), take: 'failure' }]
    }
    const passes = this.#fences.passes(id, seq)
    const read = this.#decode(state, present, item)
    const failure: AdoptedState<Item> = { ...read, take: 'failure' }
    if (!passes) return read.failureCount > 0 ? [failure] : []
    if (state.version !== undefined && read.item === undefined) {
      this.#known.delete(id)
      return 'unknown'
    }
    const { version } = state
    if (read.item === undefined || version === undefined) return [failure]
    this.#known.set(id, { version, item: read.item, seq })
    if (seq === 0) {
      // From before this leader: an error that it has not seen is still shown (K18).
      if (read.failureCount === 0 && present.failureCount > 0) return []
      return read.failureCount > 0 ? [read, failure] : [read]
    }
    // Of a leader that was not heard before, the age decides: it may have slept, and say what is older than what is here.
    const isFirst = (known?.seq ?? 0) === 0
    if (isFirst && state.reopens !== true) return [read]
    const isNewer = seq !== known?.seq || version !== known.version || state.reopens === true
    return [isNewer ? { ...read, take: 'newer' } : failure]
  }

  /** Returns the item of a state. One that cannot be read is not asked for again, because it would not be read then, either. */
  #itemOf({ id, version, item }: SharedState, known: Known<Item> | undefined): Item | Unreadable | undefined {
    const last = this.#unreadable.get(id)
    const isLast = last !== undefined && last.version === version
    if (item === undefined) return isLast ? last : known?.version === version ? known?.item : undefined
    try {
      const read = this.#parse(item)
      this.#unreadable.delete(id)
      return read
    } catch (error) {
      const unreadable = isLast ? last : new Unreadable(version, error)
      this.#unreadable.set(id, unreadable)
      return unreadable
    }
  }

  #decode(state: SharedState, present: ItemState<Item>, item: Item | undefined): AdoptedState<Item> {
    const { id, version, validator, error, failureCount = 0, unchangedCount = 0, age, next, reopens } = state
    return {
      id,
      item: version === undefined ? undefined : item,
      validator,
      error:
        error === undefined
          ? undefined
          : isSame(present, failureCount, error)
            ? present.error
            : receiveError(error),
      failureCount,
      unchangedCount,
      age,
      next,
      reopens,
    }
  }
}

/** True if the failure is known already: its error stays the same object, so that nobody is told again. */
function isSame(present: ItemState<unknown>, failureCount: number, { name, message }: SharedError): boolean {
  const { error } = present
  const isSameText = error instanceof Error && error.name === name && error.message === message
  return isSameText && present.failureCount === failureCount
}
