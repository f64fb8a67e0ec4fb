import { parentPort } from 'node:worker_threads'
import { SharedAutoRefresh } from '@auto-refresh/share'
import { simulate } from './simulate.ts'

export { SharedAutoRefresh, simulate }

/** Task of a thread: the seeds from `first` on, up to the first that fails if `isOneEnough`. */
export interface Order {
  readonly first: number
  readonly count: number
  readonly isOneEnough?: boolean
}

/** Which of the seeds failed, and why. */
export type Result = readonly string[]

// Nobody reads the stacks of the source's errors, and they take time.
Error.stackTraceLimit = 0
parentPort?.on('message', (order: Order) => void run(order))

async function run({ first, count, isOneEnough = false }: Order): Promise<void> {
  const failures: string[] = []
  for (let seed = first; seed < first + count; seed += 1) {
    try {
      await simulate(seed, { SharedAutoRefresh })
    } catch (error) {
      failures.push(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`)
      if (isOneEnough) break
    }
  }
  parentPort?.postMessage(failures satisfies Result)
}
