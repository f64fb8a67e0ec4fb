import type { ItemId } from '@auto-refresh/core'
import type { GroupKey, StoredState } from '../group/transport.ts'
import { MAX_DELAY, MAX_MESSAGE_LENGTH } from '../protocol/limits.ts'
import type { Header, SharedState } from '../protocol/message.ts'
import { readMessage } from '../protocol/read.ts'
import type { Commands } from './commands.ts'
import type { Names } from './names.ts'
import { READ } from './scripts.ts'

/** Most values that one command reads, because the server does nothing else meanwhile. */
export const CHUNK = 500

/**
 * Encodes a state for the store: as `answers` of its own, so that it is checked like a message when it is read.
 *
 * @param keep ms for which it is kept
 * @throws if the item cannot cross as JSON, or is too long
 */
export function encodeValue(header: Header, state: SharedState, keep: number): string {
  const { to: _, ...rest } = header
  const text = JSON.stringify({ ...rest, type: 'answers', seq: state.seq, states: [state], gone: [], keep })
  if (text.length <= MAX_MESSAGE_LENGTH) return text
  throw new RangeError(`${text.length} characters as JSON, and a message has at most ${MAX_MESSAGE_LENGTH}`)
}

/** The stored states of a group. */
export class StoredValues {
  readonly #commands: Commands
  readonly #names: Names
  readonly #key: GroupKey
  readonly #unreadable: () => void

  /** @param unreadable called for each value that is there and cannot be read (V3) */
  constructor(commands: Commands, names: Names, key: GroupKey, unreadable: () => void) {
    this.#commands = commands
    this.#names = names
    this.#key = key
    this.#unreadable = unreadable
  }

  /** @throws if the store does not answer in time */
  async read(ids: readonly ItemId[]): Promise<readonly StoredState[]> {
    const chunks: (readonly ItemId[])[] = []
    for (let from = 0; from < ids.length; from += CHUNK) chunks.push(ids.slice(from, from + CHUNK))
    const found = await Promise.all(chunks.map((chunk) => this.#readChunk(chunk)))
    return found.flat()
  }

  async #readChunk(ids: readonly ItemId[]): Promise<readonly StoredState[]> {
    const keys = ids.map((id) => this.#names.value(id))
    const found = await this.#commands.inTime(this.#commands.run(READ, keys, []))
    if (!Array.isArray(found)) return []
    return ids.flatMap((id, index) => {
      const value: unknown = found[2 * index]
      if (typeof value !== 'string' || value === '') return []
      const state = this.#decode(id, value, Number(found[2 * index + 1]))
      if (state === undefined) this.#unreadable()
      return state ?? []
    })
  }

  /** The age goes by the time to live, because no two machines' clocks are compared (V5). */
  #decode(id: ItemId, value: string, left: number): StoredState | undefined {
    const data = parse(value)
    const message = readMessage(data, this.#key)
    if (typeof message === 'string' || message.type !== 'answers') return undefined
    const [state] = message.states
    const keep = typeof data === 'object' && data !== null && 'keep' in data ? Number(data.keep) : 0
    const passed = keep - left
    if (state?.id !== id || !(passed >= 0 && passed <= MAX_DELAY)) return undefined
    return {
      ...state,
      epoch: message.epoch,
      ...(state.age !== undefined && { age: state.age + passed }),
      ...(state.next !== undefined && { next: Math.max(0, state.next - passed) }),
      ...(state.wait !== undefined && { wait: Math.max(0, state.wait - passed) }),
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
