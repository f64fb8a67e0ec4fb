import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@auto-refresh/source'] },
  ssr: { resolve: { conditions: ['@auto-refresh/source'] } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    typecheck: { enabled: false },
    // As in `runtimes/`: a test's time is of the machine, not of the product.
    testTimeout: 60_000,
  },
})
