import type { TestProject } from 'vitest/node'

/** Values that the projects of vitest.config.ts provide. */
export type Provided = Pick<TestProject, 'name'>

declare module 'vitest' {
  interface ProvidedContext {
    /** A file of the React DOM that is tested. */
    readonly reactDom: string
  }
}
