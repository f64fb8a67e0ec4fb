import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['src/unpacked.ts'],
    testTimeout: 60_000,
  },
})
