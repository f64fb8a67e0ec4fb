export { connect, type ConnectOptions } from './connect.ts'
export type { KeyOptions } from './query-key.ts'
export { queryOptions, type ItemQueryOptions } from './query-options.ts'
export type {
  ConnectableClient,
  ConnectableQueryCache,
  ConnectedObserver,
  ConnectedQuery,
  ConnectedState,
  FetchStatus,
  QueryEvent,
  QueryKey,
} from './tanstack.ts'
