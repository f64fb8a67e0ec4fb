import { focusManager, onlineManager } from '@tanstack/query-core'

/** Whether somebody can see the page and whether the network is there, asked when a refresh would start (T3). */
export interface Environment {
  isVisible(): boolean
  isOnline(): boolean
  /** `listener` is called when either changes. The cache subscribes while it runs. Returns the unsubscribe function. */
  subscribe(listener: () => void): () => void
}

/**
 * TanStack Query's own two managers: an application configures visibility and network once for both libraries, React
 * Native included. Visible and online where nobody says otherwise.
 */
export const sharedEnvironment: Environment = {
  isVisible: () => focusManager.isFocused(),
  isOnline: () => onlineManager.isOnline(),
  subscribe(listener) {
    const unsubscribeFocus = focusManager.subscribe(listener)
    const unsubscribeOnline = onlineManager.subscribe(listener)
    return () => {
      unsubscribeFocus()
      unsubscribeOnline()
    }
  },
}
