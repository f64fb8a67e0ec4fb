/** Connects a component to what it shows. */
export interface Observer<Target> {
  /** Calls `onChange` when something may have changed, until the returned function is called. Bound to the observer. */
  readonly listen: (onChange: () => void) => () => void
  /** Subscribes to the target instead of the previous one. Without a listener it waits for one. */
  attach(target: Target): void
}
