import type { ItemId } from '../auto-refresh.ts'
import { quote } from '../errors.ts'
import { cacheError } from './cache-error.ts'
import { limitsAsked } from './circuit-breaker.ts'
import { removeEntry } from './entries.ts'
import { transaction } from './events.ts'
import { addPendingRefresh } from './pending-refreshes.ts'
import { scheduleNow } from './schedule.ts'
import { type Entry, isRefreshable } from './entry.ts'
import type { State } from './state.ts'
import { queueTick } from './wake.ts'

/** Asks for a refresh of an entry (S8, S13). */
export async function refresh<Item>(state: State<Item>, id: ItemId): Promise<void> {
  const entry = state.entries.get(id)
  if (entry === undefined) throw cacheError(state, 'NOT_FOUND', `there is no item ${quote(id)}`)
  refuseStopped(state, quote(id))
  if (entry.isDeleting) {
    transaction(state, () => removeEntry(state, entry, 'delayed'))
    queueTick(state)
    throw cacheError(state, 'DELETED', `${quote(id)} was marked for deletion`)
  }
  await new Promise<void>((resolve, reject) => {
    addPendingRefresh(state, entry, (failure) => {
      if (failure === undefined) resolve()
      else reject(failure.error)
    })
    transaction(state, () => scheduleNow(state, entry))
    queueTick(state)
  })
}

/** Asks for a refresh of every entry that is refreshed by the clock (G1). @param ids only of these; left out: of all */
export async function refreshAll<Item>(state: State<Item>, ids?: ReadonlySet<ItemId>): Promise<void> {
  refuseStopped(state, 'all items')
  let first: readonly Entry<Item>[] = []
  if (limitsAsked(state, state.time.read().now)) {
    // While the source is down, one call tells (G8).
    first = lastFailed(state)
    if (!(await askAll(state, first))) return
    refuseStopped(state, 'all items')
  }
  const done = new Set(first)
  const isAsked = (entry: Entry<Item>): boolean =>
    entry.failures?.retryGroup?.isIsolated !== true && !done.has(entry) && ids?.has(entry.id) !== false
  await askAll(state, polled(state).filter(isAsked))
}

/** Every entry that is refreshed by the clock. */
function polled<Item>({ entries }: State<Item>): readonly Entry<Item>[] {
  return [...entries.values()].filter(isRefreshable)
}

/** A batch of the retry group that failed last; else one entry that fails. */
function lastFailed<Item>(state: State<Item>): readonly Entry<Item>[] {
  const { lastGroup } = state.breaker
  const failing = polled(state).filter(({ failures }) => failures !== undefined)
  const group = failing.filter(({ failures }) => failures?.retryGroup === lastGroup)
  if (lastGroup !== undefined && group.length > 0) return group.slice(0, lastGroup.maxBatchSize)
  const [failed] = failing
  return [state.retries.first?.first ?? failed].filter((entry) => entry !== undefined)
}

/** Resolves when all have settled, with true if one of them succeeded. @throws STOPPED if the cache stops meanwhile */
function askAll<Item>(state: State<Item>, entries: readonly Entry<Item>[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let left = entries.length
    let isOneWell = left === 0
    if (left === 0) return resolve(isOneWell)
    // One function for all: each entry keeps only a reference to it.
    const settle = (failure: { readonly error: unknown } | undefined): void => {
      left -= 1
      isOneWell ||= failure === undefined
      if (failure !== undefined && !state.isRunning) reject(failure.error)
      else if (left === 0) resolve(isOneWell)
    }
    transaction(state, () => {
      for (const entry of entries) {
        addPendingRefresh(state, entry, settle)
        scheduleNow(state, entry)
      }
    })
    queueTick(state)
  })
}

function refuseStopped<Item>(state: State<Item>, what: string): void {
  if (state.isRunning) return
  throw cacheError(state, 'STOPPED', `cannot refresh ${what}: the cache is not running; call start()`)
}
