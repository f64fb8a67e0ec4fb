import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/browsers.ts'],
    testTimeout: 60_000,
    // Each measures real time, and none is to be kept from its work by another.
    fileParallelism: false,
  },
})
