import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const root: string = fileURLToPath(new URL('../../..', import.meta.url))

/** Runs one package's tests on the source of another, with nothing built. */
const conditions = ['@auto-refresh/source']
export const source = { resolve: { conditions }, ssr: { resolve: { conditions } } }

/** The core's whole suite, the tests of every place in real time, and those of some places. */
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
    // One page or thread for all files, because the tests leave nothing behind and a new one takes longer than all of them.
    isolate: false,
    testTimeout: 120_000,
  }
}
