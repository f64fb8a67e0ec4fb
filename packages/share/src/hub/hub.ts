import type { AutoRefresh, Clock, ItemId } from '@auto-refresh/core'
import { systemClock } from '@auto-refresh/core/adapter'
import { Leader } from '../leader/leader.ts'
import { statusOf } from '../leader/status-of.ts'
import type { Answers, Ask, LeaderBody } from '../protocol/message.ts'
import { Client } from './client.ts'
import { EncodedItems } from './encoded-items.ts'
import { CheckFailed, Gate } from './gate.ts'
import { type Posted, readBody, readPosted, readStatusWishes, Rejected, type StatusWish } from './incoming.ts'
import { NewestStates } from './newest-states.ts'
import { type HubOptions, type Principal, resolveLimits } from './options.ts'
import { Outbox } from './outbox.ts'
import { Readers } from './readers.ts'
import { BEAT, Session } from './session.ts'
import { StatusDesk } from './status-desk.ts'
import { TextBytes } from './text-bytes.ts'

/** Name of the member that wants what is asked for by status. No session has it. */
const STATUS = 'status'
/** Name of the member that wants what the clients want. */
const CLIENTS = 'clients'
/** ms over which clients come back that were sent away. */
const SPREAD = 10_000

/** ms between two times at which the leader forgets what is over. */
const TIDYING = 10_000

/** Times that rights are looked at for one request, if they are revoked meanwhile. */
const MAX_TRIES = 5

/** What a request may do. */
interface Rights<P> {
  readonly principal: P
  readonly readable: ReadonlySet<ItemId>
}

/** Counters of a hub. */
export interface HubStats {
  /** Open streams. */
  readonly clients: number
  /** Ids that somebody wants. */
  readonly ids: number
}

/**
 * Pushes the items of a cache to browsers and other clients, over any `AutoRefresh`. `fetch` answers their requests, under
 * any path.
 *
 * ```ts
 * const hub = new Hub(jobs, { authorize: (request) => userOf(request), mayRead: (user, id) => user.owns(id) })
 * app.post('/jobs/*', (context) => hub.fetch(context.req.raw))   // Hono
 * Deno.serve(hub.fetch)
 * ```
 */
export class Hub<Item, P extends Principal> {
  /** Another one for each hub, because each counts its answers anew. */
  readonly #name = crypto.randomUUID()
  readonly #cache: AutoRefresh<Item>
  readonly #clock: Clock
  readonly #random: () => number
  readonly #gate: Gate<P>
  readonly #limits: ReturnType<typeof resolveLimits>
  readonly #shape: string
  readonly #leader: Leader<Item>
  readonly #states: NewestStates<Item>
  readonly #status: StatusDesk<Item>
  readonly #readers: Readers<Client>
  readonly #owners = new Map<Client, Session<P>>()
  readonly #sessions = new Map<string, Session<P>>()
  /** Open sessions, the one whose beat is due first at the front. */
  readonly #beats = new Set<Session<P>>()
  readonly #toWrite = new Set<Session<P>>()
  readonly #bytes = new TextBytes()
  #timer: unknown
  #timerAt = Infinity
  #tidyAt = 0
  #revocations = 0
  #isClosed = false

