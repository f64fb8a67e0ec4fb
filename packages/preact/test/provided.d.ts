import type { TestProject } from 'vitest/node'

/** Values that the projects of vitest.config.ts provide. */
export type Provided = Pick<TestProject, 'name'>

declare module 'vitest' {
  interface ProvidedContext {
    /** The framework's name and version. */
    readonly framework: string
  }
}
