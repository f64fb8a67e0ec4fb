/** Connects a component to what it shows. Reading has no effect on the cache. */
export interface Observer<Target, Value> {
  /** Calls `onChange` when something may have changed, until the returned function is called. Bound to the observer. */
  readonly listen: (onChange: () => void) => () => void
  /** Subscribes to the target instead of the previous one. Without a listener it waits for one. */
  attach(target: Target): void
  /** Returns what to show of the target: the same value until something in it changes. */
  read(target: Target): Value
  /** Does the same for the first frame of a page that a server rendered: what both sides know (A13). */
  readInitial(target: Target): Value
}
