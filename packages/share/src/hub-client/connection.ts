import type { Clock, ItemId } from '@auto-refresh/core'
import type { Connection, ConnectionEvents, GroupKey, Timing } from '../group/transport.ts'
import { MAX_MESSAGE_LENGTH } from '../protocol/limits.ts'
import { type Ask, type LeaderBody, type Message, PROTOCOL } from '../protocol/message.ts'
import { Alarm } from './alarm.ts'
import { Backoff } from './backoff.ts'
import { Beats } from './beats.ts'
import { EventStream, type StreamEnd } from './event-stream.ts'
import { isUrgent, Posts } from './posts.ts'
import { HubError, type HubServer } from './server.ts'

/** Name of the leader: a client has only one. */
const HUB = 'hub'
/** ms for which a client that wants nothing keeps its stream (H10). */
const IDLE = 10_000
/** ms between two openings because changes meet another server. */
const REOPENING = 1000

interface ConnectionPort {
  readonly server: HubServer
  readonly clock: Clock
  readonly random: () => number
  readonly timing: Timing
}

/** A client's connection to its hub: a stream down, requests up. */
export class HubConnection implements Connection {
  readonly name: string
  readonly #port: ConnectionPort
  readonly #key: GroupKey
  readonly #events: ConnectionEvents
  readonly #backoff: Backoff
  readonly #posts: Posts
  /** Until then no stream is opened. */
  readonly #waiting: Alarm
  readonly #idle: Alarm
  readonly #wants = new Set<ItemId>()
  #stream: EventStream | undefined
  #beats: Beats
  #beatAt = -Infinity
  #seq = 0
  /** The hub of the last stream. Another one counts its answers anew, so that it is another leader. */
  #hub: string | undefined
  #epoch = 1
  #openedAt = -Infinity
  /** True if the group was asked for an ask in full, and has not answered yet. */
  #isAskDue = false
  #stopListening: (() => void) | undefined
  #isClosed = false

