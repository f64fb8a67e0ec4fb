import { defineConfig } from 'vitest/config'

const resolve = { conditions: ['@auto-refresh/source'] }
const test = { environment: 'happy-dom', include: ['test/**/*.test.ts'] }

/** The same tests on the oldest Vue that is supported and on the newest. */
export default defineConfig({
  test: {
    projects: [
      { resolve, ssr: { resolve }, test: { ...test, name: 'vue-3.5' } },
      {
        resolve: { ...resolve, alias: [{ find: /^vue(?=\/|$)/, replacement: 'vue-3.4' }] },
        ssr: { resolve },
        test: { ...test, name: 'vue-3.4' },
      },
    ],
  },
})
