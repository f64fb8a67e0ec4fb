import type { DropReason } from '../protocol/read.ts'

/** Messages and what became of them, for `stats` (K11). */
export interface Traffic {
  received: number
  sent: number
  readonly dropped: Record<DropReason, number>
}
