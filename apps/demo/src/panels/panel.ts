import type { AutoRefresh, ItemId, ItemSnapshot, ItemStatus } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import type { ObservedValue } from '../observed-value.ts'

/** The actions of a visitor on a job. */
export interface JobActions {
  cancel(id: ItemId): void
  remove(id: ItemId): void
}

/** The common part of the three panels: one cache, one list of ids. */
export interface PanelContext {
  readonly cache: AutoRefresh<Job>
  readonly jobIds: ObservedValue<readonly ItemId[]>
  readonly poisonedIds: ObservedValue<ReadonlySet<ItemId>>
  readonly actions: JobActions
}

/** Shows the jobs within the element by one framework. Returns the function that ends that. */
export type MountPanel = (element: HTMLElement, context: PanelContext) => () => void

export function statusOf({ status }: ItemSnapshot<Job>): ItemStatus {
  return status
}

/** The line above the cards. */
export function summarise(statuses: readonly ItemStatus[]): string {
  const active = statuses.filter((status) => status === 'active').length
  if (statuses.length === 0) return 'no jobs'
  return active === 0 ? `${statuses.length} finished` : `${active} of ${statuses.length} active`
}
