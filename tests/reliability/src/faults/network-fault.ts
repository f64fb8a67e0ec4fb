/** A fault of a network. */
export type NetworkFault =
  | { readonly kind: 'none' }
  /** The port is closed. */
  | { readonly kind: 'refused' }
  /** Every connection, new or old, ends with a reset. */
  | { readonly kind: 'reset' }
  /** New connections are accepted, old ones stay; what is sent is swallowed, and nothing ever comes back. */
  | { readonly kind: 'half-open' }
  /** Answers are delayed by `ms` and slowed down. */
  | { readonly kind: 'slow'; readonly latency: number; readonly bytesPerSecond: number }
  /** A connection ends after a number of bytes of the body of an HTTP answer, in good order or with a reset. */
  | { readonly kind: 'cut'; readonly after: number; readonly by: 'end' | 'reset' }

export const NO_FAULT: NetworkFault = { kind: 'none' }
