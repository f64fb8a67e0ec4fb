import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@auto-refresh/source'] },
  ssr: { resolve: { conditions: ['@auto-refresh/source'] } },
  test: {
    name: 'core',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    setupFiles: ['test/stray-reports.ts'],
    typecheck: { enabled: false },
    // One process for all files, because the tests leave nothing behind and new processes take longer than all of them.
    isolate: false,
    pool: 'threads',
    // Generous, for busy machines.
    testTimeout: 60_000,
    // Measured over the whole suite (`npm run coverage`).
    coverage: {
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.test.ts', 'src/**/*.d.ts'],
      reporter: [['text', { skipFull: true }], 'html'],
      thresholds: { 100: true },
    },
  },
})
