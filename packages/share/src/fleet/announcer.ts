import type { ItemId } from '@auto-refresh/core'
import { MAX_MESSAGE_LENGTH } from '../protocol/limits.ts'
import type { Answers, Header, Message, SharedState } from '../protocol/message.ts'
import type { Commands } from './commands.ts'
import type { Lease } from './lease.ts'
import type { Names } from './names.ts'
import { TELL } from './scripts.ts'
import { CHUNK, encodeValue } from './stored-values.ts'

/** Messages that are longer, in characters, go without items: whoever wants one reads it. */
export const MAX_INLINE = 64_000
/** Most versions that are remembered. */
const MAX_KNOWN = 100_000

/** Sends messages. What a leader says of items is stored besides, by the script that compares the fence (V3). */
export class Announcer {
  readonly #commands: Commands
  readonly #names: Names
  readonly #lease: Lease
  readonly #keep: number
  /** Versions that were announced in this term. */
  readonly #known = new Map<ItemId, string>()
  /** Versions that were stored in this term: long acknowledgements to many members store each item once. */
  readonly #stored = new Map<ItemId, string>()

  /** @param keep ms for which values are kept */
  constructor(commands: Commands, names: Names, lease: Lease, keep: number) {
    this.#commands = commands
    this.#names = names
    this.#lease = lease
    this.#keep = keep
  }

  newTerm(): void {
    this.#known.clear()
    this.#stored.clear()
  }

  /** @throws if it cannot cross */
  check(message: Message): void {
    if (!('states' in message)) return
    for (const state of message.states) encodeValue(message, checked(state), this.#keep)
  }

  /** @throws if it cannot cross */
  send(message: Message): void {
    this.check(message)
    if (message.type === 'answers') {
      this.#tell(
        message,
        message.states,
        message.gone,
        this.#encode({ ...message, states: this.#news(message) }),
      )
      return
    }
    const text = JSON.stringify(message)
    const isLong = message.type === 'ack' && text.length > MAX_INLINE
    const isStored = ({ id, version }: SharedState): boolean => this.#stored.get(id) === version
    const unstored = isLong ? message.states.filter((state) => !isStored(state)) : []
    if (isLong) this.#tell(message, unstored, [], this.#encode(message))
    else if (text.length <= MAX_MESSAGE_LENGTH) this.#commands.publish(this.#channelOf(message), text)
    else throw new RangeError(`a message of ${text.length} characters is too long`)
  }

  /** States as they are announced: without the items that were announced before. */
  #news({ states, gone }: Answers): readonly SharedState[] {
    for (const id of gone) this.#known.delete(id)
    if (this.#known.size > MAX_KNOWN) this.#known.clear()
    return states.map((state) => {
      const { id, version } = state
      const isKnown = version !== undefined && this.#known.get(id) === version
      if (version !== undefined) this.#known.set(id, version)
      return isKnown ? bare(state) : state
    })
  }

  #encode(message: Message & { readonly states: readonly SharedState[] }): string {
    const text = JSON.stringify(message)
    if (text.length <= MAX_INLINE) return text
    return JSON.stringify({ ...message, states: message.states.map(bare), isStored: true })
  }

  #channelOf({ to }: Header): string {
    return to === undefined ? this.#names.channel : this.#names.own(to)
  }

  /** Stores and announces. What the store does not take is lost, and found to be missing at the next beat. */
  #tell(header: Header, states: readonly SharedState[], gone: readonly ItemId[], text: string): void {
    const { value } = this.#lease
    if (value === undefined) return
    const { lease } = this.#names
    const channel = this.#channelOf(header)
    const whole = states.filter(({ item }) => item !== undefined)
    if (this.#stored.size > MAX_KNOWN) this.#stored.clear()
    for (const { id, version } of whole) if (version !== undefined) this.#stored.set(id, version)
    const goneKeys = gone.map((id) => this.#names.value(id))
    let from = 0
    do {
      const chunk = whole.slice(from, from + CHUNK)
      from += CHUNK
      const isLast = from >= whole.length
      const keys = [lease, ...chunk.map(({ id }) => this.#names.value(id)), ...(isLast ? goneKeys : [])]
      const values = chunk.map((state) => encodeValue(header, state, this.#keep))
      const args = [value, channel, isLast ? text : '', String(this.#keep), ...values]
      this.#commands.inTime(this.#commands.run(TELL, keys, args)).then(
        (result) => {
          if (result === 0) this.#lease.refused(value)
        },
        () => undefined,
      )
    } while (from < whole.length)
  }
}

/** @throws {TypeError} if JSON has nothing for the item */
function checked(state: SharedState): SharedState {
  const text: unknown = JSON.stringify(state.item ?? 0)
  if (typeof text === 'string' && text !== 'null') return state
  throw new TypeError(`the item ${JSON.stringify(state.id)} has no form in JSON`)
}

function bare({ item, ...state }: SharedState): SharedState {
  void item
  return state
}
