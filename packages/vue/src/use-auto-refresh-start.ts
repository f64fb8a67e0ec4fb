import type { AutoRefresh } from '@auto-refresh/core'
import { whileAlive } from './attachment.ts'

/**
 * Runs the cache while the component is mounted and not put aside: several components share one run, and a cache that the
 * application started itself is never stopped.
 *
 * ```ts
 * useAutoRefreshStart(jobs)
 * ```
 */
export function useAutoRefreshStart(cache: AutoRefresh<unknown>): void {
  whileAlive(() => cache.retain())
}
