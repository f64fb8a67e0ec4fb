/** Promises of the page's cache, in ms, by its options (`apps/demo/src/job-cache.ts`) and the contract (`docs/semantics.md`). */

/** Interval between two refreshes of a job. */
export const INTERVAL = 1000

/** S17: the jitter of that interval. */
export const JITTER = 0.1

/** T1: the timeout of a sync call. */
export const TIMEOUT = 5000

/** F5: the pause between a failed call and the first retry of its items. */
export const RETRY_DELAY = 1000

/** F14: the longest pause after failures. */
export const MAX_DELAY = 15_000

/** F16: the jitter of both pauses. */
export const RETRY_JITTER = 0.25

/** Bounds: the time from the first failure of one poisonous item of 100 to its isolation. */
export const ISOLATED_WITHIN = 15_000

/** T3: "at once" by the page's own clock, long before the next refresh would be due. */
export const AT_ONCE = INTERVAL / 4

/** ms that a browser, a farm and a network on a small machine add, once. */
export const SLACK = 1000
