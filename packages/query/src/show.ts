import { AutoRefreshError, type CacheStatus, type ItemSnapshot, type ItemStatus } from '@auto-refresh/core'
import { claimOf, isRetried } from './claim.ts'
import type { Link } from './link.ts'
import type { ConnectedState, FetchStatus } from './tanstack.ts'

/** Retries of TanStack Query if nobody says otherwise. */
const DEFAULT_RETRY = 3

type Patch<Item> = Partial<ConnectedState<Item>>

/** Writes to a query what the snapshot of its item says. Writes nothing if the query says it already. */
export function show<Item>(
  link: Link<Item>,
  snapshot: ItemSnapshot<Item>,
  status: CacheStatus,
  isFetching: boolean,
): void {
  const { query } = link
  const isSettled = link.asked === 0 && isAnswer(link, snapshot, status)
  // TanStack Query says itself how its fetch is doing.
  const isFetch = link.loads > 0 && !isSettled
  if (snapshot.status !== 'missing' && snapshot.status !== 'pending') {
    const isNew = !Object.is(snapshot.item, link.item) || (query.state.data === undefined && !isFetch)
    if (isNew) writeItem(link, snapshot, isFetch)
  }
  const fetchStatus = isFetch
    ? query.state.fetchStatus
    : fetchStatusOf(snapshot.status, status.state === 'offline', isFetching)
  write(link, { ...patchOf(link, snapshot, status), fetchStatus })
  link.isPresent = snapshot.status !== 'missing'
  link.failureCount = snapshot.failureCount
}

/** Writes the value of a snapshot. @param isFetch true: a fetch of TanStack Query goes on */
export function writeItem<Item>(
  link: Link<Item>,
  snapshot: ItemSnapshot<Item> & { readonly item: Item },
  isFetch: boolean,
): void {
  const { query } = link
  link.item = snapshot.item
  writing(link, () => query.setData(snapshot.item, { updatedAt: newestOf(snapshot), manual: isFetch }))
  link.data = query.state.data
}

/** Writes what differs. */
export function write<Item>(link: Link<Item>, patch: Patch<Item>): void {
  const { query } = link
  const { state } = query
  const isChanged = Object.entries(patch).some(([name, value]) => !Object.is(Reflect.get(state, name), value))
  if (isChanged) writing(link, () => query.setState(patch))
}

/** Makes a write that is not to be taken for somebody else's. Listeners of the client may throw. */
function writing<Item>(link: Link<Item>, change: () => unknown): void {
  link.isWriting = true
  try {
    change()
  } finally {
    link.isWriting = false
  }
}

/** Epoch ms at which a value was last known to be right. */
export function newestOf<Item>({ refreshedAt = 0, changedAt = 0 }: ItemSnapshot<Item>): number {
  return Math.max(refreshedAt, changedAt)
}

/**
 * True if a failure is not shown as an error yet. In an announced outage the cache tries for all with single items, so that
 * the others fail no further, however long it lasts. A fetch for which nobody waits on a page is not retried by default.
 */
export function isHidden<Item>(
  { query, end }: Link<Item>,
  failureCount: number,
  error: unknown,
  { isOutage }: CacheStatus,
): boolean {
  const claim = claimOf(query.options)
  const retry = claim?.retry ?? (end !== undefined || claim?.isSuspense === true ? DEFAULT_RETRY : 0)
  return isRetried(retry, isOutage ? Infinity : failureCount, error)
}

/** True if a fetch that waits for no refresh any more ends with this snapshot. */
function isAnswer<Item>(
  link: Link<Item>,
  { status, failureCount, error }: ItemSnapshot<Item>,
  cacheStatus: CacheStatus,
): boolean {
  if (status === 'missing') return true
  if (failureCount > 0) return !isHidden(link, failureCount, error, cacheStatus)
  return status !== 'pending'
}

function patchOf<Item>(
  link: Link<Item>,
  snapshot: ItemSnapshot<Item>,
  cacheStatus: CacheStatus,
): Patch<Item> {
  const { state } = link.query
  const { status, failureCount, error } = snapshot
  if (status === 'missing') {
    if (!link.isPresent) return {}
    link.item = undefined
    link.data = undefined
    const message = `${JSON.stringify(link.id)} was removed`
    return { data: undefined, ...errorPatch(state, new AutoRefreshError('DELETED', message)) }
  }
  if (failureCount > 0) {
    const failed = { fetchFailureCount: failureCount, fetchFailureReason: error }
    if (isHidden(link, failureCount, error, cacheStatus)) return failed
    const isShown = failureCount === link.failureCount && state.status === 'error' && state.error === error
    return isShown ? {} : { ...failed, ...errorPatch(state, error) }
  }
  if (status === 'pending') return state.data === undefined ? { status: 'pending', error: null } : {}
  // A fetch that was reset shows nothing until it has its answer.
  if (state.data === undefined) return {}
  return { ...successPatch(state, snapshot.refreshedAt), fetchFailureCount: 0, fetchFailureReason: null }
}

function errorPatch<Item>({ errorUpdateCount }: ConnectedState<Item>, error: unknown): Patch<Item> {
  return {
    status: 'error',
    error,
    errorUpdateCount: errorUpdateCount + 1,
    // As TanStack Query does.
    errorUpdatedAt: Date.now(),
    // A component that is mounted after an error boundary was reset fetches because of it.
    isInvalidated: true,
  }
}

function successPatch<Item>(
  { dataUpdatedAt, dataUpdateCount }: ConnectedState<Item>,
  refreshedAt: number | undefined,
): Patch<Item> {
  const success = { status: 'success', error: null } as const
  if (refreshedAt === undefined || refreshedAt <= dataUpdatedAt) return success
  return {
    ...success,
    dataUpdatedAt: refreshedAt,
    dataUpdateCount: dataUpdateCount + 1,
    isInvalidated: false,
  }
}

function fetchStatusOf(status: ItemStatus, isOffline: boolean, isFetching: boolean): FetchStatus {
  if (isFetching) return 'fetching'
  return isOffline && (status === 'active' || status === 'pending') ? 'paused' : 'idle'
}
