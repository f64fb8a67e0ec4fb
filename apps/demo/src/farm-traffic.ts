import type { StatusTraffic, Traffic } from '@auto-refresh/demo-server/api'
import { findElement } from './find-element.ts'
import type { OneItem } from './one-item.ts'
import { setText } from './set-text.ts'

/** The rows of the table, and what each has of a kind of request. */
const ROWS: Readonly<Record<string, (status: StatusTraffic) => number>> = {
  requests: ({ requests }) => requests,
  ids: ({ ids }) => ids,
  unchanged: ({ unchanged }) => unchanged,
  failed: ({ rateLimited, failed, abandoned }) => rateLimited + failed + abandoned,
}

/** Shows what the farm counted itself, so that nobody has to believe the page. */
export function showFarmTraffic(root: ParentNode, traffic: OneItem<Traffic>): () => void {
  const cells = Object.entries(ROWS).map(([name, read]) => ({
    read,
    status: findElement(root, `[data-traffic="${name}"]`, HTMLElement),
    timers: findElement(root, `[data-timer-traffic="${name}"]`, HTMLElement),
  }))
  return traffic.follow(() => {
    const { current } = traffic
    if (current === undefined) return
    for (const { read, status, timers } of cells) {
      setText(status, read(current.status).toLocaleString('en'))
      setText(timers, read(current.timers).toLocaleString('en'))
    }
  })
}
