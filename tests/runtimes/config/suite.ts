import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const root: string = fileURLToPath(new URL('../../..', import.meta.url))

/** One package's tests run on the source of another, with nothing built. */
const conditions = ['@auto-refresh/source']
export const source = { resolve: { conditions }, ssr: { resolve: { conditions } } }

/** The core's whole suite, what holds everywhere in real time, and what is true of these places alone. */
export function coreSuite(...places: string[]): {
  readonly include: string[]
  readonly isolate: false
  readonly testTimeout: number
} {
  return {
    include: [
      'packages/core/{src,test}/**/*.test.ts',
      ...['everywhere', ...places].map((place) => `tests/runtimes/test/${place}.test.ts`),
    ],
    // The tests leave nothing behind, and a page or a thread of its own for each file takes longer than all of them.
    isolate: false,
    testTimeout: 120_000,
  }
}
