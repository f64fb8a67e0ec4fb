import type { AutoRefreshEvent } from '@auto-refresh/core'
import { errorText } from '../format/error-text.ts'
import { formatCount, formatDuration } from '../format/numbers.ts'
import type { EventRecord } from './event-record.ts'

/** Returns what the log keeps of an event. @param at epoch ms */
export function describeEvent(event: AutoRefreshEvent<unknown>, number: number, at: number): EventRecord {
  return {
    number,
    at,
    type: event.type,
    id: 'id' in event ? event.id : undefined,
    text: textOf(event),
    isProblem: isProblem(event),
  }
}

function textOf(event: AutoRefreshEvent<unknown>): string {
  switch (event.type) {
    case 'paused':
    case 'resumed':
    case 'deleted':
      return event.reason
    case 'sync-started':
      return `call ${event.call}, ${event.kind}, ${formatCount(event.ids.length, 'item')}`
    case 'sync-settled': {
      const result = 'error' in event ? `failed: ${errorText(event.error)}` : 'ok'
      return `call ${event.call}, ${formatDuration(event.duration)}, ${result}`
    }
    case 'role':
      return event.role
    case 'callback-error':
      return errorText(event.error)
    case 'unexpected-response':
      return event.id === undefined ? 'without a usable id' : 'nobody asked for it'
    default:
      return ''
  }
}

function isProblem(event: AutoRefreshEvent<unknown>): boolean {
  if (event.type === 'sync-settled') return 'error' in event
  return (
    event.type === 'outage-started' ||
    event.type === 'unexpected-response' ||
    event.type === 'callback-error' ||
    event.type === 'expired'
  )
}
