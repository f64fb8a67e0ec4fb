import type { AutoRefresh, ItemId, SyncFunction } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import type { CallRate } from '../call-rate.ts'
import { isFinished } from '@auto-refresh/demo-server/job'
import { sleep } from './sleep.ts'
import { Turns } from './turns.ts'

/**
 * Requests at a time. A browser has six connections to a host: did hanging requests take them all, the one that
 * heals the farm would wait behind them.
 */
const AT_A_TIME = 3
/** ms */
const TIMEOUT = 5000

export interface ItemTimersOptions {
  /** Whose jobs are asked for. It is told nothing. */
  readonly cache: AutoRefresh<Job>
  readonly ask: SyncFunction<Job>
  readonly interval: number
  /** Counts the requests. */
  readonly rate: CallRate
}

/**
 * The naive way, to be measured: a timer and a request for each job, whatever becomes of the others. What is answered
 * is thrown away, but for the end of the job: even this way stops asking then.
 */
export class ItemTimers {
  readonly #options: ItemTimersOptions
  readonly #turns = new Turns(AT_A_TIME)
  readonly #polls = new Map<ItemId, AbortController>()
  #unsubscribe: (() => void) | undefined

  constructor(options: ItemTimersOptions) {
    this.#options = options
  }

  start(): void {
    const { cache, rate } = this.#options
    rate.begin()
    this.#unsubscribe ??= cache.onEvent((event) => {
      if (event.type === 'created') {
        rate.grow()
        this.#begin(event.id)
      }
      if (event.type === 'deleted' || event.type === 'evicted') this.#end(event.id)
    })
    for (const id of cache.ids()) this.#begin(id)
  }

  stop(): void {
    this.#unsubscribe?.()
    this.#unsubscribe = undefined
    for (const id of this.#polls.keys()) this.#end(id)
  }

  #begin(id: ItemId): void {
    const { item, status } = this.#options.cache.getSnapshot(id)
    if (item === undefined || status !== 'active' || this.#polls.has(id)) return
    const poll = new AbortController()
    this.#polls.set(id, poll)
    void this.#poll(id, item, poll.signal)
  }

  #end(id: ItemId): void {
    this.#polls.get(id)?.abort()
    this.#polls.delete(id)
  }

  async #poll(id: ItemId, item: Job, signal: AbortSignal): Promise<void> {
    let validator: unknown
    while (!signal.aborted) {
      const [answer] = await this.#turns.take(async () => this.#ask({ id, item, validator }, signal))
      if (answer !== undefined) {
        if (answer.action === 'delete' || ('item' in answer && isFinished(answer.item))) this.#end(id)
        if ('validator' in answer) validator = answer.validator
      }
      await sleep(this.#options.interval, signal)
    }
  }

  /** Of a request that failed, nothing is answered: it is asked again at the next tick, as timers do. */
  async #ask(entry: Parameters<SyncFunction<Job>>[0][number], signal: AbortSignal) {
    if (signal.aborted) return []
    const { ask, rate } = this.#options
    const begun = performance.now()
    rate.countCall()
    try {
      return [...(await ask([entry], { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]) }))]
    } catch {
      rate.countFailure(performance.now() - begun)
      return []
    }
  }
}
