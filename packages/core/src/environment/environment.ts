/** The place where a cache runs: can somebody see the page, is there a network? Read when a refresh would start (T3). */
export interface Environment {
  isVisible(): boolean
  isOnline(): boolean
  /** `listener` is called when either changes. The cache subscribes while it runs. Returns the unsubscribe function. */
  subscribe(listener: () => void): () => void
}
