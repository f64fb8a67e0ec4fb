import { property } from '@auto-refresh/browsers'

/** What a page's main thread did in one go. ms. */
export interface Task {
  readonly took: number
  /** Of that, what the processor really worked at it: a busy machine keeps tasks waiting, which is not the page's doing. */
  readonly worked: number
}

/** What Chromium must write down for `tasksIn`. */
export const TASK_CATEGORIES = ['__metadata', 'toplevel', 'disabled-by-default-devtools.timeline']

/** The tasks of the pages' main threads, from a trace of Chromium. */
export function tasksIn(trace: string): Task[] {
  const events = property(JSON.parse(trace), 'traceEvents')
  if (!Array.isArray(events)) throw new Error('This is no trace')
  const mainThreads = new Set(
    events
      .filter((event) => property(property(event, 'args'), 'name') === 'CrRendererMain')
      .map((event) => threadOf(event)),
  )
  return events
    .filter((event) => property(event, 'name') === 'RunTask' && mainThreads.has(threadOf(event)))
    .map((event) => ({ took: milliseconds(event, 'dur'), worked: milliseconds(event, 'tdur') }))
}

function threadOf(event: unknown): string {
  return `${String(property(event, 'pid'))}/${String(property(event, 'tid'))}`
}

/** 0 for a task that was not over when the trace ended. */
function milliseconds(event: unknown, name: string): number {
  return Number(property(event, name) ?? 0) / 1000
}
