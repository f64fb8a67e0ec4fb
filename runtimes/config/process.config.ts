import { defineConfig } from 'vitest/config'
import { askedFor } from './asked-for.ts'
import { coreSuite, root, source } from './suite.ts'

const { runtime, version } = askedFor()

/** Node, Deno and Bun: they run vitest themselves. */
export default defineConfig({
  root,
  ...source,
  test: {
    ...coreSuite('process', runtime.replace(/-.*/, '')),
    // In Deno the threads of vitest end with an error of their own now and then.
    pool: runtime === 'deno' ? 'forks' : 'threads',
    provide: { version },
  },
})
