/** Entry of a worker thread: renders one scene per call and returns its PNG. */
import { encode } from 'fast-png'
import { BudgetExceededError, renderScene } from '../render/render-scene.ts'
import type { RenderResult, RenderTask, RowsDone } from './render-task.ts'

/** ms between two reports, because a fast scene has thousands of rows per second. */
const REPORT_INTERVAL = 50

export default function render({ scene, iterationBudget, progress }: RenderTask): RenderResult {
  const report = (rows: RowsDone): void => progress.postMessage(rows)
  let reportedAt = performance.now()
  report(0)
  try {
    const data = renderScene(scene, {
      iterationBudget,
      onRow(rowsDone) {
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
