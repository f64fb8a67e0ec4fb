import { property } from './property.ts'

/** A task of a page's main thread. Times are ms. */
export interface Task {
  readonly took: number
  /** CPU time of the task. The rest is waiting for a busy machine. */
  readonly worked: number
}

/** Trace categories of Chromium that `tasksIn` needs. */
export const TASK_CATEGORIES: string[] = ['__metadata', 'toplevel', 'disabled-by-default-devtools.timeline']

/** Returns the tasks of the pages' main threads in a trace of Chromium. */
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

/** Returns 0 for a task that was not over when the trace ended. */
function milliseconds(event: unknown, name: string): number {
  return Number(property(event, name) ?? 0) / 1000
}
