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
          exclude: ['test/site/in-browser.test.ts'],
          testTimeout: 300_000,
        },
      },
      {
        ...source,
        test: { name: 'docs-in-browser', include: ['test/site/in-browser.test.ts'], testTimeout: 300_000 },
      },
    ],
  },
})
