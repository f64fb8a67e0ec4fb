/** What the page's cache promises, by its options (`apps/demo/src/job-cache.ts`) and the contract (`docs/semantics.md`). ms. */

/** Between two looks at a job. */
export const INTERVAL = 1000

/** S17: how much more it may be, by chance. */
export const JITTER = 0.1

/** T1: what a sync call may take. */
export const TIMEOUT = 5000

/** F5: from a failed call to the first retry of its items, */
export const RETRY_DELAY = 1000

/** F14: the longest wait after failures, */
export const MAX_DELAY = 15_000

/** F16: and how much more both may be, by chance. */
export const RETRY_JITTER = 0.25

/** Bounds: from the first failure of one poisonous item of 100 to its isolation. */
export const ISOLATED_WITHIN = 15_000

/** T3: "at once", by the page's own clock: long before anything would be due again. */
export const AT_ONCE = INTERVAL / 4

/** What a browser, a farm and a network on a small machine take beside that, once. */
export const SLACK = 1000
