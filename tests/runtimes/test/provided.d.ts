import type { TestProject } from 'vitest/node'

/** Values that the configurations provide. */
export type Provided = Pick<TestProject, 'name'>

declare module 'vitest' {
  interface ProvidedContext {
    /** Output of the runtime's `--version`. */
    version: string
  }
}
