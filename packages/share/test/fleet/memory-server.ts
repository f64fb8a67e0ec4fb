import type { Clock } from '@auto-refresh/core'
import type { ChannelEvents, FleetStore } from '@auto-refresh/share/fleet'
import { READ, RELEASE, RENEW, type Script, TAKE, TELL } from '../../src/fleet/scripts.ts'

/** How a client reaches the server. `hung`: commands wait, and are carried out when it is over, as from an offline queue. */
export type Link = 'well' | 'away' | 'hung' | 'mute'

interface Value {
  readonly text: string
  /** ms on the clock. */
  readonly endsAt: number
}

/**
 * A server of the port's scripts on a virtual clock. What each script does here is compared with a real server by
 * `scripts.test.ts`.
 */
export class MemoryServer {
  readonly #clock: Clock
  readonly values = new Map<string, Value>()
  readonly #scripts = new Set<string>()
  readonly clients: MemoryClient[] = []
  /** ms by which the server's clock differs. */
  skew = 0
  isFull = false
  /** Number of commands that were carried out. */
  commands = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @param latency ms there, and ms back. 0: commands are answered without a move of the clock; messages wait for one */
  client(latency = 1): MemoryClient {
    const client = new MemoryClient(this, this.#clock, latency)
    this.clients.push(client)
    return client
  }

  flushAll(): void {
    this.values.clear()
  }

  /** Restarted: nothing is left, and every connection was lost. */
  restart(): void {
    this.flushAll()
    this.#scripts.clear()
    for (const client of this.clients) client.lostConnection()
  }

  get(key: string): string | undefined {
    const value = this.values.get(key)
    if (value === undefined || value.endsAt <= this.#clock.now()) return undefined
    return value.text
  }

  set(key: string, text: string, ms: number): void {
    if (this.isFull) throw new Error("OOM command not allowed when used memory > 'maxmemory'.")
    this.values.set(key, { text, endsAt: this.#clock.now() + ms })
  }

  left(key: string): number {
    return Math.max(0, Math.ceil((this.values.get(key)?.endsAt ?? 0) - this.#clock.now()))
  }

  publish(channel: string, text: string): number {
    this.commands += 1
    return this.#announce(channel, text)
  }

  eval(source: string, keys: readonly string[], args: readonly string[]): unknown {
    this.commands += 1
    const script = SCRIPTS.find((each) => each.source === source)
    if (script === undefined) throw new Error('an unknown script')
    this.#scripts.add(script.sha1)
    return this.#run(script, keys, args)
  }

  evalSha(sha1: string, keys: readonly string[], args: readonly string[]): unknown {
    this.commands += 1
    const script = SCRIPTS.find((each) => each.sha1 === sha1)
    if (script === undefined || !this.#scripts.has(sha1)) throw new Error('NOSCRIPT No matching script.')
    return this.#run(script, keys, args)
  }

  #announce(channel: string, text: string): number {
    for (const client of this.clients) client.deliver(channel, text)
    return this.clients.length
  }

  #run(script: Script, keys: readonly string[], args: readonly string[]): unknown {
    const [key = '', second = ''] = keys
    const held = this.get(key)
    if (script === READ) return keys.flatMap((each) => [this.get(each) ?? '', this.left(each)])
    if (script === TAKE) {
      const [token, lease, seen, keep] = args
      if (held !== undefined) return [0, this.left(key), held]
      const now = Math.floor(this.#clock.epoch() + this.skew)
      const last = Number(this.get(second) ?? 0)
      const known = last < now + 172_800_000 ? last : 0
      const fence = String(Math.max(known + 1, Number(seen) + 1, now))
      this.set(second, fence, Number(keep))
      this.set(key, `${fence}:${token ?? ''}`, Number(lease))
      return [1, fence]
    }
    if (script === RELEASE) {
      const [token = '', channel = '', text = ''] = args
      if (held?.endsWith(`:${token}`) !== true) return 0
      this.values.delete(key)
      this.#announce(channel, text)
      return 1
    }
    const [value = '', ...rest] = args
    if (held !== value) return 0
    if (script === RENEW) {
      this.set(key, value, Number(rest[0]))
      const fence = this.get(second)
      if (fence !== undefined) this.set(second, fence, Number(rest[1]))
      return 1
    }
    const [channel = '', text = '', keep, ...values] = rest
    for (const [index, each] of values.entries()) this.set(keys[index + 1] ?? '', each, Number(keep))
    for (const each of keys.slice(values.length + 1)) this.values.delete(each)
    if (text !== '') this.#announce(channel, text)
    return 1
  }
}

const SCRIPTS: readonly Script[] = [TAKE, RENEW, RELEASE, TELL, READ]

/** A process's client. Commands arrive in their order. */
export class MemoryClient implements FleetStore {
  readonly database = 0
  readonly #server: MemoryServer
  readonly #clock: Clock
  readonly #subscriptions = new Set<{ readonly channel: string; readonly events: ChannelEvents }>()
  latency: number
  #link: Link = 'well'
  /** Its subscriptions look well, and bring nothing. */
  isDeaf = false
  /** True if a deaf one hears again on a new connection only. */
  needsConnection = false
  /** True if a message does not arrive here. */
  loses: (text: string) => boolean = () => false
  reconnections = 0
  #waiting: (() => void)[] = []

  constructor(server: MemoryServer, clock: Clock, latency: number) {
    this.#server = server
    this.#clock = clock
    this.latency = latency
  }

  get subscriptions(): number {
    return this.#subscriptions.size
  }

  get link(): Link {
    return this.#link
  }

  set link(link: Link) {
    const wasAway = this.#link === 'away'
    this.#link = link
    if (link === 'hung') return
    for (const send of this.#waiting.splice(0)) send()
    if (wasAway && link === 'well') this.lostConnection()
  }

  evalSha(sha1: string, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return this.#send(() => this.#server.evalSha(sha1, keys, args))
  }

  eval(source: string, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return this.#send(() => this.#server.eval(source, keys, args))
  }

  publish(channel: string, text: string): Promise<unknown> {
    return this.#send(() => this.#server.publish(channel, text))
  }

  subscribe(channel: string, events: ChannelEvents): () => void {
    const subscription = { channel, events }
    this.#subscriptions.add(subscription)
    if (!this.needsConnection) this.isDeaf = false
    void this.#confirm(subscription)
    return () => this.#subscriptions.delete(subscription)
  }

  reconnect(): void {
    this.reconnections += 1
    this.isDeaf = false
    this.lostConnection()
  }

  /** All subscriptions were lost, and are made again. */
  lostConnection(): void {
    for (const subscription of this.#subscriptions) void this.#confirm(subscription)
  }

  deliver(channel: string, text: string): void {
    for (const subscription of this.#subscriptions) {
      if (subscription.channel !== channel || this.isDeaf || this.#link !== 'well' || this.loses(text))
        continue
      this.#clock.setTimeout(() => {
        if (this.#subscriptions.has(subscription)) subscription.events.received(text)
      }, this.latency)
    }
  }

  async #confirm(subscription: { readonly channel: string; readonly events: ChannelEvents }): Promise<void> {
    try {
      await this.#send(() => undefined)
      if (this.#subscriptions.has(subscription)) subscription.events.confirmed()
    } catch {
      // It is away: confirmed when it is back.
    }
  }

  #send(command: () => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const answer = (): void => {
        let settle: () => void
        try {
          const result = command()
          settle = () => resolve(result)
        } catch (error) {
          settle = () => reject(error)
        }
        if (this.#link === 'well') this.#later(settle)
      }
      const send = (): void => {
        this.#later(() => {
          if (this.#link === 'away') reject(new Error('the connection is lost'))
          else if (this.#link === 'hung') this.#waiting.push(answer)
          else answer()
        })
      }
      if (this.#link === 'away') reject(new Error('the store is away'))
      else if (this.#link === 'hung') this.#waiting.push(send)
      else send()
    })
  }

  /** After the latency; without one in this turn, which needs no move of the clock. */
  #later(happening: () => void): void {
    if (this.latency > 0) this.#clock.setTimeout(happening, this.latency)
    else void Promise.resolve().then(happening)
  }
}
