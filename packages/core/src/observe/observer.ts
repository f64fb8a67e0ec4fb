/** What an adapter keeps attached to what a component wants to show. */
export interface Observer<Target> {
  /** Has `onChange` called when something may have changed. Returns what ends that. Bound, so that it can be handed on as it is. */
  readonly listen: (onChange: () => void) => () => void
  /** Subscribes to that instead of what was attached before. While nobody listens it is put off until somebody does. */
  attach(target: Target): void
}
