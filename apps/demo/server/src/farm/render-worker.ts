/** Entry of a worker thread: renders one scene per call and returns its PNG. */
import { encode } from 'fast-png'
import { BudgetExceededError, renderScene } from '../render/render-scene.ts'
import type { RenderResult, RenderTask, RowsDone } from './render-task.ts'

/** ms between two reports, because a fast scene has thousands of rows per second. */
const REPORT_INTERVAL = 50

/** ms: a thread that rests after each row would wait its turn on a busy machine as often. */
const LEAST_REST = 50

export default function render({ scene, iterationBudget, rowTime, progress }: RenderTask): RenderResult {
  const report = (rows: RowsDone): void => progress.postMessage(rows)
  const begunAt = performance.now()
  let reportedAt = begunAt
  report(0)
  try {
    const data = renderScene(scene, {
      iterationBudget,
      onRow(rowsDone) {
        const ahead = begunAt + rowsDone * rowTime - performance.now()
        if (ahead >= LEAST_REST || rowsDone === scene.height) rest(ahead)
        const now = performance.now()
        if (now - reportedAt < REPORT_INTERVAL) return
        reportedAt = now
        report(rowsDone)
      },
    })
    const png = encode({ width: scene.width, height: scene.height, data, channels: 3, depth: 8 })
    return { outcome: 'rendered', png: new Uint8Array(png) }
  } catch (error) {
    if (error instanceof BudgetExceededError) return { outcome: 'failed', reason: error.message }
    throw error
  } finally {
    progress.close()
  }
}

/** A memory that is never written: a wait for it lasts until the time is up. */
const nothing = new Int32Array(new SharedArrayBuffer(4))

/** Blocks the thread for `ms` without work. The thread can be ended meanwhile. */
function rest(ms: number): void {
  if (ms > 0) Atomics.wait(nothing, 0, 0, ms)
}