  constructor(port: ConnectionPort, key: GroupKey, events: ConnectionEvents) {
    this.#port = port
    this.#key = key
    this.#events = events
    this.name = randomName()
    this.#backoff = new Backoff(port.random)
    this.#beats = new Beats(port.timing.beat)
    this.#waiting = new Alarm(port.clock, () => this.#reopen())
    this.#idle = new Alarm(port.clock, () => this.#rest())
    this.#posts = new Posts({
      clock: port.clock,
      post: async (asks, signal) => {
        await port.server.post('ask', { from: this.name, asks }, signal)
      },
      elsewhere: () => this.#wait(Math.max(0, this.#openedAt + REOPENING - port.clock.now())),
      refused: (error) => this.#ended({ retry: undefined, error, isHeld: false }),
      timeout: port.timing.beat,
    })
  }

  get why(): 'stream-held' | undefined {
    return this.#backoff.isHeld ? 'stream-held' : undefined
  }

  send(message: Message): void {
    if (message.type === 'ask') this.#ask(message)
    // Time was missed: nobody knows whether the stream is alive (K7). The ask in full that follows opens another.
    else if (message.type === 'hello') this.#ready()
  }

  stand(): void {
    // The hub leads.
  }

  resign(): void {
    // The hub leads.
  }

  close(): void {
    this.#isClosed = true
    this.#drop()
    this.#waiting.clear()
    this.#idle.clear()
    this.#posts.close()
  }

  #ask({ type, n, full, add, remove, wrote, refresh }: Ask): void {
    // Without the header: what the hub needs of it is in the request.
    const ask: Ask = {
      type,
      n,
      ...(full && { full }),
      ...(add && { add }),
      ...(remove && { remove }),
      ...(wrote && { wrote }),
      ...(refresh && { refresh }),
    }
    this.#isAskDue = false
    if (ask.full === true) this.#wants.clear()
    for (const { id } of ask.add ?? []) this.#wants.add(id)
    for (const id of ask.remove ?? []) this.#wants.delete(id)
    if (this.#wants.size > 0 || isUrgent(ask)) this.#idle.clear()
    else if (this.#stream !== undefined && !this.#idle.isSet) this.#idle.set(IDLE)
    this.#posts.add(ask)
    // At the end of the turn, so that the opening has all that was asked in it.
    if (this.#mayOpen) void Promise.resolve().then(() => this.#answerOrOpen())
  }

  get #mayOpen(): boolean {
    return this.#stream === undefined && !this.#waiting.isSet && !this.#isClosed
  }

  #answerOrOpen(): void {
    if (!this.#mayOpen || this.#posts.isEmpty) return
    if (this.#wants.size === 0 && !this.#posts.isUrgent && this.#hub !== undefined) this.#answerIdle()
    else if (this.#posts.isFull) this.#open()
    else this.#reopen()
  }

  #open(): void {
    const { clock, server, timing } = this.#port
    const asks = this.#posts.take()
    this.#beats = new Beats(timing.beat)
    this.#idle.clear()
    this.#openedAt = clock.now()
    this.#stream = new EventStream({
      clock,
      lease: timing.lease,
      open: (signal) => server.post('stream', { from: this.name, asks }, signal),
      opened: () => this.#posts.open(),
      event: (type, data) => this.#event(type, data),
      ended: (end) => this.#ended(end),
    })
    if (this.#wants.size === 0) this.#idle.set(IDLE)
  }

  #event(type: string, data: string): void {
    const body = data.length > MAX_MESSAGE_LENGTH ? undefined : parse(data)
    if (body === undefined) {
      this.#events.unreadable()
      return
    }
    if (type === HUB) {
      this.#meet(String(body['hub']))
      return
    }
    if (type === 'beat') {
      const isFirst = this.#beats.isNone
      const now = this.#port.clock.now()
      if (this.#beats.add(now)) {
        this.#heldBack()
        return
      }
      if (this.#beats.isProved) this.#backoff.proved()
      // The first one goes out with the head, and would seem to have waited with the last one of the stream before (K19).
      if (isFirst && now - this.#beatAt < this.#port.timing.beat / 2) return
      this.#beatAt = now
    }
    if (typeof body['seq'] === 'number') this.#seq = body['seq']
    this.#received(withValidators(body))
  }

  /** The stream is of this hub. */
  #meet(hub: string): void {
    if (this.#hub !== undefined && this.#hub !== hub) {
      this.#epoch += 1
      this.#seq = 0
      this.#beatAt = -Infinity
    }
    this.#hub = hub
  }

  #received(body: Readonly<Record<string, unknown>>): void {
    this.#events.received({
      ...body,
      v: PROTOCOL,
      ...this.#key,
      epoch: this.#epoch,
      from: HUB,
      to: this.name,
    })
  }

  #ended(end: StreamEnd): void {
    const { error } = end
    this.#wait(this.#backoff.delay(end, this.#beats.isProved))
    if (!(error instanceof HubError) || error.code === 'HTTP') return
    // That is an answer: there is no leader here, and the group asks by status, which says why.
    this.#tell({ type: 'bye' })
    this.#stopListening = this.#port.server.onAdmitted(() => this.#reopen())
  }

  /** Messages come late: the group asks by status, as if none came. */
  #heldBack(): void {
    this.#ended({ retry: undefined, error: undefined, isHeld: true })
    this.#tell({ type: 'bye' })
  }

  #tell(body: LeaderBody): void {
    this.#received({ ...body })
  }

  /** No stream for that long, ms. */
  #wait(delay: number): void {
    this.#drop()
    this.#waiting.set(delay)
  }

  /** A stream is opened by the next ask in full. */
  #ready(): void {
    this.#drop()
    this.#waiting.clear()
  }

  /** Asks the group for an ask in full, which opens a stream. */
  #reopen(): void {
    if (this.#isClosed) return
    this.#ready()
    if (this.#isAskDue) return
    this.#isAskDue = true
    this.#events.reconnected()
    // A group that is alone, because its leader was silent, asks only once it hears a leader.
    this.#port.clock.setTimeout(() => {
      const isUnasked = this.#isAskDue
      this.#isAskDue = false
      if (isUnasked && this.#mayOpen) this.#open()
    }, 0)
  }

  #drop(): void {
    this.#stopListening?.()
    this.#stopListening = undefined
    this.#stream?.close()
    this.#stream = undefined
    this.#posts.drop()
  }

  /** Nothing has been wanted for a while: the stream is ended, or the hub is vouched for. */
  #rest(): void {
    if (this.#wants.size > 0 || this.#waiting.isSet) return
    if (this.#stream !== undefined) this.#drop()
    this.#beatAt = this.#port.clock.now()
    this.#tell({ type: 'beat', seq: this.#seq, members: 1 })
    this.#idle.set(this.#port.timing.beat)
  }

  /** Nothing is wanted, so that there is nothing to be told, and no leader needed (H10). */
  #answerIdle(): void {
    for (const { n } of this.#posts.take()) this.#tell({ type: 'ack', n, seq: this.#seq, states: [] })
    if (!this.#idle.isSet) this.#idle.set(this.#port.timing.beat)
  }
}

/** A version is the validator of a client's items: by it the hub is asked by status. */
function withValidators(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { states } = body
  if (!Array.isArray(states)) return body
  return {
    ...body,
    states: states.map((state: unknown) =>
      isRecord(state) ? Object.assign({}, state, { validator: state['version'] }) : state,
    ),
  }
}

function parse(data: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const body: unknown = JSON.parse(data)
    return isRecord(body) ? body : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-')
}
