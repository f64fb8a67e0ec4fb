import { setTimeout as sleep } from 'node:timers/promises'
import { NO_FAULTS, type Faults } from './api.ts'

/** Fate of a request. */
export type Fate =
  | { readonly kind: 'answered' }
  | { readonly kind: 'rate-limited'; readonly retryAfter: number }
  | { readonly kind: 'failed'; readonly status: 500 | 503; readonly reason: string }
  /** The caller left meanwhile. */
  | { readonly kind: 'abandoned' }

/** The faults that are switched on and off while the farm runs. */
export class FaultSwitches {
  readonly #random: () => number
  #faults = NO_FAULTS
  /** Ends the requests that hang now. */
  #hanging = new AbortController()

  /** @param random At least 0 and below 1. */
  constructor(random: () => number) {
    this.#random = random
  }

  get current(): Faults {
    return this.#faults
  }

  set(faults: Faults): void {
    this.#faults = faults
    if (faults.hang) return
    this.#hanging.abort()
    this.#hanging = new AbortController()
  }

  /** Returns the fate of a request with these ids, after the delay that the faults impose. */
  async decide(ids: readonly string[], caller: AbortSignal): Promise<Fate> {
    await this.#delay(caller)
    if (caller.aborted) return { kind: 'abandoned' }
    const { retryAfter, errorRate, poisonedIds } = this.#faults
    if (retryAfter !== null) return { kind: 'rate-limited', retryAfter }
    if (this.#random() < errorRate) {
      return { kind: 'failed', status: 503, reason: 'The farm is out of order (fault: errorRate)' }
    }
    const poison = ids.find((id) => poisonedIds.includes(id))
    if (poison !== undefined) {
      return { kind: 'failed', status: 500, reason: `Job ${poison} is poisoned (fault: poisonedIds)` }
    }
    return { kind: 'answered' }
  }

  async #delay(caller: AbortSignal): Promise<void> {
    if (this.#faults.hang) await aborted(AbortSignal.any([caller, this.#hanging.signal]))
    if (this.#faults.latency > 0)
      await sleep(this.#faults.latency, undefined, { signal: caller }).catch(ignore)
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** Ignores the error of a sleep that its signal cut short. */
function ignore(): void {}
