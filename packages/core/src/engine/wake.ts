import type { State } from './state.ts'

/** Runs a tick at the end of this microtask turn, once for any number of calls. */
export function queueTick<Item>(state: State<Item>): void {
  if (state.isTickQueued) return
  state.isTickQueued = true
  atTurnEnd(() => {
    state.isTickQueued = false
    state.tick(-Infinity)
  })
}

/** Calls `effect` in a microtask. */
export function atTurnEnd(effect: () => void): void {
  void Promise.resolve().then(effect)
}
