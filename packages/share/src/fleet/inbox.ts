import type { ItemId } from '@auto-refresh/core'
import type { ConnectionEvents } from '../group/transport.ts'
import { MAX_MESSAGE_LENGTH } from '../protocol/limits.ts'
import type { SharedState } from '../protocol/message.ts'
import type { StoredValues } from './stored-values.ts'

type Data = Readonly<Record<string, unknown>>

/** Hands messages on in their order. The items of long ones are read from the store first. */
export class Inbox {
  readonly #values: StoredValues
  readonly #events: ConnectionEvents
  /** Messages that wait for a reading. */
  #waiting = 0
  #last: Promise<void> = Promise.resolve()
  #isClosed = false
  /** Ids whose stored value was older than its announcement. */
  readonly #late = new Set<ItemId>()

  constructor(values: StoredValues, events: ConnectionEvents) {
    this.#values = values
    this.#events = events
  }

  /** Returns undefined if it is no message: then it is counted. */
  parse(text: string): Data | undefined {
    try {
      const data: unknown = text.length <= MAX_MESSAGE_LENGTH ? JSON.parse(text) : undefined
      if (isData(data)) return data
    } catch {
      // Counted below.
    }
    this.#events.unreadable()
    return undefined
  }

  take(message: Data): void {
    const reading = message['isStored'] === true ? this.#fill(message) : undefined
    if (reading === undefined && this.#waiting === 0) {
      this.#events.received(message)
      return
    }
    this.#waiting += 1
    const before = this.#last
    this.#last = (async () => {
      const filled = reading === undefined ? message : await reading
      await before
      this.#waiting -= 1
      if (filled !== undefined && !this.#isClosed) this.#events.received(filled)
    })()
  }

  /** A beat came: what was older than announced is read again (V4). */
  readLate(): void {
    if (this.#late.size === 0) return
    const ids = [...this.#late].filter((id) => this.#events.has(id))
    this.#late.clear()
    this.#values.read(ids).then(
      (states) => this.#isClosed || this.#events.stored(states),
      () => undefined,
    )
  }

  close(): void {
    this.#isClosed = true
  }

  /** Puts the stored items into a message. If the store does not answer, the message is as lost. */
  async #fill(message: Data): Promise<Data | undefined> {
    const states: unknown = message['states']
    if (!Array.isArray(states)) return message
    const wanted = states.filter(
      (state): state is SharedState =>
        isData(state) && typeof state['id'] === 'string' && this.#events.has(state['id']),
    )
    try {
      const ids = wanted.filter(({ version }) => version !== undefined).map(({ id }) => id)
      const found = new Map((await this.#values.read(ids)).map((state) => [state.id, state]))
      const filled: SharedState[] = []
      for (const state of wanted) {
        const { item, version } = found.get(state.id) ?? {}
        if (state.version === undefined) filled.push(state)
        else if (item !== undefined && version === state.version) filled.push({ ...state, item })
        else this.#late.add(state.id)
      }
      return { ...message, states: filled }
    } catch {
      return undefined
    }
  }
}

function isData(data: unknown): data is Data {
  return typeof data === 'object' && data !== null
}
