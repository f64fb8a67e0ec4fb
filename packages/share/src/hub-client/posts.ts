import type { Clock } from '@auto-refresh/core'
import type { Ask } from '../protocol/message.ts'
import { Alarm } from './alarm.ts'
import { HubError } from './server.ts'

/** ms for which changes are gathered. */
const GATHERING = 50
const FIRST_RETRY = 1000
/** ms for which changes go by opening anew, because a request met another server. */
const ELSEWHERE = 60_000

interface PostsPort {
  readonly clock: Clock
  /** @throws {HubError} if the hub does not take them */
  readonly post: (asks: readonly Ask[], signal: AbortSignal) => Promise<void>
  /** The changes meet a server that has no stream of this client. */
  elsewhere(): void
  refused(error: HubError): void
  /** ms after which a request counts as lost, and longest time between two tries. */
  readonly timeout: number
}

/** True if somebody waits for what comes of it. */
export function isUrgent({ wrote, refresh }: Ask): boolean {
  return wrote !== undefined || refresh !== undefined
}

/** Sends the asks of a client, in order: one request at a time. */
export class Posts {
  readonly #port: PostsPort
  readonly #soon: Alarm
  #asks: Ask[] = []
  #running: AbortController | undefined
  #isOpen = false
  #failures = 0
  #elsewhereUntil = -Infinity

  constructor(port: PostsPort) {
    this.#port = port
    this.#soon = new Alarm(port.clock, () => this.#flush())
  }

  add(ask: Ask): void {
    // It says all that the ones before it say.
    if (ask.full === true) this.#asks = []
    this.#asks.push(ask)
    if (!this.#isOpen || this.#running !== undefined) return
    if (isUrgent(ask)) this.#soon.set(0)
    else if (!this.#soon.isSet) this.#soon.set(GATHERING)
  }

  /** True if what waits says all that the client wants. */
  get isFull(): boolean {
    return this.#asks[0]?.full === true
  }

  get isEmpty(): boolean {
    return this.#asks.length === 0
  }

  /** True if something that waits cannot wait. */
  get isUrgent(): boolean {
    return this.#asks.some(isUrgent)
  }

  /** Takes what waits, for an opening. */
  take(): readonly Ask[] {
    const asks = this.#asks
    this.#asks = []
    return asks
  }

  /** There is a stream. */
  open(): void {
    this.#isOpen = true
    if (this.#asks.length > 0) this.#soon.set(0)
  }

  /** There is no stream. What was asked is asked again, in full. */
  drop(): void {
    this.#isOpen = false
    this.#asks = []
    this.#failures = 0
    this.#soon.clear()
    this.#running?.abort()
    this.#running = undefined
  }

  close(): void {
    this.drop()
  }

  #flush(): void {
    if (this.#running !== undefined || this.#asks.length === 0) return
    if (this.#port.clock.now() < this.#elsewhereUntil) this.#port.elsewhere()
    else void this.#post()
  }

  async #post(): Promise<void> {
    const { clock, timeout, post } = this.#port
    const asks = this.take()
    const running = new AbortController()
    this.#running = running
    const timer = clock.setTimeout(() => running.abort(new Error('the hub does not answer')), timeout)
    let failure: { readonly error: unknown } | undefined
    try {
      await post(asks, running.signal)
    } catch (error) {
      failure = { error }
    }
    clock.clearTimeout(timer)
    if (this.#running !== running) return
    this.#running = undefined
    if (failure === undefined) {
      this.#failures = 0
      if (this.#asks.length > 0) this.#soon.set(GATHERING)
    } else {
      this.#failed(asks, failure.error)
    }
  }

  #failed(asks: readonly Ask[], error: unknown): void {
    const { clock, timeout } = this.#port
    if (error instanceof HubError && error.status === 409) {
      this.#elsewhereUntil = clock.now() + ELSEWHERE
      this.#port.elsewhere()
      return
    }
    if (error instanceof HubError && error.code !== 'HTTP') {
      this.#port.refused(error)
      return
    }
    if (!this.isFull) this.#asks = [...asks, ...this.#asks]
    this.#soon.set(Math.min(FIRST_RETRY * 2 ** this.#failures, timeout))
    this.#failures += 1
  }
}
