/** What is wrong with a network. */
export type NetworkFault =
  | { readonly kind: 'none' }
  /** Nobody listens. */
  | { readonly kind: 'refused' }
  /** Every connection, new or old, ends with a reset. */
  | { readonly kind: 'reset' }
  /** New connections are accepted, old ones stay; what is sent is swallowed, and nothing ever comes back. */
  | { readonly kind: 'half-open' }
  /** What comes back is so many ms late, and so slow. */
  | { readonly kind: 'slow'; readonly latency: number; readonly bytesPerSecond: number }
  /** A connection ends after so many bytes of the body of an HTTP answer, in good order or with a reset. */
  | { readonly kind: 'cut'; readonly after: number; readonly by: 'end' | 'reset' }

export const NO_FAULT: NetworkFault = { kind: 'none' }
