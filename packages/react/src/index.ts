'use client'

export type { ItemOptions, ItemsOptions, Selection as SelectOptions } from '@auto-refresh/core/adapter'
export { useAutoRefreshIds } from './use-auto-refresh-ids.ts'
export { useAutoRefreshItem } from './use-auto-refresh-item.ts'
export { useAutoRefreshItems } from './use-auto-refresh-items.ts'
export { useAutoRefreshStatus } from './use-auto-refresh-status.ts'
