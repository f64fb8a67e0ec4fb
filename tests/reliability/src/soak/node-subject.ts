import { setImmediate as nextTask } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Subject } from './subject.ts'
import { Turnover } from './turnover.ts'

export function nodeSubject(size: number, isLeaky: boolean): Subject {
  const turnover = new Turnover(size, isLeaky)
  const collect = garbageCollector()
  return {
    name: `Node ${process.versions.node}`,
    start: async () => turnover.start(),
    async heap() {
      // Twice, because a weak reference that was read in a task is held until the task ends.
      collect()
      await nextTask()
      collect()
      return process.memoryUsage().heapUsed
    },
    report: async (grace) => turnover.report(grace),
    stop: () => turnover.stop(),
    [Symbol.asyncDispose]: async () => undefined,
  }
}

/** V8's `gc`, which a new context has if the flag is set. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('This runtime has no gc')
  return () => void Reflect.apply(collect, undefined, [])
}
