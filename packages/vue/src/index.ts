export {
  useAutoRefreshItem,
  type ItemOptions,
  type SelectOptions,
  type SnapshotRefs,
} from './use-auto-refresh-item.ts'
export { useAutoRefreshItems, type ItemsOptions } from './use-auto-refresh-items.ts'
export { useAutoRefreshStart } from './use-auto-refresh-start.ts'
