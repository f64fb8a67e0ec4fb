import type { ItemId } from '@auto-refresh/core'
import type { AdoptedState, ItemState } from '@auto-refresh/core/adapter'
import { isUnsendable, receiveError } from '../protocol/errors.ts'
import type { SharedError, SharedState } from '../protocol/message.ts'
import type { Delays } from './delays.ts'
import type { Fences } from './fences.ts'
import type { Outcome } from './tickets.ts'

/** An item as it was read here, or why it cannot be read (K12). */
type Reading<Item> = { readonly item: Item } | { readonly error: unknown }

/** The last state of an id that the leader sent with an item. */
interface Known<Item> {
  readonly version: string | undefined
  readonly reading: Reading<Item>
  /** Number of its last success at the present leader. */
  seq: number
}

/** Makes of the leader's states what the front takes. */
export class StateReader<Item> {
  readonly #parse: (data: unknown) => Item
  readonly #isTerminal: (item: Item) => boolean
  readonly #fences: Fences
  readonly #delays: Delays
  readonly #known = new Map<ItemId, Known<Item>>()
  /** Errors of ids whose newest item cannot be had here (K12). */
  readonly #unreadable = new Map<ItemId, { readonly error: unknown }>()

  constructor(
    parse: (data: unknown) => Item,
    isTerminal: (item: Item) => boolean,
    fences: Fences,
    delays: Delays,
  ) {
    this.#parse = parse
    this.#isTerminal = isTerminal
    this.#fences = fences
    this.#delays = delays
  }

  versionOf(id: ItemId): string | undefined {
    return this.#known.get(id)?.version
  }

  forget(id: ItemId): void {
    this.#known.delete(id)
    this.#unreadable.delete(id)
    this.#delays.forget(id)
  }

  /** Another leader counts its answers anew. */
  newLeader(): void {
    for (const known of this.#known.values()) known.seq = 0
  }

  clear(): void {
    this.#known.clear()
    this.#unreadable.clear()
    this.#delays.clear()
  }

  /** Returns what of the leader's state is taken, by what is there; `unknown`: its item was left out, and is not known here. */
  read(state: SharedState, present: ItemState<Item>): readonly AdoptedState<Item>[] | 'unknown' {
    const { id, seq, version } = state
    const known = this.#known.get(id)
    const newest = Math.max(seq, known?.seq ?? 0)
    // 0 is no number, but a state from before the leader was asked for the id, or asked anew: its age decides.
    if (seq > 0 && seq < newest) return []
    this.#delays.told(id, state.wait)
    const reading = this.#readingOf(state, known)
    if (state.error !== undefined && isUnsendable(state.error))
      this.#unreadable.set(id, { error: receiveError(state.error) })
    else if (reading !== undefined || version === undefined) this.#unreadable.delete(id)
    if (reading !== undefined && 'error' in reading) {
      this.#unreadable.set(id, reading)
      this.#known.set(id, { version, reading, seq: newest })
      const read = this.#decode(state, present, undefined)
      const failureCount = Math.max(1, read.failureCount)
      return [{ ...read, error: reading.error, failureCount, take: 'failure' }]
    }
    const read = this.#decode(state, present, reading?.item)
    const failure: AdoptedState<Item> = { ...read, take: 'failure' }
    if (this.#fences.keepsOut(id, seq)) {
      if (seq === 0) this.#fences.retell(id)
      return read.failureCount > 0 ? [failure] : []
    }
    if (version === undefined) return [failure]
    if (reading === undefined) {
      this.#known.delete(id)
      return 'unknown'
    }
    // Not before: what is unknown is not taken yet.
    this.#fences.fall(id)
    this.#known.set(id, { version, reading, seq: newest })
    if (seq === 0) {
      // From before this leader: an error that it has not seen is still shown (K18), but of what is finished it sees none.
      const isUnseen = read.failureCount === 0 && present.failureCount > 0
      if (isUnseen && !this.#isTerminal(reading.item)) return []
      return read.failureCount > 0 ? [read, failure] : [read]
    }
    // Of a leader that was not heard before, the age decides: it may have slept, and say what is older than what is here.
    const isAgain = seq === known?.seq && version === known.version
    if (state.reopens === true || (known?.seq && !isAgain)) return [{ ...read, take: 'newer' }]
    if (!isAgain) return [read]
    // It may have been passed over the last time, because a call of this member's own ran for the id (E2).
    return Object.is(present.item, reading.item) ? [failure] : [read, failure]
  }

  /** A refresh of the leader is over. It settles when what it brought is taken (K5), and fails if that cannot be read (K12). */
  settle(id: ItemId, error: SharedError | undefined, settle: (outcome: Outcome) => void): void {
    const failure = error === undefined ? this.#unreadable.get(id) : { error: receiveError(error) }
    if (failure === undefined) this.#fences.settle(id, () => settle(undefined))
    else settle(failure)
  }

  /** Reads the item of a state; undefined if it was left out, and is not known here. What could not be read is not tried again. */
  #readingOf({ version, item }: SharedState, known: Known<Item> | undefined): Reading<Item> | undefined {
    const last = version !== undefined && known?.version === version ? known.reading : undefined
    if (item === undefined || last !== undefined) return last
    try {
      return { item: this.#parse(item) }
    } catch (error) {
      return { error }
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
