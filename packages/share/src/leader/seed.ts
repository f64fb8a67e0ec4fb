import type { ItemState } from '@auto-refresh/core/adapter'

/**
 * Makes of a front's state what the back begins with. What failed is due now, because the failure may have been the last
 * leader's (K18); but not before its delay, if that holds whoever leads.
 *
 * @param isLocal true if the value was made at this member, so that nobody else may see it (K4)
 * @param delay ms
 */
export function seedOf<Item>(state: ItemState<Item>, isLocal: boolean, delay: number): ItemState<Item> {
  const next = state.failureCount > 0 ? delay : state.next
  if (!isLocal) return { ...state, next }
  return { ...state, item: undefined, validator: undefined, age: undefined, unchangedCount: 0, next }
}
