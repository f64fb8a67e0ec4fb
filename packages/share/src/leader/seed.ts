import type { ItemState } from '@auto-refresh/core/adapter'

/**
 * Makes of a front's state what the back begins with. What failed is due now, because the failure may have been the last
 * leader's (K18).
 *
 * @param isLocal true if the value was made at this member, so that nobody else may see it (K4)
 */
export function seedOf<Item>(state: ItemState<Item>, isLocal: boolean): ItemState<Item> {
  if (isLocal) return { ...state, item: undefined, validator: undefined, age: undefined, unchangedCount: 0 }
  return state.failureCount > 0 ? { ...state, next: 0 } : state
}
