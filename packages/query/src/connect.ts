import type { AutoRefresh } from '@auto-refresh/core'
import { addClaim, claimOf, type Claim } from './claim.ts'
import { Connection } from './connection.ts'
import { idOfKey, type KeyOptions } from './query-key.ts'
import type { ConnectableClient, ConnectedQuery, OptionsLike } from './tanstack.ts'

/** How ids and keys belong together, and what queries are told of. */
export interface ConnectOptions extends KeyOptions {
  /**
   * False: queries are not told that the cache fetches, nor of refreshes that change nothing. Then `isFetching` and
   * `dataUpdatedAt` do not follow polls, and a poll that changes nothing costs nothing. Default true.
   */
  readonly activity?: boolean | undefined
}

/**
 * Lets the queries of a `QueryClient` show the items of a cache: components keep `useQuery`, and the cache fetches for them,
 * in batches. A query that is mounted is a subscription; what is written to it is a local write; what is asked of it is a
 * refresh. Its own `queryFn`, `refetchInterval` and focus and reconnect options are set aside.
 *
 * ```ts
 * const disconnect = connect(jobs, queryClient, { queryKey: (id) => ['jobs', id] })
 * ```
 *
 * It replaces the method `defaultQueryOptions` of this client, because a component's options go before all default options.
 *
 * @returns a function that gives the queries back their own options; calling it twice is calling it once
 */
export function connect<Item>(
  cache: AutoRefresh<Item>,
  queryClient: ConnectableClient,
  options: ConnectOptions,
): () => void {
  const connection = new Connection(cache, options.activity ?? true)
  const queryCache = queryClient.getQueryCache()
  const present = Object.getOwnPropertyDescriptor(queryClient, 'defaultQueryOptions')
  const original = queryClient.defaultQueryOptions.bind(queryClient)
  let isOver = false

  const claim = (given: OptionsLike): OptionsLike => {
    const defaulted: OptionsLike = original(given)
    const made = claimOf(given)
    // Vue Query copies options that are complete already, and loses what is under a symbol.
    if (made !== undefined) return claimOf(defaulted) === made ? defaulted : addClaim(defaulted, made)
    const key = defaulted.queryKey
    const isInfinite = Reflect.get(defaulted, '_type') !== undefined || 'initialPageParam' in defaulted
    if (isOver || isInfinite || claimOf(defaulted) !== undefined || !Array.isArray(key)) return defaulted
    const id = idOfKey(key, options)
    if (id === undefined) return defaulted
    return replaceOptions(connection, queryCache, defaulted, {
      by: connection,
      id,
      queryHash: String(defaulted.queryHash),
      given,
      retry: defaulted.retry,
      isSuspense: defaulted.suspense === true,
    })
  }
  queryClient.defaultQueryOptions = claim

  const leave = queryCache.subscribe(connection.hear)
  for (const query of queryCache.getAll()) {
    if (idOfKey(query.queryKey, options) !== undefined && claimOf(query.options) === undefined) {
      setOptions(query, (from) => ({ ...from.options, queryKey: query.queryKey, _defaulted: undefined }))
    }
  }

  return () => {
    if (isOver) return
    isOver = true
    if (queryClient.defaultQueryOptions === claim) {
      if (present === undefined) Reflect.deleteProperty(queryClient, 'defaultQueryOptions')
      else Object.defineProperty(queryClient, 'defaultQueryOptions', present)
    }
    leave()
    connection.end()
    for (const query of queryCache.getAll()) {
      if (claimOf(query.options)?.by === connection) setOptions(query, (from) => givenTo(from.options))
    }
  }

  /** Sets options of a query and of its observers anew. */
  function setOptions(
    query: ConnectedQuery<unknown>,
    optionsOf: (from: { readonly options: object }) => object,
  ): void {
    query.setOptions(queryClient.defaultQueryOptions(optionsOf(query)))
    for (const observer of [...query.observers]) observer.setOptions(optionsOf(observer))
  }
}

function givenTo(options: object): object {
  return claimOf(options)?.given ?? options
}

function replaceOptions<Item>(
  connection: Connection<Item>,
  queryCache: { get(queryHash: string): object | undefined },
  options: OptionsLike,
  claim: Claim,
): OptionsLike {
  const { staleTime, queryFn } = options
  const replaced = {
    ...options,
    // `skipToken` is a symbol: it goes on disabling the query.
    queryFn:
      typeof queryFn === 'symbol'
        ? queryFn
        : () => connection.fetch(claim.id, queryOf<Item>(queryCache, claim.queryHash)),
    refetchInterval: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    // The cache retries; `claim.retry` says what is shown of it.
    retry: false,
    staleTime:
      staleTime === 'static'
        ? staleTime
        : (query: ConnectedQuery<Item>): unknown => {
            if (connection.isFollowed(query)) return Infinity
            return typeof staleTime === 'function' ? Reflect.apply(staleTime, undefined, [query]) : staleTime
          },
  }
  return addClaim(replaced, claim)
}

function queryOf<Item>(
  queryCache: { get(queryHash: string): object | undefined },
  queryHash: string,
): ConnectedQuery<Item> | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the claim is only in options of queries of this cache
  return queryCache.get(queryHash) as ConnectedQuery<Item> | undefined
}
