import type { AutoRefresh } from '@auto-refresh/core'
import { useLayoutEffect } from 'preact/hooks'

/**
 * Runs the cache while the component is mounted: several components share one run, and a cache that the application
 * started itself is never stopped.
 *
 * ```tsx
 * function App() {
 *   useAutoRefreshStart(jobs)
 *   return <JobList />
 * }
 * ```
 */
export function useAutoRefreshStart(cache: AutoRefresh<unknown>): void {
  useLayoutEffect(() => cache.retain(), [cache])
}
