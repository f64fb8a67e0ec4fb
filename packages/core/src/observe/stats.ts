/** What is counted as it happens; the rest of the stats is looked up when asked for. */
export interface Counters {
  hits: number
  misses: number
  syncCalls: number
  syncErrors: number
  refreshedItems: number
  evictions: number
}

/** All at 0. */
export function newCounters(): Counters {
  return { hits: 0, misses: 0, syncCalls: 0, syncErrors: 0, refreshedItems: 0, evictions: 0 }
}
