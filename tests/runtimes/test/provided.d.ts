import type { TestProject } from 'vitest/node'

/** What the configurations provide. */
export type Provided = Pick<TestProject, 'name'>

declare module 'vitest' {
  interface ProvidedContext {
    /** What the runtime itself says to `--version`. */
    version: string
  }
}