  /**
   * @param cache polls what the clients want, and is started and stopped by the application
   * @throws {TypeError} if a check is missing
   * @throws {RangeError} if a limit is out of its range
   */
  constructor(cache: AutoRefresh<Item>, options: HubOptions<Item, P>) {
    for (const name of ['authorize', 'mayRead'] as const) {
      if (typeof options[name] !== 'function') throw new TypeError(`${name} must be a function`)
    }
    const {
      clock = systemClock,
      random = () => Math.random(),
      serialize = (item: Item): unknown => item,
    } = options
    this.#cache = cache
    this.#clock = clock
    this.#random = random
    this.#gate = new Gate(options, clock)
    this.#limits = resolveLimits(options.limits)
    this.#shape = options.version ?? ''
    const items = new EncodedItems(serialize)
    this.#states = new NewestStates(items, cache)
    this.#leader = new Leader<Item>(
      {
        back: cache,
        versionOf: (item) => items.get(item).version,
        serialize: (item) => item,
        send: (body, to) => this.#send(body, to),
        publish: (answers) => this.#publish(answers),
        now: () => clock.now(),
        wake: () => this.#arm(),
      },
      // The stream is the sign of life (H9).
      Infinity,
    )
    let n = 0
    this.#readers = new Readers({
      changed: (add, remove) => {
        n += 1
        this.#leader.receive(CLIENTS, { type: 'ask', n, add, remove })
      },
    })
    this.#status = new StatusDesk({
      back: cache,
      items,
      clock,
      tell: (ask) => this.#leader.receive(STATUS, ask),
    })
  }

  /** Answers a request of a client: `POST …/stream`, `POST …/ask` or `POST …/status`. Never rejects. */
  readonly fetch = async (request: Request): Promise<Response> => {
    try {
      return await this.#answer(request)
    } catch (error) {
      if (error instanceof Rejected) return reply(error.status)
      if (error instanceof CheckFailed) return this.#sendAway()
      throw error
    }
  }

  /**
   * Looks at rights anew, at once, of all clients whose principal matches. Resolves when that is done.
   *
   * ```ts
   * await hub.revoke((user) => user.id === loggedOut)
   * ```
   */
  async revoke(match: (principal: P) => boolean): Promise<void> {
    this.#revocations += 1
    const sessions = [...this.#sessions.values()].filter(({ principal }) => match(principal))
    await Promise.all(sessions.map((session) => session.renew()))
  }

  /** Ends all streams: their clients come back spread over 10 s. New requests get 503. Leaves the cache as it is. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const session of [...this.#sessions.values()]) {
      session.end(`retry: ${Math.round(1000 + this.#random() * SPREAD)}\n\n`)
    }
    this.#leader.close()
    this.#clock.clearTimeout(this.#timer)
  }

  stats(): HubStats {
    return { clients: this.#sessions.size, ids: this.#leader.size }
  }

  async #answer(request: Request): Promise<Response> {
    if (request.method !== 'POST') return reply(405)
    const action = new URL(request.url).pathname.split('/').at(-1)
    if (action !== 'stream' && action !== 'ask' && action !== STATUS) return reply(404)
    if (this.#isClosed) return this.#sendAway()
    const principal = await this.#gate.admit(request)
    if (principal === undefined || principal === null) return reply(401)
    const body = await readBody(request, this.#limits.bytes, this.#shape)
    if (action === STATUS) return this.#answerStatus(request, readStatusWishes(body))
    const posted = readPosted(body)
    const key = JSON.stringify([principal.id, posted.from])
    if (action === 'ask' && !this.#sessions.has(key)) return reply(409)
    if (action === 'stream' && this.#isFull(key)) return this.#sendAway()
    const rights = await this.#rights(request, idsOf(posted))
    if (rights?.principal.id !== principal.id) return reply(401)
    return action === 'ask'
      ? this.#change(key, posted, rights.readable)
      : this.#open(key, request, posted, rights)
  }

  async #answerStatus(request: Request, wishes: readonly StatusWish[]): Promise<Response> {
    const ids = wishes.map(({ id }) => id)
    const rights = await this.#rights(request, ids)
    if (rights === undefined) return reply(401)
    if (this.#isClosed) return this.#sendAway()
    const known = this.#status.ready(wishes, rights.readable)
    this.#arm()
    await known
    this.#arm()
    // It may have taken long.
    const now = known === undefined ? rights : await this.#rights(request, ids)
    if (now === undefined) return reply(401)
    return new Response(this.#status.answer(wishes, now.readable), { headers: JSON_HEADERS })
  }

  /** Who asks, and what of these ids they may read; undefined: nobody who may. What was looked at before `revoke` is looked at anew. */
  async #rights(request: Request, ids: readonly ItemId[]): Promise<Rights<P> | undefined> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const revocations = this.#revocations
      const principal = await this.#gate.admit(request)
      if (principal === undefined || principal === null) return undefined
      const readable = await this.#gate.readable(principal, ids)
      if (revocations === this.#revocations) return { principal, readable }
    }
    throw new CheckFailed('rights are revoked without end')
  }

  #change(key: string, posted: Posted, readable: ReadonlySet<ItemId>): Response {
    const session = this.#sessions.get(key)
    if (session === undefined) return reply(409)
    this.#receive(session, posted, readable)
    return reply(204)
  }

  #open(key: string, request: Request, posted: Posted, { principal, readable }: Rights<P>): Response {
    // Much may have happened while the application was asked.
    if (this.#isClosed || this.#isFull(key)) return this.#sendAway()
    if (request.signal.aborted) return reply(408)
    const session = this.#sessions.get(key) ?? this.#admit(key, principal, request)
    const body = session.open(principal, request)
    this.#beats.delete(session)
    session.beatAt = this.#clock.now() + BEAT
    this.#beats.add(session)
    this.#receive(session, posted, readable)
    this.#arm()
    return new Response(body, { headers: STREAM_HEADERS })
  }

  #isFull(key: string): boolean {
    return this.#sessions.size >= this.#limits.clients && !this.#sessions.has(key)
  }

  #receive(session: Session<P>, { asks }: Posted, readable: ReadonlySet<ItemId>): void {
    for (const ask of asks) session.client.receive(ask, readable)
    this.#wake(session)
  }

  #admit(key: string, principal: P, request: Request): Session<P> {
    const outbox = new Outbox({
      text: (id, known) => this.#states.text(id, known, this.#clock.now()),
      version: (id) => this.#states.version(id),
      status: () => statusOf(this.#cache),
      beat: () => ({ ...this.#leader.beat(), members: this.#sessions.size + 1 }),
    })
    const client = new Client({
      tell: (ask: Ask) => this.#leader.receive(key, ask),
      outbox,
      readers: this.#readers,
      seq: () => this.#leader.beat().seq,
      maxIds: this.#limits.ids,
    })
    const session = new Session<P>(
      {
        key,
        hub: this.#name,
        client,
        outbox,
        gate: this.#gate,
        now: () => this.#clock.now(),
        random: this.#random,
        encode: (text) => this.#bytes.encode(text),
        wake: () => this.#wake(session),
        ended: () => this.#ended(session),
      },
      principal,
      request,
    )
    this.#sessions.set(key, session)
    this.#owners.set(client, session)
    return session
  }

  #ended(session: Session<P>): void {
    if (this.#sessions.get(session.key) === session) this.#sessions.delete(session.key)
    this.#owners.delete(session.client)
    this.#beats.delete(session)
    this.#toWrite.delete(session)
    session.client.close()
    this.#leader.leave(session.key)
    this.#arm()
  }

  /** To one client. */
  #send(body: LeaderBody, to: string): void {
    if (to === STATUS) {
      this.#status.told(body)
      return
    }
    if (to === CLIENTS) {
      if (body.type === 'ack') for (const state of body.states) this.#note(state)
      return
    }
    const session = this.#sessions.get(to)
    if (session === undefined) return
    session.client.told(body)
    this.#wake(session)
  }

  /** To all clients that want it. */
  #publish({ states, gone, status }: Answers): void {
    for (const state of states) {
      if (!this.#readers.has(state.id)) continue
      this.#note(state)
      for (const client of this.#readers.of(state.id)) {
        client.outbox.state(state.id)
        this.#wakeOwner(client)
      }
    }
    for (const id of gone) {
      this.#states.forget(id)
      for (const client of this.#readers.forget(id)) {
        client.gone(id)
        this.#wakeOwner(client)
      }
    }
    if (status === undefined) return
    for (const session of this.#sessions.values()) {
      session.outbox.status()
      this.#wake(session)
    }
  }

  #note(state: Answers['states'][number]): void {
    this.#states.note(state, this.#clock.now())
  }

  #wakeOwner(client: Client): void {
    const session = this.#owners.get(client)
    if (session !== undefined) this.#wake(session)
  }

  /** Writes at the end of this turn. */
  #wake(session: Session<P>): void {
    const isFirst = this.#toWrite.size === 0
    this.#toWrite.add(session)
    if (!isFirst) return
    void Promise.resolve().then(() => {
      const sessions = [...this.#toWrite]
      this.#toWrite.clear()
      for (const each of sessions) each.write()
    })
  }

  #arm(): void {
    const [first] = this.#beats
    const due = Math.min(first?.beatAt ?? Infinity, this.#leader.dueAt, this.#status.dueAt)
    if (due === this.#timerAt) return
    this.#clock.clearTimeout(this.#timer)
    this.#timerAt = this.#isClosed ? Infinity : due
    if (this.#timerAt === Infinity) return
    this.#timer = this.#clock.setTimeout(() => this.#tick(), Math.max(0, due - this.#clock.now()))
  }

  #tick(): void {
    const now = this.#clock.now()
    this.#timerAt = Infinity
    if (this.#leader.dueAt <= now || this.#tidyAt <= now) {
      this.#leader.tick()
      this.#states.keep((id) => this.#readers.has(id))
      this.#tidyAt = now + TIDYING
    }
    this.#status.tick(now)
    for (const session of this.#beats) {
      if (session.beatAt > now) break
      this.#beats.delete(session)
      session.beatAt = now + BEAT
      this.#beats.add(session)
      session.beat()
    }
    this.#arm()
  }

  /** Answers: come back later, each at another time. */
  #sendAway(): Response {
    return reply(503, { 'retry-after': String(Math.round(2 + (this.#random() * SPREAD) / 1000)) })
  }
}

const JSON_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' }

const STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}

function reply(status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status, headers: { 'cache-control': 'no-store', ...headers } })
}

/** All ids that are named. What is not wanted any more needs no right. */
function idsOf({ asks }: Posted): ItemId[] {
  return asks.flatMap(({ add = [], wrote = [], refresh = [] }) => [
    ...add.map(({ id }) => id),
    ...wrote,
    ...refresh.flatMap(({ ids }) => ids),
  ])
}
