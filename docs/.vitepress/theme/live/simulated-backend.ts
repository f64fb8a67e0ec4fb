import { shallowReactive } from 'vue'

/** A job of the simulated backend. */
export interface Job {
  readonly state: 'running' | 'done' | 'cancelled'
  /** From 0 to 1. */
  readonly progress: number
}

/** A request that the backend got. */
export interface Request {
  /** Epoch ms at which it came in. */
  readonly at: number
  readonly ids: number
  readonly outcome: 'running' | 'ok' | 'failed'
}

/** ms of requests that are kept. */
export const HISTORY = 20_000

/** ms that a job takes from start to end; it then starts again, so that there is always something to see. */
const LENGTH = 30_000

/** A backend in the page: jobs that progress, and failures that the reader switches on. */
export class SimulatedBackend {
  /** Requests of the last 20 s, oldest first. */
  readonly requests: Request[] = shallowReactive([])
  /** ms that an answer takes. */
  latency = 150
  isDown = false
  /** A request that contains one of these ids fails as a whole. */
  readonly poisonous = new Set<string>()
  readonly #cancelled = new Set<string>()

  /** Returns the states of jobs in one request. */
  async fetchJobs(ids: readonly string[], signal?: AbortSignal): Promise<Map<string, Job>> {
    const at = Date.now()
    this.#forget(at - HISTORY)
    const request: Request = { at, ids: ids.length, outcome: 'running' }
    this.requests.push(request)
    const settle = (outcome: Request['outcome']): void => {
      const index = this.requests.indexOf(request)
      if (index !== -1) this.requests[index] = { ...request, outcome }
    }
    await this.#wait(signal)
    if (this.isDown || ids.some((id) => this.poisonous.has(id))) {
      settle('failed')
      throw new Error(this.isDown ? 'HTTP 503' : 'HTTP 500')
    }
    settle('ok')
    return new Map(ids.map((id) => [id, this.#jobAt(id, Date.now())]))
  }

  /** Cancels a job, unless the backend refuses to. */
  async cancel(id: string, isRefused: boolean): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 2500))
    if (isRefused) throw new Error('HTTP 409: the job cannot be cancelled')
    this.#cancelled.add(id)
  }

  restart(id: string): void {
    this.#cancelled.delete(id)
  }

  #jobAt(id: string, now: number): Job {
    if (this.#cancelled.has(id)) return { state: 'cancelled', progress: 0 }
    const offset =
      Array.from(id, (character) => character.charCodeAt(0)).reduce((sum, code) => sum * 31 + code, 7) * 977
    return { state: 'running', progress: ((now + offset) % LENGTH) / LENGTH }
  }

  #forget(before: number): void {
    while ((this.requests[0]?.at ?? Infinity) < before) this.requests.shift()
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, this.latency)
      signal?.addEventListener('abort', () => {
        clearTimeout(timer)
        reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
      })
    })
  }
}
