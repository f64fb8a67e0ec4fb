import {
  InMemoryAutoRefresh,
  type AutoRefreshEvent,
  type AutoRefreshOptions,
  type SyncFunction,
} from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'

export interface Asked {
  readonly cache: InMemoryAutoRefresh<unknown>
  readonly clock: VirtualClock
  readonly events: AutoRefreshEvent<unknown>[]
}

/**
 * A running cache over a source whose answers the test chooses, without regard to types, because data from
 * a network is not checked.
 */
export function asked(
  answer: SyncFunction<unknown> | (() => unknown),
  options: Partial<AutoRefreshOptions<unknown>> = {},
): Asked {
  const clock = new VirtualClock(1_000_000)
  const cache = new InMemoryAutoRefresh<unknown>({
    interval: 1000,
    jitter: 0,
    clock,
    sync: answer as SyncFunction<unknown>,
    ...options,
  })
  const events: AutoRefreshEvent<unknown>[] = []
  cache.onEvent((event) => events.push(event))
  cache.start()
  return { cache, clock, events }
}

/** Parsed JSON, in which `__proto__` is a key like any other. */
export function json(text: string): unknown {
  return JSON.parse(text) as unknown
}

/** Real ms that something takes. */
export async function msOf(run: () => unknown): Promise<number> {
  const began = performance.now()
  await run()
  return performance.now() - began
}
