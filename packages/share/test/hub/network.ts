import type { Clock } from '@auto-refresh/core'

/** What a request met. */
export interface Exchange {
  readonly at: number
  readonly action: string
  readonly body: string
  status: number | undefined
  /** Text of the response, as far as it was read. */
  text: string
}

interface Line {
  readonly cut: (isServerTold: boolean) => void
  readonly isStream: boolean
}

/** A client's network: requests to a hub in this process, and what can happen to them. */
export class Network {
  readonly exchanges: Exchange[] = []
  readonly #clock: Clock
  readonly #server: (request: Request) => Promise<Response>
  headers: Record<string, string>
  readonly #lines = new Set<Line>()
  /** Answers in place of the server; undefined: the server answers. */
  intercept: ((action: string) => Response | Promise<Response | undefined> | undefined) | undefined
  /** A proxy passes a stream on only when it holds that many bytes, or has held the first of them for so many ms. */
  proxy: { readonly bytes: number; readonly ms: number } | undefined
  /** True: nothing of a stream arrives, and the reader takes nothing. */
  isStalled = false
  #thaw: (() => void)[] = []

  constructor(
    clock: Clock,
    server: (request: Request) => Promise<Response>,
    headers: Record<string, string>,
  ) {
    this.#clock = clock
    this.#server = server
    this.headers = headers
  }

  /** Open streams. */
  get streams(): number {
    return [...this.#lines].filter(({ isStream }) => isStream).length
  }

  /** Bodies of the requests so far. */
  of(action: string): readonly Exchange[] {
    return this.exchanges.filter((exchange) => exchange.action === action)
  }

  /** Ends all connections. @param isServerTold false: without FIN, so that the server goes on */
  cut(isServerTold = true): void {
    for (const line of [...this.#lines]) line.cut(isServerTold)
  }

  thaw(): void {
    this.isStalled = false
    for (const resume of this.#thaw.splice(0)) resume()
  }

  async fetch(url: string, init: RequestInit): Promise<Response> {
    const action = url.split('/').at(-1) ?? ''
    const exchange: Exchange = {
      at: this.#clock.now(),
      action,
      body: typeof init.body === 'string' ? init.body : '',
      status: undefined,
      text: '',
    }
    this.exchanges.push(exchange)
    const atServer = new AbortController()
    const { signal } = init
    const response = await Promise.race([
      Promise.resolve(this.intercept?.(action)).then(
        (answer) =>
          answer ??
          this.#server(
            new Request(url, {
              ...init,
              headers: { ...Object.fromEntries(new Headers(init.headers)), ...this.headers },
              signal: atServer.signal,
            }),
          ),
      ),
      aborted(signal),
    ])
    exchange.status = response.status
    if (response.body === null) return response
    const { proxy } = this
    const isHeld = proxy !== undefined && action === 'stream'
    const body = isHeld ? response.body.pipeThrough(heldBack(this.#clock, proxy)) : response.body
    return new Response(this.#line(body, signal, atServer, exchange), response)
  }

  /** The body as it arrives. */
  #line(
    body: ReadableStream<Uint8Array>,
    signal: AbortSignal | null | undefined,
    atServer: AbortController,
    exchange: Exchange,
  ): ReadableStream<Uint8Array> {
    const reader = body.getReader()
    const decoder = new TextDecoder()
    let line: Line | undefined
    const end = (isServerTold: boolean): void => {
      if (line !== undefined) this.#lines.delete(line)
      if (isServerTold) atServer.abort()
    }
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          line = {
            isStream: exchange.action === 'stream',
            cut: (isServerTold) => {
              end(isServerTold)
              controller.error(new TypeError('network error'))
            },
          }
          this.#lines.add(line)
          signal?.addEventListener('abort', () => {
            end(true)
            try {
              controller.error(signal.reason)
            } catch {
              // It has ended.
            }
          })
        },
        pull: async (controller) => {
          if (this.isStalled) await new Promise<void>((resolve) => this.#thaw.push(resolve))
          const { done, value } = await reader.read()
          if (line === undefined || !this.#lines.has(line)) return
          if (done) {
            end(false)
            controller.close()
          } else {
            exchange.text += decoder.decode(value, { stream: true })
            controller.enqueue(value)
          }
        },
        cancel: () => {
          end(true)
          return reader.cancel()
        },
      },
      { highWaterMark: 0 },
    )
  }
}

/** Holds bytes back as a proxy does whose buffer is not full. */
function heldBack(
  clock: Clock,
  { bytes, ms }: { readonly bytes: number; readonly ms: number },
): TransformStream<Uint8Array, Uint8Array> {
  const held: Uint8Array[] = []
  let size = 0
  let timer: unknown
  const pass = (controller: TransformStreamDefaultController<Uint8Array>): void => {
    clock.clearTimeout(timer)
    timer = undefined
    size = 0
    for (const chunk of held.splice(0)) controller.enqueue(chunk)
  }
  return new TransformStream(
    {
      transform: (chunk, controller) => {
        held.push(chunk)
        size += chunk.length
        if (size >= bytes) pass(controller)
        else if (ms < Infinity) timer ??= clock.setTimeout(() => pass(controller), ms)
      },
      flush: pass,
    },
    { highWaterMark: Infinity, size: () => 0 },
    { highWaterMark: Infinity, size: () => 0 },
  )
}

function aborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason))
  })
}
