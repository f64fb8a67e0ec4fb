import type { AutoRefreshEvent, ItemId } from '@auto-refresh/core'

export type EventType = AutoRefreshEvent<unknown>['type']

/** Filters of the log. */
export type EventGroup = 'calls' | 'items' | 'cache' | 'problems'

/** An event without the value of its item, so that the log neither shows nor keeps it. */
export interface EventRecord {
  /** Numbers the events of a recorder from 1. */
  readonly number: number
  /** Epoch ms. */
  readonly at: number
  readonly type: EventType
  readonly id: ItemId | undefined
  /** The event's other facts, in words. */
  readonly text: string
  readonly isProblem: boolean
}

const CALLS: ReadonlySet<EventType> = new Set<EventType>(['sync-started', 'sync-settled'])
const ITEMS: ReadonlySet<EventType> = new Set<EventType>([
  'created',
  'updated',
  'terminal',
  'expired',
  'deleted',
  'evicted',
])

/** True if the event is in the group. A problem is in the group of its type as well. */
export function isIn(group: EventGroup, { type, isProblem }: EventRecord): boolean {
  if (group === 'problems') return isProblem
  if (group === 'calls') return CALLS.has(type)
  if (group === 'items') return ITEMS.has(type)
  return !CALLS.has(type) && !ITEMS.has(type)
}
