import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'packaging',
    include: ['test/**/*.test.ts'],
    globalSetup: ['src/unpacked.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
