import type { PauseReason } from '../auto-refresh.ts'
import { closeBreaker } from './circuit-breaker.ts'
import { ask, emit } from './events.ts'
import type { State } from './state.ts'
import { queueStatus } from './status.ts'

/** Begins to listen to the environment, and reads it. @param changed called when the environment says that it changed */
export function watchEnvironment<Item>(state: State<Item>, changed: () => void): void {
  const { pause, options } = state
  const unsubscribe = ask(state, () => options.environment.subscribe(changed), undefined)
  pause.unsubscribe = () => ask(state, () => unsubscribe?.(), undefined)
  pause.hidden = pause.offline = false
  readEnvironment(state)
  startRounds(state)
}

export function unwatchEnvironment<Item>({ pause }: State<Item>): void {
  pause.unsubscribe?.()
  pause.unsubscribe = undefined
}

/** Reads whether the page is hidden and the machine offline, where that matters (T3). A throw of the environment pauses nothing. */
export function readEnvironment<Item>(state: State<Item>): void {
  const { refreshWhenHidden, refreshWhenOffline, environment } = state.options
  set(state, 'hidden', refreshWhenHidden !== true && !ask(state, () => environment.isVisible(), true))
  set(state, 'offline', refreshWhenOffline !== true && !ask(state, () => environment.isOnline(), true))
}

/** The user's pause (G5). */
export function setUserPause<Item>(state: State<Item>, isOn: boolean): void {
  if (state.isRunning) set(state, 'user', isOn)
  else state.pause.user = isOn
  queueStatus(state)
}

/** Latest due time that may start by the clock: `Infinity` in the usual case, `-Infinity` in a pause (T3, G5, G7). */
export function clockLimit<Item>(state: State<Item>, now: number): number {
  const { pause, due, firstFetches, retries } = state
  if (!isPaused(state)) return Infinity
  if (pause.roundTime <= now && Math.min(due.firstDue, firstFetches.firstDue, retries.firstDue) <= now) {
    pause.roundLimit = now
    pause.roundTime = now + pause.period
  }
  return pause.roundLimit
}

/** When something that is due then may start by the clock. */
export function clockStart<Item>(state: State<Item>, due: number, now: number): number {
  if (!isPaused(state) || due <= clockLimit(state, now)) return due
  return Math.max(due, state.pause.roundTime)
}

export function isPaused<Item>({ pause }: State<Item>): boolean {
  return pause.user || pause.hidden || pause.offline
}

/** When a first fetch may start: in the user's pause, too, or a page that is opened in one would show nothing (G5). */
export function firstFetchStart<Item>(state: State<Item>, due: number, now: number): number {
  const { pause } = state
  return pause.hidden || pause.offline ? clockStart(state, due, now) : due
}

function set<Item>(state: State<Item>, reason: PauseReason, isOn: boolean): void {
  const { pause } = state
  if (pause[reason] === isOn) return
  pause[reason] = isOn
  emit(state, { type: isOn ? 'paused' : 'resumed', reason })
  if (isPaused(state)) startRounds(state)
  else closeBreaker(state)
  queueStatus(state)
}

/** Counts the rounds of a slowed-down page from now (G7). */
function startRounds<Item>(state: State<Item>): void {
  const { pause, options } = state
  const periodOf = (isOn: boolean, option: boolean | number): number => {
    if (!isOn) return 0
    return typeof option === 'number' ? option : Infinity
  }
  pause.period = Math.max(
    pause.user ? Infinity : 0,
    periodOf(pause.hidden, options.refreshWhenHidden),
    periodOf(pause.offline, options.refreshWhenOffline),
  )
  pause.roundTime = state.time.read().now + pause.period
  pause.roundLimit = -Infinity
}
