import { defineConfig } from 'vitest/config'
import { source } from './suite.ts'

/** Tests about Node alone, which `npm test` runs beside the core's suite. */
export default defineConfig({
  ...source,
  test: {
    name: 'node',
    include: ['test/{everywhere,process,node}.test.ts'],
    testTimeout: 120_000,
    provide: { version: process.versions.node },
  },
})
