import { defineConfig } from 'vitest/config'
import { askedFor } from './asked-for.ts'
import { coreSuite, root, source } from './suite.ts'

const { runtime, version } = askedFor()

/** Node, Deno and Bun, which run vitest themselves. */
export default defineConfig({
  root,
  ...source,
  test: {
    name: runtime,
    ...coreSuite('process', runtime.replace(/-.*/, '')),
    // In Deno, vitest's threads end with an internal error now and then.
    pool: runtime === 'deno' ? 'forks' : 'threads',
    provide: { version },
  },
})
