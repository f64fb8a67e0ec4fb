import type { AutoRefreshOptions, Batch, Clock, SyncContext, SyncFunction } from '@auto-refresh/core'
import { defaultEnvironment, systemClock } from '@auto-refresh/core/adapter'
import { simulatedEnvironment } from './environment.ts'
import type { Faults } from './faults.ts'
import { Simulation } from './simulation.ts'

/** Options that `simulate` adds to those of a cache. */
export interface Simulated {
  readonly simulation: Simulation
}

/**
 * Wraps `sync` and `environment` of a cache's options, so that faults can be switched on. Without a fault, the cache behaves
 * as with the options themselves.
 *
 * ```ts
 * const options = simulate<Job>({ sync, interval: 2000 })
 * const jobs = new InMemoryAutoRefresh(options)
 * options.simulation.set({ offline: true })
 * ```
 */
export function simulate<Item, Options extends AutoRefreshOptions<Item> = AutoRefreshOptions<Item>>(
  options: Options & AutoRefreshOptions<Item>,
): Options & Simulated {
  const simulation = new Simulation()
  const clock = options.clock ?? systemClock
  const faulty = async (faults: Faults, batch: Batch<Item>, context: SyncContext) => {
    await fail(faults, batch, context, clock)
    return options.sync(batch, context)
  }
  const sync: SyncFunction<Item> = (batch, context) => {
    const { faults } = simulation
    const isFaulty = faults.offline || faults.failing || faults.delay > 0 || faults.poisonousId !== undefined
    if (!isFaulty) return options.sync(batch, context)
    return faulty(faults, batch, context)
  }
  const environment = simulatedEnvironment(options.environment ?? defaultEnvironment, simulation)
  return { ...options, sync, environment, simulation }
}

/** Resolves when the call may reach the source. Rejects if a fault ends the call. */
async function fail<Item>(
  { offline, delay, failing, poisonousId }: Faults,
  batch: Batch<Item>,
  { signal }: SyncContext,
  clock: Clock,
): Promise<void> {
  if (offline) throw new TypeError('simulated: the network is offline')
  if (delay > 0) await wait(delay, signal, clock)
  signal.throwIfAborted()
  if (failing) throw new Error('simulated: every call fails')
  if (batch.some(({ id }) => id === poisonousId)) {
    throw new Error(`simulated: ${JSON.stringify(poisonousId)} is poisonous`)
  }
}

/** Resolves after `delay` ms, or when the signal is aborted. */
function wait(delay: number, signal: AbortSignal, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clock.clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = clock.setTimeout(end, delay)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end)
  })
}
