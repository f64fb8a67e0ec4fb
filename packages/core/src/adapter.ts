/** Building blocks for framework adapters, developer tools and shared caches: `@auto-refresh/core/adapter`. */
export {
  type AbortGroup,
  type AdapterSeam,
  type ItemState,
  type SubscribeOptions,
} from './auto-refresh.ts'
export { adopt, observerCount, settled, stateOf } from './observers/adapter-seam.ts'
export { CacheObserver } from './observers/cache-observer.ts'
export { IdsObserver } from './observers/ids-observer.ts'
export { ItemObserver, type ItemTarget, type Selection } from './observers/item-observer.ts'
export { ItemsObserver, type ItemsTarget, type ListSelection, WHOLE } from './observers/items-observer.ts'
export { MISSING } from './observers/missing.ts'
export type { Observer } from './observers/observer.ts'
export { StatusObserver } from './observers/status-observer.ts'
export type { SnapshotField } from './observers/tracked-snapshot.ts'
