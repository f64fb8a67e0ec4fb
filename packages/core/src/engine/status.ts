import type { CacheStatus } from '../auto-refresh.ts'
import type { State } from './state.ts'
import { queueBroadcast } from './subscribers.ts'

/** The status of the cache: the same object until something in it changes (G4). */
export function statusOf<Item>(state: State<Item>): CacheStatus {
  const { breaker, status } = state
  const next: CacheStatus = {
    state: nameOf(state),
    isOutage: breaker.isOutage,
    error: breaker.lastError,
    lastSuccessAt: breaker.lastSuccessAt,
    retryAt: retryAt(state),
  }
  const isSame = status?.lastSuccessAt === next.lastSuccessAt && !differs(status, next)
  if (status !== undefined && isSame) return status
  state.status = next
  return next
}

/** Tells the status listeners in a microtask, if more than `lastSuccessAt` has changed since they were told. */
export function queueStatus<Item>(state: State<Item>): void {
  queueBroadcast(state, state.statusListeners, () => {
    const { toldStatus } = state
    return differs(toldStatus, (state.toldStatus = statusOf(state)))
  })
}

function nameOf<Item>({ isRunning, pause }: State<Item>): CacheStatus['state'] {
  if (!isRunning) return 'stopped'
  if (pause.user) return 'paused'
  if (pause.hidden) return 'hidden'
  return pause.offline ? 'offline' : 'running'
}

function retryAt<Item>(state: State<Item>): number | undefined {
  const { breaker, isRunning, time, retries } = state
  if (!breaker.isOutage || !isRunning) return undefined
  const next = Math.max(breaker.probeTime, retries.firstDue)
  if (next === Infinity) return undefined
  // The wall clock is read once for an attempt: rounding would make each reading another status.
  if (state.retryTime !== next) {
    const { now, epoch } = time.read()
    state.retryTime = next
    state.retryAt = Math.round(epoch + (next - now))
  }
  return state.retryAt
}

/** True if more than `lastSuccessAt` differs. */
function differs(a: CacheStatus | undefined, b: CacheStatus): boolean {
  return (['state', 'isOutage', 'retryAt', 'error'] as const).some((key) => !Object.is(a?.[key], b[key]))
}
