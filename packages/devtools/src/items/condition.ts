import type { ItemSnapshot } from '@auto-refresh/core'

/** The panel's one word for an item: the first that holds. */
export type Condition = 'deleting' | 'failing' | 'pending' | 'active' | 'terminal' | 'expired'

export const CONDITIONS: readonly Condition[] = [
  'active',
  'pending',
  'failing',
  'terminal',
  'expired',
  'deleting',
]

/** Returns undefined for an id that is missing. */
export function conditionOf({
  status,
  isDeleting,
  failureCount,
}: ItemSnapshot<unknown>): Condition | undefined {
  if (status === 'missing') return undefined
  if (isDeleting) return 'deleting'
  return failureCount > 0 ? 'failing' : status
}
