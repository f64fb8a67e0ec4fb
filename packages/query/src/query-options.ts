import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import type { DataTag } from '@tanstack/query-core'
import { load } from './load.ts'
import type { QueryKey } from './tanstack.ts'

/** Options of a query, for `useQuery`, `useSuspenseQuery`, `queryClient.ensureQueryData` and so on. */
export interface ItemQueryOptions<Item, Key extends QueryKey> {
  /** Its type has the type of the data, so that `queryClient.getQueryData(queryKey)` knows it. */
  readonly queryKey: DataTag<Key, Item, Error>
  readonly queryFn: () => Promise<Item>
}

/**
 * Returns the options of the query that shows an item, with the types of both.
 *
 * ```ts
 * const jobKey = (id: string) => ['jobs', id] as const
 * connect(jobs, queryClient, { queryKey: jobKey })
 * const { data } = useQuery(queryOptions(jobs, id, { queryKey: jobKey }))
 * ```
 *
 * Without `connect` the query is fetched through the cache, once, like any other.
 *
 * @param options `queryKey`: the function that `connect` has, too
 */
export function queryOptions<Item, const Key extends QueryKey>(
  cache: AutoRefresh<Item>,
  id: ItemId,
  { queryKey }: { readonly queryKey: (id: ItemId) => Key },
): ItemQueryOptions<Item, Key> {
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the tag is a type alone
    queryKey: queryKey(id) as DataTag<Key, Item, Error>,
    // A fetch that fails is not repeated here: TanStack Query does that, as its own options say.
    queryFn: () => load(cache, id, { isRetried: () => false, onSettled: () => undefined }),
  }
}
