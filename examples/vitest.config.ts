import { defineConfig } from 'vitest/config'

const test = { include: ['test/**/*.test.ts'], testTimeout: 120_000 }

/** The same test in each runtime. */
export default defineConfig({
  test: {
    projects: [
      { test: { ...test, name: 'examples', provide: { runtimes: ['node'] } } },
      { test: { ...test, name: 'examples-elsewhere', provide: { runtimes: ['deno', 'bun'] } } },
    ],
  },
})
