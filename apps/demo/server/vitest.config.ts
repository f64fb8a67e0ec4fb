import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'demo-server',
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/compile.ts'],
    testTimeout: 120_000,
  },
})
