import { InMemoryAutoRefresh, mutate, type AutoRefresh } from '@auto-refresh/core'
import { NO_FAULTS, type Faults } from '@auto-refresh/demo-server/api'
import type { FarmClient } from './farm-client.ts'

const ID = 'faults'
const INTERVAL = 3000

export function hasFaults({ latency, errorRate, hang, retryAfter, poisonedIds }: Faults): boolean {
  return latency > 0 || errorRate > 0 || hang || retryAfter !== null || poisonedIds.length > 0
}

/** The faults of the farm: other visitors set them, too. */
export class FarmFaults {
  readonly #farm: Pick<FarmClient, 'faults' | 'setFaults'>
  /** Of one item. */
  readonly cache: AutoRefresh<Faults>
  /** The faults that this page has set last. */
  #own: Faults = NO_FAULTS

  constructor(farm: Pick<FarmClient, 'faults' | 'setFaults'>) {
    this.#farm = farm
    this.cache = new InMemoryAutoRefresh<Faults>({
      name: 'faults',
      sync: async (_batch, { signal }) => [{ id: ID, item: await farm.faults(signal) }],
      interval: INTERVAL,
    })
    this.cache.getOrCreate(ID)
  }

  /** Undefined before the farm has told. */
  get current(): Faults | undefined {
    return this.cache.get(ID)
  }

  /** True if something goes wrong that this page did not switch on. */
  get areForeign(): boolean {
    const { current } = this
    return (
      current !== undefined && hasFaults(current) && JSON.stringify(current) !== JSON.stringify(this.#own)
    )
  }

  /** Follows them from now on. Returns a function that ends that. */
  follow(listener: () => void): () => void {
    const unsubscribe = this.cache.subscribe(ID, listener)
    const release = this.cache.retain()
    return () => {
      unsubscribe()
      release()
    }
  }

  /** Shows them at once, and as they were if the farm refuses, which rejects. */
  async set(faults: Faults): Promise<void> {
    this.#own = faults
    await mutate(
      this.cache,
      ID,
      () => faults,
      () => this.#farm.setFaults(faults),
    )
  }
}
