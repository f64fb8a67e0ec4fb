import { cacheError } from './cache-error.ts'
import { abortCalls } from './call.ts'
import { closeBreaker, startBreaker } from './circuit-breaker.ts'
import { addEntry } from './entries.ts'
import { afterQuestion, emit, transaction } from './events.ts'
import { isPaused, readEnvironment, unwatchEnvironment, watchEnvironment } from './pause.ts'
import { rejectAllRefreshes } from './pending-refreshes.ts'
import { dissolveFormed, scheduleFirst, withdrawAsked } from './schedule.ts'
import type { State } from './state.ts'
import { queueStatus } from './status.ts'
import { atTurnEnd, queueTick } from './wake.ts'

/** Starts the cache for the application (L1, L2). */
export function start<Item>(state: State<Item>, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) return
  if (signal !== undefined && !state.signals.has(signal)) {
    const onAbort = (): void => afterQuestion(state, () => halt(state))
    signal.addEventListener('abort', onAbort)
    state.signals.set(signal, () => signal.removeEventListener('abort', onAbort))
  }
  state.isRetained = false
  run(state)
}

/** Runs the cache while somebody holds it (L8). Returns the release function. */
export function retain<Item>(state: State<Item>): () => void {
  state.retainers += 1
  if (!state.isRunning) {
    state.isRetained = true
    run(state)
  }
  let isHeld = true
  return () => {
    if (!isHeld) return
    isHeld = false
    state.retainers -= 1
    // A component that mounts again in the same turn goes on with this run.
    atTurnEnd(() => {
      if (state.retainers === 0 && state.isRetained) halt(state)
    })
  }
}

function run<Item>(state: State<Item>): void {
  if (state.isRunning) return
  state.isRunning = true
  state.hasRun = true
  transaction(state, () => {
    startBreaker(state)
    emit(state, { type: 'started' })
    watchEnvironment(state, () => environmentChanged(state))
    recreateCleared(state)
  })
  queueStatus(state)
  queueTick(state)
}

/** Stops the cache: aborts its calls, and rejects pending refreshes (L3). */
export function halt<Item>(state: State<Item>): void {
  if (!state.isRunning) return
  state.isRunning = false
  for (const forget of state.signals.values()) forget()
  state.signals.clear()
  unwatchEnvironment(state)
  const stopped = cacheError(state, 'STOPPED', 'the cache was stopped')
  transaction(state, () => {
    rejectAllRefreshes(state, stopped)
    withdrawAsked(state)
    dissolveFormed(state)
    emit(state, { type: 'stopped' })
  })
  queueStatus(state)
  // Last, because an abort listener may start the cache again.
  abortCalls(state, stopped)
  state.tick(-Infinity)
}

/** Ids that `clear` removed, and that a subscription creates, become pending again (G2). */
export function recreateCleared<Item>(state: State<Item>): void {
  for (const { id, subscribers } of [...state.absent.values()]) {
    for (let each = subscribers; each !== undefined; each = each.next) {
      if (!each.isCleared) continue
      scheduleFirst(state, recreate(state, id))
      break
    }
  }
}

function recreate<Item>(state: State<Item>, id: string): ReturnType<typeof addEntry<Item>> {
  const entry = addEntry(state, id, undefined, false)
  for (let each = entry.subscribers; each !== undefined; each = each.next) each.isCleared = false
  return entry
}

function environmentChanged<Item>(state: State<Item>): void {
  if (!state.isRunning) return
  afterQuestion(state, () => {
    transaction(state, () => {
      readEnvironment(state)
      // If nothing changed, it was away and is back without anybody knowing: a return, too (T8).
      if (!isPaused(state)) closeBreaker(state)
    })
    queueTick(state)
  })
}
