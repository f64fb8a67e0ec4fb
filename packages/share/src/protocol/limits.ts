/** Most ids that one message may name (K8). Senders split what is longer. */
export const MAX_IDS = 10_000
/** Longest id in a message, characters. */
export const MAX_ID_LENGTH = 10_000
/** Longest encoded message, characters. Objects that cross by structured clone have no length. */
export const MAX_MESSAGE_LENGTH = 1_000_000
/** Longest item that a hub sends, characters as JSON: the rest of a message has room beside it. */
export const MAX_ITEM_LENGTH = 900_000
/** Longest text of an error in a message, characters. */
export const MAX_ERROR_LENGTH = 1_000
/** Longest delay in a message, ms: ten years. */
export const MAX_DELAY = 315_360_000_000

/** Returns a number of ms as a message may have it (K8). A longer one says the same: not in these ten years. */
export function delay(ms: number): number {
  return Math.min(Math.max(0, ms), MAX_DELAY)
}

/** How far an epoch may be ahead of the wall clock, ms: a day. */
export const MAX_EPOCH_AHEAD = 86_400_000
