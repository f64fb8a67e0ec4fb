/** The page of a soak in a browser. The driver calls `soak`. */
import type { PageSoak } from './page-soak.ts'
import { Turnover } from './turnover.ts'

const page: PageSoak = {
  begin(size, isLeaky) {
    const turnover = new Turnover(size, isLeaky)
    turnover.start()
    page.turnover = turnover
  },
  async heap() {
    // V8's flag `--expose-gc` provides it.
    const { gc } = globalThis
    if (gc === undefined) throw new Error('This page has no gc')
    // In one task, because a pause between the collection and the reading would allow new garbage.
    gc()
    await new Promise((resolve) => setTimeout(resolve, 0))
    gc()
    return performance.memory.usedJSHeapSize
  },
}
globalThis.soak = page
