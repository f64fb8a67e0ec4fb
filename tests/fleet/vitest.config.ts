import { defineConfig } from 'vitest/config'

/** Real time, on a real server. */
const test = { globalSetup: ['src/global-setup.ts'], testTimeout: 120_000, hookTimeout: 120_000 }

export default defineConfig({
  test: {
    projects: [
      { test: { ...test, name: 'fleet', include: ['test/{fleet,guide,scripts}.test.ts'] } },
      // Each test measures time, so that no other test may take the processor meanwhile.
      {
        test: {
          ...test,
          name: 'fleet-faults',
          include: ['test/{demo-servers,faults,sentinel,situations}.test.ts'],
          fileParallelism: false,
        },
      },
    ],
  },
})
