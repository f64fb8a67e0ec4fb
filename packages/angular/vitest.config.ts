import { defineConfig } from 'vitest/config'

const resolve = { conditions: ['@auto-refresh/source'] }

export default defineConfig({
  resolve,
  ssr: { resolve },
  // A test's time is of the machine, not of the product: the random ones make hundreds of pages.
  test: {
    name: 'angular',
    environment: 'happy-dom',
    setupFiles: ['test/compiler.ts'],
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
  },
})
