import { defineConfig } from 'vitest/config'

/** The published build, in Node and Chromium. */
const test = { globalSetup: ['@auto-refresh/browsers/global-setup'], testTimeout: 120_000 }

export default defineConfig({
  test: {
    projects: [
      { test: { ...test, name: 'security', include: ['test/security/**/*.test.{ts,tsx}'] } },
      // Each test measures real time, so that no other test may take the processor meanwhile.
      { test: { ...test, name: 'real-time', include: ['test/*.test.ts'], fileParallelism: false } },
    ],
  },
})
