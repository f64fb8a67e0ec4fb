import { defineConfig } from 'vitest/config'

const source = {
  resolve: { conditions: ['@auto-refresh/source'] },
  ssr: { resolve: { conditions: ['@auto-refresh/source'] } },
}

export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          name: 'docs',
          include: ['test/**/*.test.ts'],
          exclude: ['test/site/**', 'test/svelte.test.ts'],
          testTimeout: 300_000,
        },
      },
      // Takes a while: left to `npm run test:everywhere`.
      {
        ...source,
        test: { name: 'docs-svelte', include: ['test/svelte.test.ts'], testTimeout: 300_000 },
      },
      {
        ...source,
        // Builds the site, which takes a while: left to `npm run test:everywhere`.
        test: {
          name: 'site',
          include: ['test/site/*.test.ts'],
          globalSetup: ['test/site/build.ts'],
          testTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
