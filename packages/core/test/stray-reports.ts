import { afterAll } from 'vitest'
import { replace } from './world.ts'

// In a browser an error that the library reports, and that no test expects, fails the run: by `reportError` (F7). In Node it
// would only be printed. So that the run fails here, too, it is rejected.
afterAll(
  replace(console, 'error', (error: unknown) => {
    void Promise.reject(error)
  }),
)
