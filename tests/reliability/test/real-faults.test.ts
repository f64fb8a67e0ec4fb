import { InMemoryAutoRefresh, type AutoRefreshEvent, type ItemId } from '@auto-refresh/core'
import type { NodeList, RenderNode } from '@auto-refresh/demo-server/api'
import { startFarmProcess, type FarmProcess } from '@auto-refresh/demo-server/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { syncNodes } from '../../../apps/demo/src/rows/sync-nodes.ts'
import { eventually } from '@auto-refresh/browsers'
import { msOf } from './security/asked.ts'
import { FaultyProxy } from '../src/faults/faulty-proxy.ts'
import { NO_FAULT, type NetworkFault } from '../src/faults/network-fault.ts'

const INTERVAL = 200
const TIMEOUT = 800
const MAX_DELAY = 1000
const JITTER = 0.25
const ITEMS = 120
const BATCH = 50

/**
 * Retry calls that fail before single items are probed (F11): 16 in a row, and beside the last of them at most two more,
 * because three run at a time (F10).
 */
const UNTIL_PROBES = 16 + 2
/** Probes until their pause is the longest (F14): it doubles from one interval, which is the retry delay here. */
const UNTIL_LONGEST_PAUSE = Math.ceil(Math.log2(MAX_DELAY / INTERVAL))

/**
 * ms; the longest that the contract allows from the end of a fault to the last item being fresh. A call that hung may have
 * begun just before (T1); then the longest delay passes, of a probe (F14) or of an isolated item (F9).
 */
const RECOVERY = TIMEOUT + MAX_DELAY * (1 + JITTER)
/** ms that a busy machine may take for the calls themselves. */
const MACHINE = 2500
/** ms that the first refresh may take, of eight caches at once. */
const START = 15_000
/** ms that a fault lasts. In that time calls time out, an outage begins, and probes are made. */
const FAULT = 4500

let farm: FarmProcess

beforeAll(async () => {
  farm = await startFarmProcess()
})
afterAll(() => farm.stop())

interface Watched extends AsyncDisposable {
  readonly cache: InMemoryAutoRefresh<RenderNode>
  readonly proxy: FaultyProxy
  readonly ids: readonly ItemId[]
  readonly events: AutoRefreshEvent<RenderNode>[]
}

/** A cache that follows nodes of the farm through a proxy; all of them are fresh. */
async function watchNodes(): Promise<Watched> {
  const proxy = await FaultyProxy.before(farm.url)
  const cache = new InMemoryAutoRefresh<RenderNode>({
    sync: syncNodes(proxy.url),
    interval: INTERVAL,
    timeout: TIMEOUT,
    retry: { maxDelay: MAX_DELAY, jitter: JITTER },
    batchSize: BATCH,
    missing: 'fail',
  })
  const events: AutoRefreshEvent<RenderNode>[] = []
  cache.onEvent((event) => events.push(event))
  const nodes = (await farmNodes()).slice(0, ITEMS)
  for (const node of nodes) cache.getOrCreate(node.id, node)
  cache.start()
  const watched: Watched = {
    cache,
    proxy,
    ids: nodes.map(({ id }) => id),
    events,
    async [Symbol.asyncDispose]() {
      await cache.stop()
      await proxy[Symbol.asyncDispose]()
    },
  }
  await allFresh(watched, 0, START)
  return watched
}

/** Returns the farm's own states, asked without a proxy. */
async function farmNodes(): Promise<readonly RenderNode[]> {
  const { nodes } = (await (await fetch(`${farm.url}/api/nodes`)).json()) as NodeList
  return nodes.map(({ node }) => node)
}

/** Resolves when every item was refreshed after `since` (epoch ms); rejects after `within` ms. */
async function allFresh({ cache, ids }: Watched, since: number, within: number): Promise<void> {
  await eventually(
    () => {
      const isFresh = ids.every((id) => {
        const { refreshedAt = 0, error } = cache.getSnapshot(id)
        return refreshedAt > since && error === undefined
      })
      return isFresh || undefined
    },
    { within, awaited: 'all items to be fresh' },
  )
}

