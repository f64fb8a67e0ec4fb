/** The rows of the page against the real farm, over HTTP. */
import { LIMITS } from '@auto-refresh/demo-server/api'
import { startFarmProcess } from '@auto-refresh/demo-server/testing'
import { expect, it, onTestFinished, vi } from 'vitest'
import { FarmClient } from '../src/farm-client.ts'
import { createNodeCache, fillNodeCache } from '../src/rows/node-cache.ts'
import { syncNodes } from '../src/rows/sync-nodes.ts'
import { UpdateRate } from '../src/rows/update-rate.ts'

it('keeps 10,000 nodes fresh in requests of 1,000, and is told of changes only', async () => {
  const farm = await startFarmProcess()
  onTestFinished(() => farm.stop())
  const cache = createNodeCache(syncNodes(farm.url))
  onTestFinished(() => cache.stop())
  const ids = fillNodeCache(cache, await new FarmClient(farm.url).nodes(new AbortController().signal))
  expect(ids).toHaveLength(LIMITS.nodes)
  expect(cache.size).toBe(LIMITS.nodes)

  cache.start()
  await vi.waitFor(() => expect(cache.stats().refreshedItems).toBeGreaterThanOrEqual(LIMITS.nodes), {
    timeout: 60_000,
  })
  const { nodes } = await farm.traffic()
  expect(nodes.ids / nodes.requests).toBe(LIMITS.idsPerNodeRequest)
  // The first look has the versions of the list already.
  expect(nodes.unchanged).toBeGreaterThan(nodes.ids * 0.9)
  expect(nodes.changed).toBeGreaterThan(0)
  expect(cache.stats().syncErrors).toBe(0)
})

it('counts changes over whole seconds', () => {
  let now = 0
  const rate = new UpdateRate(() => now)
  for (; now < 2000; now += 100) rate.record()
  expect(rate.perSecond()).toBe(10)
  for (; now < 20_000; now += 100) rate.record()
  expect(rate.perSecond()).toBe(10)
  now += 3000
  expect(rate.perSecond()).toBe(4)
})
