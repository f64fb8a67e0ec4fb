/** A bug that the simulation has to find: one place of the package's source, changed. */
export interface SeededBug {
  readonly name: string
  /** In `packages/core/src`. */
  readonly file: string
  readonly find: string
  readonly replace: string
  readonly why: string
}
