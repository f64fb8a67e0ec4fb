import type { DropReason } from '../protocol/read.ts'

/** Messages and what became of them, for `stats` (K11). */
export interface Traffic {
  received: number
  sent: number
  readonly dropped: Record<DropReason, number>
}

export function noTraffic(): Traffic {
  return { received: 0, sent: 0, dropped: { version: 0, group: 0, epoch: 0, malformed: 0 } }
}
