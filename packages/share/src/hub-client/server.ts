import { type Clock, retryAfterOf } from '@auto-refresh/core'
import { PROTOCOL } from '../protocol/message.ts'

/** ms for which a client does not ask again that was refused (H4). */
const REFUSED_FOR = 60_000
/** ms for which a client does not ask again that speaks another version. */
const VERSION_FOR = 300_000

/** `REFUSED`: the server knows who asks, and says no. `VERSION`: it is of another release. */
export type HubErrorCode = 'REFUSED' | 'VERSION' | 'HTTP'

/** The hub answered with an error. */
export class HubError extends Error {
  override readonly name = 'HubError'
  readonly code: HubErrorCode
  readonly status: number
  /** ms */
  readonly retryAfter: number | undefined

  constructor(code: HubErrorCode, status: number, retryAfter: number | undefined) {
    super(`the hub answered ${status}`)
    this.code = code
    this.status = status
    this.retryAfter = retryAfter
  }
}

/** How a hub is reached. */
export interface ServerOptions {
  /** Path of the hub, or its whole address; requests go to `stream`, `ask` and `status` under it. */
  readonly url: string | URL
  /** Default: the runtime's. Give one of your own to add headers, credentials or a base address. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  /** Names the shape of the items. Default `''`. */
  readonly version?: string | undefined
}

/** Requests to a hub. */
export class HubServer {
  readonly #options: ServerOptions
  readonly #clock: Clock
  readonly #admitted = new Set<() => void>()

  constructor(options: ServerOptions, clock: Clock) {
    this.#options = options
    this.#clock = clock
  }

  /**
   * Posts to the hub.
   *
   * @throws {HubError} if the answer is an error
   * @throws what `fetch` throws
   */
  async post(
    action: 'stream' | 'ask' | 'status',
    body: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<Response> {
    const { url, version = '', fetch = (input, init) => globalThis.fetch(input, init) } = this.#options
    const response = await fetch(`${String(url).replace(/\/$/, '')}/${action}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: action === 'stream' ? 'text/event-stream' : 'application/json',
      },
      body: JSON.stringify({ v: PROTOCOL, shape: version, ...body }),
      cache: 'no-store',
      signal,
    })
    if (response.ok) {
      for (const listener of [...this.#admitted]) listener()
      return response
    }
    // The answer is not read.
    void response.body?.cancel().catch(() => undefined)
    throw errorOf(response, this.#clock)
  }

  /** Calls the listener whenever the hub has let a request in. Returns the function that ends it. */
  onAdmitted(listener: () => void): () => void {
    this.#admitted.add(listener)
    return () => this.#admitted.delete(listener)
  }
}

function errorOf(response: Response, clock: Clock): HubError {
  const { status } = response
  const asked = retryAfterOf(response, clock.epoch())
  if (status === 401 || status === 403) return new HubError('REFUSED', status, asked ?? REFUSED_FOR)
  if (status === 426) return new HubError('VERSION', status, asked ?? VERSION_FOR)
  return new HubError('HTTP', status, asked)
}
