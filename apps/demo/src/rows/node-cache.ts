import { InMemoryAutoRefresh, type SyncFunction } from '@auto-refresh/core'
import { LIMITS, type NodeList, type RenderNode } from '@auto-refresh/demo-server/api'

/** ms between two looks at a node. */
const INTERVAL = 1000

/** The cache of the rows. Its items never end: a node is a node. */
export function createNodeCache(sync: SyncFunction<RenderNode>): InMemoryAutoRefresh<RenderNode> {
  return new InMemoryAutoRefresh<RenderNode>({
    name: 'nodes',
    sync,
    interval: INTERVAL,
    batchSize: LIMITS.idsPerNodeRequest,
    concurrency: 2,
    timeout: 5000,
    // A new version is another object: what says `unchanged` says so, and ten thousand comparisons say no more.
    equals: Object.is,
  })
}

/** Puts the whole fleet into the cache, with the versions that came with it, so that the next call asks for news only. */
export function fillNodeCache(cache: InMemoryAutoRefresh<RenderNode>, { nodes }: NodeList): string[] {
  const fleet = nodes.map(({ node, version }) => ({ id: node.id, item: node, validator: version }))
  cache.ingest(fleet, { create: true })
  return nodes.map(({ node }) => node.id)
}
