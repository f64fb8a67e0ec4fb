import type { Call, Entry } from './entry.ts'
import type { PendingRefresh, State } from './state.ts'

type Settled = { readonly error: unknown } | undefined

/** True if somebody waits for a call of the entry that has not started. */
export function isWaitedFor<Item>({ waitingRefreshes }: State<Item>, entry: Entry<Item>): boolean {
  return waitingRefreshes.has(entry)
}

/** Adds a caller. Several callers of one entry share one sync call (S8). */
export function addPendingRefresh<Item>(
  state: State<Item>,
  entry: Entry<Item>,
  settle: PendingRefresh['settle'],
): void {
  const pending = { after: state.callCount, reopens: entry.status === 'terminal', settle }
  const waiting = state.waitingRefreshes.get(entry)
  if (waiting === undefined) state.waitingRefreshes.set(entry, [pending])
  else waiting.push(pending)
}

/** The call of an entry starts: its callers wait for that one now. */
export function startPendingRefreshes<Item>(state: State<Item>, call: Call<Item>, entry: Entry<Item>): void {
  const started = take(state.waitingRefreshes, entry)
  if (started === undefined) return
  state.runningRefreshes.set(entry, started)
  if (started.some(({ reopens }) => reopens)) (call.reopens ??= new Set()).add(entry)
}

/** The call of an entry has settled. */
export function settlePendingRefreshes<Item>(state: State<Item>, entry: Entry<Item>, failure: Settled): void {
  const settled = take(state.runningRefreshes, entry)
  if (settled !== undefined) settleAll(settled, failure)
}

/** The entry is gone: nobody waits for it any more. */
export function rejectPendingRefreshes<Item>(
  state: State<Item>,
  entry: Entry<Item>,
  makeError: () => Error,
): void {
  const dropped = [
    ...(take(state.waitingRefreshes, entry) ?? []),
    ...(take(state.runningRefreshes, entry) ?? []),
  ]
  if (dropped.length > 0) settleAll(dropped, { error: makeError() })
}

/** Rejects what was asked for before a call started that failed in an outage (S8). */
export function rejectAskedBefore<Item>(
  state: State<Item>,
  call: number,
  failure: { readonly error: unknown },
): void {
  for (const [entry, waiting] of [...state.waitingRefreshes]) {
    const kept = waiting.filter(({ after }) => after >= call)
    if (kept.length === 0) state.waitingRefreshes.delete(entry)
    else state.waitingRefreshes.set(entry, kept)
    const rejected = waiting.filter(({ after }) => after < call)
    settleAll(rejected, failure)
  }
}

/** The cache was stopped: rejects every caller (L3). */
export function rejectAllRefreshes<Item>(state: State<Item>, error: Error): void {
  for (const refreshes of [state.waitingRefreshes, state.runningRefreshes]) {
    const all = [...refreshes.values()]
    refreshes.clear()
    for (const pending of all) settleAll(pending, { error })
  }
}

function take<Item>(
  refreshes: Map<Entry<Item>, PendingRefresh[]>,
  entry: Entry<Item>,
): PendingRefresh[] | undefined {
  const taken = refreshes.get(entry)
  refreshes.delete(entry)
  return taken
}

function settleAll(pending: readonly PendingRefresh[], failure: Settled): void {
  for (const { settle } of pending) settle(failure)
}
