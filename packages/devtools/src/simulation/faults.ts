import type { ItemId } from '@auto-refresh/core'

/** Faults that a simulation brings to a cache. */
export interface Faults {
  /** The cache takes the network for lost, and calls fail. */
  readonly offline: boolean
  /** The cache takes the page for hidden. */
  readonly hidden: boolean
  /** ms that each call waits before it reaches the source; 0: none. */
  readonly delay: number
  /** Every call fails. */
  readonly failing: boolean
  /** Each call that contains this id fails; undefined: none. */
  readonly poisonousId: ItemId | undefined
}

export const NO_FAULTS: Faults = {
  offline: false,
  hidden: false,
  delay: 0,
  failing: false,
  poisonousId: undefined,
}

/** Names the faults that are on, in a few words each. */
export function namesOf({ offline, hidden, delay, failing, poisonousId }: Faults): string[] {
  const names: string[] = []
  if (offline) names.push('offline')
  if (hidden) names.push('hidden')
  if (delay > 0) names.push('slow')
  if (failing) names.push('failing')
  if (poisonousId !== undefined) names.push('one poisonous id')
  return names
}
