import {
  type AutoRefresh,
  type AutoRefreshOptions,
  InMemoryAutoRefresh,
  type IntervalOption,
} from '@auto-refresh/core'
import type { SharedOptions } from '../shared-options.ts'

/** The cache that polls for a group: its own poller, or a member of another group (H8). */
export interface BackCache<Item> extends AutoRefresh<Item> {
  setOptions(options: { readonly interval?: IntervalOption<Item> | undefined }): void
}

/** Makes a member of a group. */
export type Join<Item> = (options: SharedOptions<Item>) => BackCache<Item>

/** Makes the cache that polls for a group. @param options of the back, which differ from the member's */
export function createBack<Item>(
  shared: SharedOptions<Item>,
  options: AutoRefreshOptions<Item>,
  join: Join<Item>,
): BackCache<Item> {
  const { upstream } = shared
  if (upstream === undefined) return new InMemoryAutoRefresh(options)
  return join({ ...shared, ...options, transport: upstream, upstream: undefined })
}
