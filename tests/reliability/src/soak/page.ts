/** The page of a soak in a browser: it does what it is told through `soak`. */
import type { PageSoak } from './page-soak.ts'
import { Turnover } from './turnover.ts'

const page: PageSoak = {
  begin(size, isLeaky) {
    const turnover = new Turnover(size, isLeaky)
    turnover.start()
    page.turnover = turnover
  },
  async heap() {
    // It is there by V8's flag `--expose-gc`.
    const { gc } = globalThis
    if (gc === undefined) throw new Error('This page has no gc')
    // In one task: what comes between a collection and a look is garbage again.
    gc()
    await new Promise((resolve) => setTimeout(resolve, 0))
    gc()
    return performance.memory.usedJSHeapSize
  },
}
globalThis.soak = page
