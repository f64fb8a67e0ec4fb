import { InMemoryAutoRefresh } from '@auto-refresh/core'
import type { Traffic } from '@auto-refresh/demo-server/api'
import type { FarmClient } from './farm-client.ts'
import { findElement } from './find-element.ts'

const ID = 'traffic'
const INTERVAL = 2000

/** Shows what the farm counted itself, so that nobody has to believe the page. A second cache, of a single item. */
export function showFarmTraffic(root: ParentNode, farm: FarmClient): () => void {
  const outputs = {
    requests: findElement(root, '[data-traffic="requests"]', HTMLElement),
    ids: findElement(root, '[data-traffic="ids"]', HTMLElement),
    unchanged: findElement(root, '[data-traffic="unchanged"]', HTMLElement),
    failed: findElement(root, '[data-traffic="failed"]', HTMLElement),
  }
  const cache = new InMemoryAutoRefresh<Traffic | 'unknown'>({
    name: 'traffic',
    sync: async (_batch, { signal }) => [{ id: ID, item: await farm.traffic(signal) }],
    interval: INTERVAL,
  })
  cache.subscribe(ID, () => {
    const traffic = cache.get(ID)
    if (traffic === undefined || traffic === 'unknown') return
    const { requests, ids, unchanged, rateLimited, failed, abandoned } = traffic.status
    outputs.requests.textContent = requests.toLocaleString('en')
    outputs.ids.textContent = ids.toLocaleString('en')
    outputs.unchanged.textContent = unchanged.toLocaleString('en')
    outputs.failed.textContent = (rateLimited + failed + abandoned).toLocaleString('en')
  })
  cache.getOrCreate(ID, 'unknown')
  return cache.retain()
}
