import type { AutoRefreshStats } from '@auto-refresh/core'
import { setText } from './set-text.ts'

/** Counts of the cache, by the name that an element has in `data-stat`. */
const STATS: Readonly<Record<string, keyof AutoRefreshStats>> = {
  size: 'size',
  subscribers: 'subscribers',
  'sync-calls': 'syncCalls',
  'sync-errors': 'syncErrors',
  'refreshed-items': 'refreshedItems',
  'running-calls': 'runningCalls',
  'waiting-items': 'waitingItems',
}

export function showStats(root: ParentNode, stats: AutoRefreshStats): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-stat]')) {
    const key = STATS[element.dataset['stat'] ?? '']
    if (key !== undefined) setText(element, stats[key].toLocaleString('en'))
  }
}
