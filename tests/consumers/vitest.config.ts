import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['src/tarballs.ts', '@auto-refresh/browsers/global-setup'],
    // Each installs, builds and runs a project: the registry and two cores are what they share.
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
