/**
 * The part of TanStack Query 5 that this package uses. It is described by its shape, because a program may hold several
 * copies of query-core, whose classes do not fit one another: React Query and Vue Query each bring their own.
 */

/** A key of TanStack Query. */
export type QueryKey = readonly unknown[]

/** A `QueryClient` of any framework. */
export interface ConnectableClient {
  getQueryCache(): ConnectableQueryCache
  /** Every hook and every method of the client reads options through it. */
  defaultQueryOptions(options: object): object
}

/** A `QueryCache` of any framework. */
export interface ConnectableQueryCache {
  subscribe(listener: (event: QueryEvent<never>) => void): () => void
  get(queryHash: string): object | undefined
  getAll(): readonly ConnectedQuery<unknown>[]
}

/** An event of a `QueryCache`. */
export interface QueryEvent<Item> {
  readonly type: string
  readonly query: ConnectedQuery<Item>
  readonly action?: { readonly type: string; readonly manual?: boolean | undefined }
}

/** A `Query`. */
export interface ConnectedQuery<Item> {
  readonly queryKey: QueryKey
  readonly options: object
  readonly state: ConnectedState<Item>
  readonly observers: readonly ConnectedObserver[]
  isActive(): boolean
  setOptions(options: object): void
  /** Replaces the data, with structural sharing. Not `manual`: as a fetch does it. */
  setData(data: Item, options: { readonly updatedAt?: number; readonly manual: boolean }): unknown
  setState(state: Partial<ConnectedState<Item>>): void
}

/** A `QueryObserver`. */
export interface ConnectedObserver {
  readonly options: object
  setOptions(options: object): void
}

/** The state of a `Query`. Times are epoch ms. */
export interface ConnectedState<Item> {
  readonly data: Item | undefined
  readonly dataUpdateCount: number
  readonly dataUpdatedAt: number
  readonly error: unknown
  readonly errorUpdateCount: number
  readonly errorUpdatedAt: number
  readonly fetchFailureCount: number
  readonly fetchFailureReason: unknown
  readonly isInvalidated: boolean
  readonly status: 'pending' | 'error' | 'success'
  readonly fetchStatus: FetchStatus
}

export type FetchStatus = 'fetching' | 'paused' | 'idle'

/** The options of a query of which this package reads or replaces something. */
export interface OptionsLike {
  readonly queryKey?: unknown
  readonly queryHash?: unknown
  readonly queryFn?: unknown
  readonly staleTime?: unknown
  readonly retry?: unknown
  readonly suspense?: unknown
}
