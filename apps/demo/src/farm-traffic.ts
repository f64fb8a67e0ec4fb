import { InMemoryAutoRefresh } from '@auto-refresh/core'
import type { StatusTraffic, Traffic } from '@auto-refresh/demo-server/api'
import type { FarmClient } from './farm-client.ts'
import { findElement } from './find-element.ts'
import { setText } from './set-text.ts'

const ID = 'traffic'
const INTERVAL = 2000

/** The rows of the table, and what each has of a kind of request. */
const ROWS: Readonly<Record<string, (status: StatusTraffic) => number>> = {
  requests: ({ requests }) => requests,
  ids: ({ ids }) => ids,
  unchanged: ({ unchanged }) => unchanged,
  failed: ({ rateLimited, failed, abandoned }) => rateLimited + failed + abandoned,
}

/** Shows what the farm counted itself, so that nobody has to believe the page. A second cache, of a single item. */
export function showFarmTraffic(root: ParentNode, farm: FarmClient): () => void {
  const cells = Object.entries(ROWS).map(([name, read]) => ({
    read,
    status: findElement(root, `[data-traffic="${name}"]`, HTMLElement),
    timers: findElement(root, `[data-timer-traffic="${name}"]`, HTMLElement),
  }))
  const cache = new InMemoryAutoRefresh<Traffic>({
    name: 'traffic',
    sync: async (_batch, { signal }) => [{ id: ID, item: await farm.traffic(signal) }],
    interval: INTERVAL,
  })
  cache.subscribe(ID, () => {
    const traffic = cache.get(ID)
    if (traffic === undefined) return
    for (const { read, status, timers } of cells) {
      setText(status, read(traffic.status).toLocaleString('en'))
      setText(timers, read(traffic.timers).toLocaleString('en'))
    }
  })
  cache.getOrCreate(ID)
  return cache.retain()
}
