import path from 'node:path'
import { defineConfig } from 'vitest/config'
import core from '../../packages/core/vitest.config.ts'
import { askedFor } from './asked-for.ts'
import { coreSuite, root, source } from './suite.ts'

const { runtime, version } = askedFor()
const { include = [], exclude = [], ...coverage } = core.test?.coverage ?? {}
const inCore = (patterns: readonly string[]): string[] =>
  patterns.map((pattern) => path.posix.join('packages/core', pattern))

/** Node, Deno and Bun: they run vitest themselves. */
export default defineConfig({
  root,
  ...source,
  test: {
    ...coreSuite('process', runtime.replace(/-.*/, '')),
    // In Deno the threads of vitest end with an error of their own now and then.
    pool: runtime === 'deno' ? 'forks' : 'threads',
    provide: { version },
    // As the core has it, when the whole suite is run.
    coverage: { ...coverage, include: inCore(include), exclude: inCore(exclude) },
  },
})
