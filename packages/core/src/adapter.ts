/** Building blocks for framework adapters, developer tools and shared caches: `@auto-refresh/core/adapter`. */
export {
  type AbortGroup,
  type AdapterSeam,
  type AdoptedState,
  type ItemState,
  type SubscribeOptions,
} from './auto-refresh.ts'
export { systemClock } from './environment/clock.ts'
export { defaultEnvironment } from './environment/tanstack.ts'
export { reportUncaught } from './environment/report-error.ts'
export { adopt, observerCount, refreshIds, settled, stateOf } from './observers/adapter-seam.ts'
export { CacheObserver } from './observers/cache-observer.ts'
export { IdsObserver } from './observers/ids-observer.ts'
export { ItemObserver, type ItemOptions, type ItemTarget } from './observers/item-observer.ts'
export { ItemsObserver, type ItemsOptions, type ItemsTarget } from './observers/items-observer.ts'
export { MISSING } from './observers/missing.ts'
export type { Observer } from './observers/observer.ts'
export type { NoSelection, Selection } from './observers/selection.ts'
export { StatusObserver } from './observers/status-observer.ts'
export { SNAPSHOT_FIELDS, type SnapshotField } from './observers/tracked-snapshot.ts'
