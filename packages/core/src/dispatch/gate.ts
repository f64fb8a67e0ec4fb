import type { Events } from '../observe/events.ts'
import type { ResolvedOptions } from '../options.ts'

/** Whether refreshes may start: the page is visible and the machine online, where that matters (T3). */
export interface Gate {
  /** As it was at the last look. */
  readonly isOpen: () => boolean
  /** Begins to listen. */
  readonly watch: () => void
  readonly unwatch: () => void
  /** Looks, and tells where it opened or closed. What the environment throws holds nothing up. */
  readonly look: () => boolean
}

/** @param changed called when the environment says that something changed */
export function createGate<Item>(
  options: ResolvedOptions<Item>,
  { guard, tell }: Events<Item>,
  changed: () => void,
): Gate {
  const { environment, refreshWhenHidden, refreshWhenOffline } = options
  let isOpen = true
  let isWatching = false
  let unsubscribe: (() => void) | undefined

  return {
    isOpen: () => isOpen,
    watch() {
      isWatching = true
      isOpen = true
      const subscribed = guard(() => environment.subscribe(() => changed()), undefined)
      // The environment may have had the cache stopped, and started again, while it was subscribed to.
      if (isWatching && unsubscribe === undefined) unsubscribe = subscribed
      else guard(() => subscribed?.(), undefined)
    },
    unwatch() {
      isWatching = false
      const end = unsubscribe
      unsubscribe = undefined
      guard(() => end?.(), undefined)
    },
    look() {
      const wasOpen = isOpen
      isOpen =
        (refreshWhenHidden || guard(() => environment.isVisible(), true)) &&
        (refreshWhenOffline || guard(() => environment.isOnline(), true))
      if (isOpen !== wasOpen) tell({ type: isOpen ? 'resumed' : 'paused' })
      return isOpen
    },
  }
}
