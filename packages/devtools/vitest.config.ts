import { defineConfig } from 'vitest/config'

const resolve = { conditions: ['@auto-refresh/source'] }

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr: { resolve },
        test: { name: 'devtools', include: ['test/*.test.ts'] },
      },
      {
        resolve,
        ssr: { resolve },
        // Pages in Chromium and Firefox: left to `npm run test:everywhere`.
        test: {
          name: 'devtools-browsers',
          include: ['test/browser/*.test.ts'],
          globalSetup: ['@auto-refresh/browsers/global-setup'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
