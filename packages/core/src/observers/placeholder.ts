import type { AutoRefresh, ItemSnapshot } from '../auto-refresh.ts'
import { MISSING } from './missing.ts'

/** Snapshot of an absent id that a subscription is about to create without a value. */
const PENDING: ItemSnapshot<never> & { readonly status: 'pending' } = Object.freeze({
  ...MISSING,
  status: 'pending',
})

/** How an observer creates an item. */
export interface Creation<Item> {
  readonly initialItem: Item | undefined
  readonly create: boolean
  /** False: it does not subscribe, so that it shows only an initial item in advance. */
  readonly enabled: boolean
}

/**
 * Returns what an observer without a subscription shows instead of the snapshot: the item as it will be once the observer
 * has subscribed (A2). Undefined if a subscription creates nothing.
 */
export function placeholderOf<Item>(
  cache: AutoRefresh<Item>,
  { initialItem, create, enabled }: Creation<Item>,
): ItemSnapshot<Item> | undefined {
  if (!create || initialItem === null) return undefined
  if (initialItem === undefined) return enabled ? PENDING : undefined
  return { ...MISSING, status: cache.isTerminal(initialItem) ? 'terminal' : 'active', item: initialItem }
}