const countOf = ({ events }: Watched, type: AutoRefreshEvent<RenderNode>['type']): number =>
  events.filter((event) => event.type === type).length

const faults: readonly (readonly [string, NetworkFault])[] = [
  ['nobody listens', { kind: 'refused' }],
  ['connections are reset', { kind: 'reset' }],
  ['connections are half open', { kind: 'half-open' }],
  ['answers come too slowly', { kind: 'slow', latency: 50, bytesPerSecond: 200 }],
  ['answers end in their middle', { kind: 'cut', after: 20, by: 'end' }],
  ['answers are reset in their middle', { kind: 'cut', after: 20, by: 'reset' }],
]

describe.concurrent('a real backend behind a broken network', () => {
  it.each(faults)(
    'F1, F5, F6, F11, F14, T1: %s: no value is lost, and then all are fresh again',
    async (_, fault) => {
      await using watched = await watchNodes()
      const { cache, proxy, ids } = watched
      watched.events.length = 0
      await proxy.set(fault)
      await eventually(() => ids.every((id) => cache.getSnapshot(id).failureCount > 0) || undefined, {
        within: FAULT,
        awaited: 'all items to have failed',
      })
      const known = new Map(ids.map((id) => [id, cache.get(id)]))
      const acceptedBefore = proxy.accepted
      const [written = ''] = ids
      const local: RenderNode = { id: written, state: 'down', load: -1, temperature: -1, frames: -1 }
      expect(cache.update(written, local)).toBe(true)
      known.set(written, local)
      const faultyFor = await msOf(() => sleep(FAULT))

      // No value was lost, including the one written here meanwhile.
      expect(cache.size).toBe(ITEMS)
      for (const id of ids) {
        const { status, item, error, failureCount } = cache.getSnapshot(id)
        expect({ status, isSame: item === known.get(id) }).toEqual({ status: 'active', isSame: true })
        expect(error).toBeInstanceOf(Error)
        expect(failureCount).toBeGreaterThan(0)
      }
      expect(countOf(watched, 'outage-started')).toBe(1)
      expect(countOf(watched, 'outage-ended')).toBe(0)
      // There is no storm, though each call is a new connection: three batches are retried in halves, then one item at a time.
      expect(proxy.accepted - acceptedBefore).toBeLessThanOrEqual(
        UNTIL_PROBES + UNTIL_LONGEST_PAUSE + Math.ceil(faultyFor / MAX_DELAY),
      )

      await proxy.set(NO_FAULT)
      await allFresh(watched, Date.now(), RECOVERY + MACHINE)
      expect(countOf(watched, 'outage-ended')).toBe(1)
      expect(countOf(watched, 'deleted')).toBe(0)
      // The values are those of the farm.
      await eventually(
        async () => {
          const nodes = new Map((await farmNodes()).map((node) => [node.id, node]))
          return ids.every((id) => isDeepStrictEqual(cache.get(id), nodes.get(id))) || undefined
        },
        { within: RECOVERY + MACHINE, awaited: 'the cache to have what the farm has' },
      )
    },
  )

  it('a slow network whose answers are in time causes no failures', async () => {
    await using watched = await watchNodes()
    const { cache, proxy } = watched
    await proxy.set({ kind: 'slow', latency: TIMEOUT / 4, bytesPerSecond: 100_000 })
    const before = cache.stats().refreshedItems
    await sleep(FAULT / 2)
    expect(cache.stats()).toMatchObject({ syncErrors: 0, size: ITEMS })
    expect(cache.stats().refreshedItems - before).toBeGreaterThan(2 * ITEMS)
    expect(countOf(watched, 'outage-started')).toBe(0)
  })

  it('S8: a refresh requested during a fault rejects, and the next one brings the value', async () => {
    await using watched = await watchNodes()
    const { cache, proxy, ids } = watched
    const [id = ''] = ids
    await proxy.set({ kind: 'reset' })
    await expect(cache.refresh(id)).rejects.toThrow()
    await proxy.set(NO_FAULT)
    const since = Date.now()
    await cache.refresh(id)
    expect(cache.getSnapshot(id).refreshedAt).toBeGreaterThanOrEqual(since)
    expect(cache.getSnapshot(id).error).toBeUndefined()
  })
})
