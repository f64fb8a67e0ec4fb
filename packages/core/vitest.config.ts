import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@auto-refresh/source'] },
  ssr: { resolve: { conditions: ['@auto-refresh/source'] } },
  test: {
    name: 'core',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    typecheck: { enabled: false },
    // The tests leave nothing behind, and a process of its own for each file takes longer than all of them.
    isolate: false,
    pool: 'threads',
    // Generous, because the limit is about a busy machine and not about the library.
    testTimeout: 60_000,
    // Of the whole suite: `npm run coverage`.
    coverage: {
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.test.ts', 'src/**/*.d.ts'],
      reporter: [['text', { skipFull: true }], 'html'],
      thresholds: { 100: true },
    },
  },
})
