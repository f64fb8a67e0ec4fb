import type { AdapterSeam, AutoRefresh, ItemId, ItemSnapshot, ItemState } from '../auto-refresh.ts'
import { seamOf } from './adapter-seam.ts'
import { MISSING } from './missing.ts'

/** The seam is the one place that every observer of a cache reaches, whichever copy of this module it comes from. */
interface HydratedSeam<Item> extends AdapterSeam<Item> {
  hydrated?: Hydrated<Item>
}

interface Hydrated<Item> {
  /** Snapshots that `hydrate` brought last, by id. */
  readonly snapshots: Map<ItemId, ItemSnapshot<Item>>
  /** Ids of these that are still in the cache. It is watched until there is none. */
  readonly present: Set<ItemId>
  /** Ids that were deleted since. */
  readonly deleted: Set<ItemId>
}

/**
 * Notes what `hydrate` brought, because markup of the server may be hydrated when the cache is ahead (A13). What earlier calls
 * brought and is not in the cache any more is forgotten (O6).
 */
export function noteHydrated<Item>(cache: AutoRefresh<Item>, states: readonly ItemState<Item>[]): void {
  const seam: HydratedSeam<Item> = seamOf(cache, 'hydrate')
  const hydrated = (seam.hydrated ??= newHydrated<Item>())
  const { snapshots, present, deleted } = hydrated
  const isWatched = present.size > 0
  for (const id of snapshots.keys()) if (!cache.has(id)) snapshots.delete(id)
  deleted.clear()
  for (const state of states) {
    snapshots.set(state.id, snapshotOf(cache, state))
    if (cache.has(state.id)) present.add(state.id)
  }
  if (!isWatched && present.size > 0) watchRemovals(cache, hydrated)
}

/** Returns the snapshots that `hydrate` brought last, in the order in which they first came. */
export function hydratedOf<Item>(
  cache: AutoRefresh<Item>,
): ReadonlyMap<ItemId, ItemSnapshot<Item>> | undefined {
  const seam: HydratedSeam<Item> | undefined = cache.adapterSeam
  return seam?.hydrated?.snapshots
}

/** True if an item that `hydrate` brought is missing because it was deleted, and not because nobody subscribed to it. */
export function isDeletedSince<Item>(cache: AutoRefresh<Item>, id: ItemId): boolean {
  const seam: HydratedSeam<Item> | undefined = cache.adapterSeam
  return seam?.hydrated?.deleted.has(id) === true && !cache.has(id)
}

function newHydrated<Item>(): Hydrated<Item> {
  return {
    snapshots: new Map<ItemId, ItemSnapshot<Item>>(),
    present: new Set<ItemId>(),
    deleted: new Set<ItemId>(),
  }
}

function watchRemovals<Item>(
  cache: AutoRefresh<Item>,
  { snapshots, present, deleted }: Hydrated<Item>,
): void {
  const end = cache.onEvent((event) => {
    if (event.type !== 'deleted' && event.type !== 'evicted') return
    const { id } = event
    // What the cache gives up by itself is there to be shown again.
    if (event.type === 'deleted' && event.reason !== 'unobserved' && snapshots.has(id)) deleted.add(id)
    present.delete(id)
    if (present.size === 0) end()
  })
}

/** The cache's own snapshot has the times, too, but only if the cache took the state over. */
function snapshotOf<Item>(cache: AutoRefresh<Item>, state: ItemState<Item>): ItemSnapshot<Item> {
  const { id, item, error, failureCount, unchangedCount } = state
  const present = cache.getSnapshot(id)
  const isTaken =
    present.status !== 'missing' &&
    Object.is(present.item, item) &&
    present.failureCount === failureCount &&
    present.error === error
  if (isTaken) return present
  const details = { ...MISSING, error, failureCount, unchangedCount }
  if (item === undefined) return { ...details, status: 'pending', item: undefined }
  return { ...details, status: cache.isTerminal(item) ? 'terminal' : 'active', item }
}
