import type { State } from './state.ts'

/** Runs a tick at the end of this microtask turn, once for any number of calls. */
export function queueTick<Item>(state: State<Item>): void {
  if (state.isTickQueued) return
  state.isTickQueued = true
  void Promise.resolve().then(() => {
    state.isTickQueued = false
    state.tick(false)
  })
}
