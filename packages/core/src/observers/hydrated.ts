import type { AdapterSeam, AutoRefresh, ItemId, ItemSnapshot, ItemState } from '../auto-refresh.ts'
import { seamOf } from './adapter-seam.ts'
import { MISSING } from './missing.ts'

/** The seam is the one place that every observer of a cache reaches, whichever copy of this module it comes from. */
interface HydratedSeam<Item> extends AdapterSeam<Item> {
  /** Snapshots that `hydrate` brought last, by id. */
  hydrated?: Map<ItemId, ItemSnapshot<Item>>
}

/** Notes what `hydrate` brought, because markup of the server may be hydrated when the cache is ahead (A13). */
export function noteHydrated<Item>(cache: AutoRefresh<Item>, states: readonly ItemState<Item>[]): void {
  const seam: HydratedSeam<Item> = seamOf(cache, 'hydrate')
  const hydrated = (seam.hydrated ??= new Map<ItemId, ItemSnapshot<Item>>())
  for (const state of states) hydrated.set(state.id, snapshotOf(cache, state))
}

/** Returns the snapshots that `hydrate` brought last, in the order in which they first came. */
export function hydratedOf<Item>(
  cache: AutoRefresh<Item>,
): ReadonlyMap<ItemId, ItemSnapshot<Item>> | undefined {
  const seam: HydratedSeam<Item> | undefined = cache.adapterSeam
  return seam?.hydrated
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
