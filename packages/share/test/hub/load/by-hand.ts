import type { InMemoryAutoRefresh } from '@auto-refresh/core'

const encoder = new TextEncoder()

/**
 * A hub as it is written by hand: no rights, no limits, no beats, no back-pressure, no order with writes, whole items each time,
 * and a stream that nobody closes stays. It promises nothing, and is here to be compared with.
 */
export function hubByHand(cache: InMemoryAutoRefresh<unknown>): (request: Request) => Promise<Response> {
  return async (request) => {
    const ids = new URL(request.url).searchParams.getAll('id')
    let leave = (): void => undefined
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const changed = new Set<string>()
        const flush = (): void => {
          const states = [...changed].map((id) => ({ id, item: cache.get(id) }))
          changed.clear()
          controller.enqueue(encoder.encode(`event: answers\ndata: ${JSON.stringify({ states })}\n\n`))
        }
        const note = (id: string): void => {
          if (changed.size === 0) queueMicrotask(flush)
          changed.add(id)
        }
        const unsubscribes = ids.map((id) => cache.subscribe(id, () => note(id), { create: true }))
        leave = () => {
          for (const unsubscribe of unsubscribes) unsubscribe()
        }
        for (const id of ids) note(id)
      },
      cancel: () => leave(),
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
}
