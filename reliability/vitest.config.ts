import { defineConfig } from 'vitest/config'

export default defineConfig({
  // What takes long waits for real time, so that more than one can do so at once.
  test: { include: ['test/**/*.test.{ts,tsx}'], testTimeout: 60_000 },
})
