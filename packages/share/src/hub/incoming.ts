import { MAX_IDS } from '../protocol/limits.ts'
import { type Ask, PROTOCOL } from '../protocol/message.ts'
import { readMessage } from '../protocol/read.ts'

/** A client's request to open a stream, or to change what it wants. */
export interface Posted {
  /** Name of the client. */
  readonly from: string
  readonly asks: readonly Ask[]
}

/** An id that is asked for by status. */
export interface StatusWish {
  readonly id: string
  /** Version that the client has. */
  readonly version: string | undefined
  /** True: only a call that begins from now on may answer (K4). */
  readonly fresh: boolean
}

/** A request is answered with this status, because its body is not right. */
export class Rejected extends Error {
  readonly status: number

  constructor(status: number) {
    super(`status ${status}`)
    this.status = status
  }
}

/** Returns the body of a request. @throws {Rejected} if it is no JSON, too long, or of another version */
export async function readBody(
  request: Request,
  limit: number,
  shape: string,
): Promise<Readonly<Record<string, unknown>>> {
  // A page of another origin can send it only after the browser has asked the server for leave.
  if (request.headers.get('content-type')?.startsWith('application/json') !== true) throw new Rejected(415)
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw new Rejected(413)
  const body = parse(await readText(request, limit))
  if (body['v'] !== PROTOCOL || body['shape'] !== shape) throw new Rejected(426)
  return body
}

/** @throws {Rejected} if it is malformed */
export function readPosted(body: Readonly<Record<string, unknown>>): Posted {
  const { from, asks } = body
  if (typeof from !== 'string' || !Array.isArray(asks)) throw new Rejected(400)
  const header = { v: PROTOCOL, group: '', shape: '', epoch: 0, from }
  return {
    from,
    asks: asks.map((ask: unknown) => {
      const message = readMessage(Object.assign({}, ask, header), header)
      if (typeof message === 'string' || message.type !== 'ask') throw new Rejected(400)
      return message
    }),
  }
}

/** @throws {Rejected} if it is malformed */
export function readStatusWishes(body: Readonly<Record<string, unknown>>): readonly StatusWish[] {
  const { ids } = body
  if (!Array.isArray(ids) || ids.length > MAX_IDS) throw new Rejected(400)
  const header = { v: PROTOCOL, group: '', shape: '', epoch: 0, from: '' }
  // The same checks as for what a client wants.
  const message = readMessage({ ...header, type: 'ask', n: 1, add: ids }, header)
  if (typeof message === 'string' || message.type !== 'ask') throw new Rejected(400)
  return (message.add ?? []).map(({ id, version }, index) => {
    const wish: unknown = ids[index]
    return { id, version, fresh: isRecord(wish) && wish['fresh'] === true }
  })
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(text)
    if (isRecord(body)) return body
  } catch {
    // No JSON.
  }
  throw new Rejected(400)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads no more than it must. */
async function readText(request: Request, limit: number): Promise<string> {
  const decoder = new TextDecoder()
  const reader = request.body?.getReader()
  let text = ''
  let length = 0
  for (;;) {
    const chunk = await reader?.read().catch(() => {
      throw new Rejected(400)
    })
    if (chunk?.value === undefined) return text + decoder.decode()
    length += chunk.value.byteLength
    if (length > limit) {
      void reader?.cancel().catch(() => undefined)
      throw new Rejected(413)
    }
    text += decoder.decode(chunk.value, { stream: true })
  }
}
