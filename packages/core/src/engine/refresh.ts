import type { ItemId } from '../auto-refresh.ts'
import { AutoRefreshError, quote } from '../errors.ts'
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
  const { name } = state.options
  const entry = state.entries.get(id)
  if (entry === undefined) throw new AutoRefreshError('NOT_FOUND', `${name}: there is no item ${quote(id)}`)
  refuseStopped(state, quote(id))
  if (entry.isDeleting) {
    transaction(state, () => removeEntry(state, entry, 'delayed'))
    queueTick(state)
    throw new AutoRefreshError('DELETED', `${name}: ${quote(id)} was marked for deletion, and is removed now`)
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

/** Asks for a refresh of every entry that is refreshed by the clock (G1). */
export async function refreshAll<Item>(state: State<Item>): Promise<void> {
  refuseStopped(state, 'all items')
  if (limitsAsked(state, state.time.read().now)) {
    // While the source is down, one call tells (G8).
    const first = lastFailed(state)
    if (first.length > 0 && !(await askAll(state, first))) return
    refuseStopped(state, 'all items')
    await askAll(state, refreshed(state, new Set(first)))
  } else {
    await askAll(state, refreshed(state, new Set()))
  }
}

/** What `refreshAll` asks for: polled entries, isolated ones and those asked for already aside. */
function refreshed<Item>({ entries }: State<Item>, done: ReadonlySet<Entry<Item>>): readonly Entry<Item>[] {
  return [...entries.values()].filter(
    (entry) => isRefreshable(entry) && entry.failures?.retryGroup?.isIsolated !== true && !done.has(entry),
  )
}

function lastFailed<Item>({ breaker, retries, entries }: State<Item>): readonly Entry<Item>[] {
  const all = [...entries.values()].filter(isRefreshable)
  const group = all.filter(
    ({ failures }) => failures?.retryGroup !== undefined && failures.retryGroup === breaker.lastGroup,
  )
  if (group.length > 0) return group.slice(0, breaker.lastGroup?.maxBatchSize)
  const failed = retries.first?.first ?? all.find(({ failures }) => failures !== undefined)
  return failed === undefined ? [] : [failed]
}

/** Resolves when all have settled, with true if one of them succeeded. @throws STOPPED if the cache stops meanwhile */
function askAll<Item>(state: State<Item>, entries: readonly Entry<Item>[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let left = entries.length
    let isOneWell = entries.length === 0
    if (left === 0) {
      resolve(isOneWell)
      return
    }
    // One function for all: each entry keeps only a reference to it.
    const settle = (failure: { readonly error: unknown } | undefined): void => {
      left -= 1
      isOneWell ||= failure === undefined
      if (isStopped(failure)) reject(failure.error)
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

function isStopped(
  failure: { readonly error: unknown } | undefined,
): failure is { readonly error: AutoRefreshError } {
  return (
    failure !== undefined && failure.error instanceof AutoRefreshError && failure.error.code === 'STOPPED'
  )
}

function refuseStopped<Item>({ isRunning, options }: State<Item>, what: string): void {
  if (isRunning) return
  throw new AutoRefreshError(
    'STOPPED',
    `${options.name}: cannot refresh ${what}: the cache is not running; call start()`,
  )
}
