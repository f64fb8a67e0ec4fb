import type { ItemId } from '@auto-refresh/core'
import type { Ack, Beat, Done, SharedError, SharedStatus } from '../protocol/message.ts'

/** The states that an outbox looks up when it is read. */
export interface OutboxPort {
  /** The newest state of an id as JSON, without the item for who has this version. */
  text(id: ItemId, known: string | undefined): string | undefined
  version(id: ItemId): string | undefined
  status(): SharedStatus
  beat(): Beat
}

/** Length of a message above which the rest waits until it is taken, characters. A longer state goes alone. */
const CHUNK = 200_000
/** Characters of an empty list. */
const EMPTY = 2
/** Most states of one message: half of what a client accepts. */
const STATES = 5000

/**
 * News for a client: ids, of which the newest state goes out when the stream takes something (H3). Its size is
 * bounded by what the client wants, but for acknowledgements.
 */
export class Outbox {
  readonly #port: OutboxPort
  readonly #states = new Set<ItemId>()
  readonly #failed = new Map<ItemId, SharedError>()
  readonly #gone = new Set<ItemId>()
  readonly #acks: Ack[] = []
  readonly #dones: Done[] = []
  /** Versions that the client has, by each id that it wants; '' for none. */
  readonly #known = new Map<ItemId, string>()
  #isStatusNew = false
  #isBeatDue = false
  #mustAskInFull = false
  #greeting: string | undefined
  /** True: nothing but beats goes out, because the client's rights are not known (H2). */
  isSealed = false

  constructor(port: OutboxPort) {
    this.#port = port
  }

  /** Number of what waits, beats aside. */
  get size(): number {
    return this.#states.size + this.#failed.size + this.#gone.size + this.#acks.length + this.#dones.length
  }

  /** The client wants an id, and says which version it has, if any. */
  knows(id: ItemId, version: string = ''): void {
    this.#known.set(id, version)
  }

  state(id: ItemId): void {
    this.#failed.delete(id)
    this.#gone.delete(id)
    this.#states.add(id)
  }

  fail(id: ItemId, error: SharedError): void {
    this.#states.delete(id)
    this.#failed.set(id, error)
  }

  gone(id: ItemId): void {
    this.forget(id)
    this.#gone.add(id)
  }

  /** The client does not want the id any more. */
  forget(id: ItemId): void {
    this.#states.delete(id)
    this.#failed.delete(id)
    this.#gone.delete(id)
    this.#known.delete(id)
  }

  /** An ask is acknowledged. @param seq number of the leader's last answers before */
  ack(n: number, seq: number): void {
    this.#acks.push({ type: 'ack', n, seq, states: [] })
  }

  done(done: Done): void {
    this.#dones.push(done)
  }

  status(): void {
    this.#isStatusNew = true
  }

  beat(): void {
    this.#isBeatDue = true
  }

  /** A stream begins: of this hub, and with a beat, because some browsers wait for a first byte (H5). */
  greet(hub: string): void {
    this.#greeting = hub
    this.#isBeatDue = true
    this.#isStatusNew = true
  }

  lead(): void {
    this.#mustAskInFull = true
  }

  /** Returns what goes out now, as server-sent events; undefined for nothing. */
  take(): string | undefined {
    const beat = this.#port.beat()
    let text = this.#greeting === undefined ? '' : event('hub', JSON.stringify({ hub: this.#greeting }))
    this.#greeting = undefined
    if (this.#isBeatDue) text += event(beat.type, JSON.stringify(beat))
    this.#isBeatDue = false
    if (!this.isSealed) text += this.#news(beat.seq)
    return text === '' ? undefined : text
  }

  #news(seq: number): string {
    let text = ''
    if (this.#mustAskInFull) text += event('lead', '{"type":"lead"}')
    this.#mustAskInFull = false
    // A state may be newer than an `ack` before it, but never older: its own number says so (K4).
    for (const ack of this.#acks.splice(0)) text += event('ack', JSON.stringify(ack))
    text += this.#answers(seq)
    // A refresh is done after the states of its ids.
    if (this.#states.size + this.#failed.size + this.#gone.size === 0) {
      for (const done of this.#dones.splice(0)) text += event('done', JSON.stringify(done))
    }
    return text
  }

  #answers(seq: number): string {
    const gone = this.#takeGone()
    const states = this.#takeStates(seq, JSON.stringify(gone).length)
    if (states.length === 0 && gone.length === 0 && !this.#isStatusNew) return ''
    const tail = this.#isStatusNew ? `,"status":${JSON.stringify(this.#port.status())}` : ''
    this.#isStatusNew = false
    return event(
      'answers',
      `{"type":"answers","seq":${seq},"states":[${states.join()}],"gone":${JSON.stringify(gone)}${tail}}`,
    )
  }

  #takeGone(): readonly ItemId[] {
    const gone: ItemId[] = []
    let length = 0
    for (const id of this.#gone) {
      if (length > CHUNK) break
      this.#gone.delete(id)
      gone.push(id)
      length += id.length
    }
    return gone
  }

  /** @param taken characters that the message has already */
  #takeStates(seq: number, taken: number): readonly string[] {
    const states: string[] = []
    let length = taken
    /** Adds a state. False if the message has no room for it. */
    const add = (text: string): boolean => {
      if (states.length >= STATES || (length > EMPTY && length + text.length > CHUNK)) return false
      states.push(text)
      length += text.length
      return true
    }
    for (const [id, error] of this.#failed) {
      if (!add(JSON.stringify({ id, seq, error, failureCount: 1 }))) return states
      this.#failed.delete(id)
    }
    for (const id of this.#states) {
      const text = this.#port.text(id, this.#known.get(id))
      if (text !== undefined && !add(text)) break
      this.#states.delete(id)
      const version = this.#port.version(id)
      if (text !== undefined && version !== undefined && this.#known.has(id)) this.#known.set(id, version)
    }
    return states
  }
}

/** A server-sent event. JSON has no line breaks. */
function event(type: string, data: string): string {
  return `event: ${type}\ndata: ${data}\n\n`
}
