import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import { systemClock } from '@auto-refresh/core/adapter'
import { CheckFailed, Gate } from './gate.ts'
import { type Posted, readBody, readPosted, readStatusWishes, Rejected, type StatusWish } from './incoming.ts'
import { type HubOptions, type Principal, resolveLimits } from './options.ts'
import { type Rights, Sessions } from './sessions.ts'

/** ms over which clients come back that were sent away. */
const SPREAD = 10_000

/** Times that rights are looked at for one request, if they are revoked meanwhile. */
const MAX_TRIES = 5

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
  readonly #gate: Gate<P>
  readonly #limits: ReturnType<typeof resolveLimits>
  readonly #shape: string
  readonly #sessions: Sessions<Item, P>
  readonly #random: () => number
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
    this.#random = random
    this.#gate = new Gate(options, clock)
    this.#limits = resolveLimits(options.limits)
    this.#shape = options.version ?? ''
    this.#sessions = new Sessions({
      cache,
      clock,
      gate: this.#gate,
      maxIds: this.#limits.ids,
      random,
      serialize,
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
    await this.#sessions.renew(match)
  }

  /** Ends all streams: their clients come back spread over 10 s. New requests get 503. Leaves the cache as it is. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#sessions.close(() => `retry: ${Math.round(1000 + this.#random() * SPREAD)}\n\n`)
  }

  stats(): HubStats {
    return { clients: this.#sessions.size, ids: this.#sessions.ids }
  }

  async #answer(request: Request): Promise<Response> {
    if (request.method !== 'POST') return reply(405)
    const action = new URL(request.url).pathname.split('/').at(-1)
    if (action !== 'stream' && action !== 'ask' && action !== 'status') return reply(404)
    if (this.#isClosed) return this.#sendAway()
    const principal = await this.#gate.admit(request)
    if (principal === undefined || principal === null) return reply(401)
    const body = await readBody(request, this.#limits.bytes, this.#shape)
    if (action === 'status') return this.#answerStatus(request, readStatusWishes(body))
    const posted = readPosted(body)
    const key = JSON.stringify([principal.id, posted.from])
    if (action === 'ask' && !this.#sessions.has(key)) return reply(409)
    if (action === 'stream' && this.#isFull(key)) return this.#sendAway()
    const rights = await this.#rights(request, idsOf(posted))
    if (rights?.principal.id !== principal.id) return reply(401)
    if (action === 'stream') return this.#open(key, request, posted, rights)
    return reply(this.#sessions.change(key, posted, rights.readable) ? 204 : 409)
  }

  async #answerStatus(request: Request, wishes: readonly StatusWish[]): Promise<Response> {
    const ids = wishes.map(({ id }) => id)
    const rights = await this.#rights(request, ids)
    if (rights === undefined) return reply(401)
    if (this.#isClosed) return this.#sendAway()
    const known = this.#sessions.status.ready(wishes, rights.readable)
    this.#sessions.arm()
    await known
    this.#sessions.arm()
    // It may have taken long.
    const now = known === undefined ? rights : await this.#rights(request, ids)
    if (now === undefined) return reply(401)
    return new Response(this.#sessions.status.answer(wishes, now.readable), { headers: JSON_HEADERS })
  }

  /** The client that asks, and which of these ids it may read; undefined: it may not ask. After `revoke` both are looked at anew. */
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

  #open(key: string, request: Request, posted: Posted, rights: Rights<P>): Response {
    // Much may have happened while the application was asked.
    if (this.#isClosed || this.#isFull(key)) return this.#sendAway()
    if (request.signal.aborted) return reply(408)
    const body = this.#sessions.open(key, request, posted, rights)
    return new Response(body, { headers: STREAM_HEADERS })
  }

  #isFull(key: string): boolean {
    return this.#sessions.size >= this.#limits.clients && !this.#sessions.has(key)
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
