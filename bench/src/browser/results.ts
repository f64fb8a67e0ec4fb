import * as v from 'valibot'

const number = v.optional(v.number())

/** Measurements of one competitor in one browser. */
const runSchema = v.object({
  browser: v.string(),
  competitor: v.string(),
  /** ms of CPU a second, of all processes of the browser. */
  cpu: number,
  /** ms a second that the page's main thread was in tasks, and of those in scripts, by Chromium's own counters. */
  tasks: number,
  scripts: number,
  /** Blocks of the main thread of 50 ms or more, per minute. */
  longTasks: v.number(),
  /** ms */
  longest: v.number(),
  /** Items refreshed a second. */
  refreshes: v.number(),
  /** MB of JavaScript heap after a forced collection. */
  heap: number,
})

export const browserResultsSchema = v.object({
  date: v.string(),
  seconds: v.number(),
  browsers: v.record(v.string(), v.string()),
  runs: v.array(runSchema),
})

export type BrowserRun = v.InferOutput<typeof runSchema>
export type BrowserResults = v.InferOutput<typeof browserResultsSchema>
