import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import type { StatusAnswer, StatusRequest, StatusResponse } from '@auto-refresh/demo-server/api'
import type { HeldCall, StatusCall } from './status-call.ts'

const STATUS_PATH = '/api/jobs/status'

type OpenCall = { -readonly [Key in keyof StatusCall]: StatusCall[Key] }

/**
 * The network between the browser and the farm. It passes on every byte unchanged, at
 * once or, if a test says so, later. It notes the times of each status request.
 */
export class FarmWire {
  readonly url: string
  readonly #farmUrl: string
  readonly #server: Server
  readonly #calls: OpenCall[] = []
  /** Functions that wait for an answer to hold back, oldest first. */
  readonly #holders: ((call: HeldCall) => void)[] = []

  private constructor(farmUrl: string, server: Server, url: string) {
    this.#farmUrl = farmUrl
    this.#server = server
    this.url = url
  }

  static async lay(farmUrl: string): Promise<FarmWire> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (typeof address !== 'object' || address === null) throw new Error('The wire has no address')
    const wire = new FarmWire(farmUrl, server, `http://127.0.0.1:${address.port}`)
    server.on('request', (asked, answer) => {
      // A browser that leaves meanwhile, or a farm that stops, ends what is on the wire.
      wire.#carry(asked, answer).catch(() => answer.destroy())
    })
    return wire
  }

  /** All status requests so far, oldest first. */
  get calls(): readonly StatusCall[] {
    return this.#calls
  }

  callsSince(time: number): StatusCall[] {
    return this.#calls.filter(({ startedAt }) => startedAt >= time)
  }

  /** Resolves with the farm's answer to the next status request. The browser waits until the answer is delivered. */
  holdNextAnswer(): Promise<HeldCall> {
    return new Promise((resolve) => {
      this.#holders.push(resolve)
    })
  }

  async cut(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  async #carry(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const isStatus = asked.method === 'POST' && asked.url === STATUS_PATH
    const startedAt = Date.now()
    const body = await buffer(asked)
    if (!isStatus) {
      const fromFarm = await this.#ask(asked, body, answer)
      answer.writeHead(fromFarm.statusCode ?? 502, fromFarm.headers)
      await pipeline(fromFarm, answer)
      return
    }

    const call: OpenCall = {
      ids: askedIds(body),
      startedAt,
      answeredAt: undefined,
      abandonedAt: undefined,
      status: undefined,
      answers: [],
    }
    this.#calls.push(call)
    answer.on('close', () => {
      if (answer.writableFinished) call.answeredAt = Date.now()
      else call.abandonedAt = Date.now()
    })
    const hold = this.#holders.shift()
    const fromFarm = await this.#ask(asked, body, answer)
    const content = await buffer(fromFarm)
    call.status = fromFarm.statusCode ?? 502
    if (call.status === 200) call.answers = answersIn(content)
    const deliver = async (): Promise<void> => {
      if (answer.destroyed) return
      answer.writeHead(fromFarm.statusCode ?? 502, fromFarm.headers).end(content)
      await once(answer, 'close')
    }
    if (hold === undefined) await deliver()
    else hold(Object.assign(call, { deliver }))
  }

  #ask(asked: IncomingMessage, body: Buffer, answer: ServerResponse): Promise<IncomingMessage> {
    const { method, headers } = asked
    const outgoing = request(new URL(asked.url ?? '/', this.#farmUrl), { method: method ?? 'GET', headers })
    answer.on('close', () => outgoing.destroy())
    return new Promise((resolve, reject) => {
      outgoing.on('response', resolve).on('error', reject).end(body)
    })
  }
}

function askedIds(body: Buffer): string[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the farm checks it
  const { jobs } = JSON.parse(body.toString()) as StatusRequest
  return jobs.map(({ id }) => id)
}

function answersIn(body: Buffer): readonly StatusAnswer[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the farm's own tests see to it
  return (JSON.parse(body.toString()) as StatusResponse).answers
}
