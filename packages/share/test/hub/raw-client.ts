import { createParser } from 'eventsource-parser'

export interface Frame {
  readonly type: string
  readonly body: Readonly<Record<string, unknown>>
}

/** A stream as it is on the wire, read by hand. */
export interface RawStream {
  readonly response: Response
  readonly frames: Frame[]
  retry: number | undefined
  isEnded: boolean
  /** Ends the request, as a closed connection does. */
  readonly abort: () => void
  /** True: takes nothing any more. */
  isStalled: boolean
}

export const post = (
  action: string,
  body: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Request =>
  new Request(`https://hub.test/any/path/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', user: 'me', ...headers },
    body: JSON.stringify({ v: 1, shape: '', ...(typeof body === 'object' ? body : {}) }),
    ...(signal && { signal }),
  })

/** An ask in full for these ids. */
export const wants = (...ids: readonly string[]): object => ({
  type: 'ask',
  n: 1,
  full: true,
  add: ids.map((id) => ({ id })),
})

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** All states of an id that the stream told. */
export function statesOf(stream: RawStream, id: string): readonly Readonly<Record<string, unknown>>[] {
  const states = stream.frames.flatMap(({ body }): readonly unknown[] =>
    Array.isArray(body['states']) ? body['states'] : [],
  )
  return states.filter((state) => isRecord(state)).filter((state) => state['id'] === id)
}

export async function openStream(
  server: (request: Request) => Promise<Response>,
  from: string,
  ids: readonly string[],
  headers: Record<string, string> = {},
): Promise<RawStream> {
  const abort = new AbortController()
  const response = await server(post('stream', { from, asks: [wants(...ids)] }, headers, abort.signal))
  const stream: RawStream = {
    response,
    frames: [],
    retry: undefined,
    isEnded: false,
    isStalled: false,
    abort: () => abort.abort(),
  }
  const parser = createParser({
    onEvent: ({ event = '', data }) => {
      const body: unknown = JSON.parse(data)
      stream.frames.push({ type: event, body: isRecord(body) ? body : {} })
    },
    onRetry: (retry) => {
      stream.retry = retry
    },
  })
  const read = async (): Promise<void> => {
    const reader = response.body?.getReader()
    const decoder = new TextDecoder()
    for (;;) {
      if (stream.isStalled) return
      const chunk = await reader?.read().catch(() => undefined)
      if (chunk?.value === undefined) break
      parser.feed(decoder.decode(chunk.value, { stream: true }))
    }
    stream.isEnded = true
  }
  void read()
  return stream
}
