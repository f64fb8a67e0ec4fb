import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@auto-refresh/source'] },
  ssr: { resolve: { conditions: ['@auto-refresh/source'] } },
  test: {
    name: 'share',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    isolate: false,
    pool: 'threads',
    // Generous, because the limit is about a busy machine and not about the library.
    testTimeout: 60_000,
  },
})
