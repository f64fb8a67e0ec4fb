import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@auto-refresh/source'] },
  ssr: { resolve: { conditions: ['@auto-refresh/source'] } },
  test: { name: 'docs', include: ['test/**/*.test.ts'], testTimeout: 120_000 },
})
