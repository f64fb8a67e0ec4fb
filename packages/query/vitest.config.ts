import { defineConfig } from 'vitest/config'

const resolve = { conditions: ['@auto-refresh/source'] }
const test = { environment: 'happy-dom', testTimeout: 60_000, hookTimeout: 60_000 }

/** With the newest TanStack Query, and without a framework on the oldest that is supported. */
export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr: { resolve },
        test: { ...test, name: 'query', include: ['test/**/*.test.{ts,tsx}'], exclude: ['test/chromium/**'] },
      },
      {
        resolve: {
          ...resolve,
          alias: [{ find: /^@tanstack\/query-core$/, replacement: 'query-core-oldest' }],
        },
        ssr: { resolve },
        test: { ...test, name: 'query-oldest', include: ['test/core/*.test.ts'] },
      },
      {
        resolve,
        ssr: { resolve },
        test: {
          testTimeout: 120_000,
          hookTimeout: 120_000,
          name: 'query-chromium',
          include: ['test/chromium/*.test.ts'],
          globalSetup: ['@auto-refresh/browsers/global-setup'],
        },
      },
    ],
  },
})
