import { InMemoryAutoRefresh, type ItemId } from '@auto-refresh/core'
import type { Ask, Seen } from './ask.ts'
import type { Freshness } from './freshness.ts'
import type { Scenario } from './scenario.ts'

/** Starts polling. Returns a function that ends it. */
export type Competitor = (scenario: Scenario, ask: Ask, freshness: Freshness) => () => Promise<void>

/** The ids of each cache. */
function pages({ caches, itemsPerCache }: Scenario): ItemId[][] {
  return Array.from({ length: caches }, (_, page) =>
    Array.from({ length: itemsPerCache }, (_unused, index) => `${page}-${index}`),
  )
}

/** The library with its defaults. Pages open at random times within the first interval. */
export const library: Competitor = (scenario, ask, freshness) => {
  const caches = pages(scenario).map((ids) => {
    const cache = new InMemoryAutoRefresh<Seen>({
      interval: scenario.interval,
      async sync(batch, { signal }) {
        const asked = batch.map(({ id }) => id)
        const responses = await ask(asked, signal)
        freshness.note(asked)
        return responses
      },
    })
    const opening = setTimeout(() => {
      cache.start()
      for (const id of ids) cache.getOrCreate(id, { seen: 0 })
    }, Math.random() * scenario.interval)
    return { cache, opening }
  })
  return async () => {
    for (const { opening } of caches) clearTimeout(opening)
    await Promise.all(caches.map(({ cache }) => cache.stop()))
  }
}

/** One timer and one request per item, as `setInterval` and `fetch` in a component do. */
export const timerAnItem: Competitor = (scenario, ask, freshness) =>
  poll(
    scenario,
    pages(scenario).flatMap((ids) => ids.map((id) => [id])),
    ask,
    freshness,
  )

/** One timer and one request per page: as few calls as the library makes if nothing fails, but without its backoff. */
export const timerAPage: Competitor = (scenario, ask, freshness) =>
  poll(scenario, pages(scenario), ask, freshness)

/** ms after which a call without an answer is ended, so that sockets are released. */
const TIMEOUT = 10_000

function poll(
  { interval }: Scenario,
  groups: readonly (readonly ItemId[])[],
  ask: Ask,
  freshness: Freshness,
): () => Promise<void> {
  const stopping = new AbortController()
  const timers: NodeJS.Timeout[] = []
  for (const ids of groups) {
    const look = (): void => {
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(TIMEOUT)])
      ask(ids, signal).then(() => freshness.note(ids), ignore)
    }
    const opening = setTimeout(() => {
      look()
      timers.push(setInterval(look, interval))
    }, Math.random() * interval)
    timers.push(opening)
  }
  return async () => {
    for (const timer of timers) clearTimeout(timer)
    stopping.abort()
  }
}

function ignore(): void {}
