import { defineConfig } from 'vitest/config'

const resolve = { conditions: ['@auto-refresh/source'] }
/** Long, because random tests mount hundreds of pages, also on busy machines. */
const test = { environment: 'happy-dom', include: ['test/**/*.test.ts'], testTimeout: 60_000 }

/** The same tests on the oldest Vue that is supported and on the newest. */
export default defineConfig({
  test: {
    projects: [
      { resolve, ssr: { resolve }, test: { ...test, name: 'vue-3.5' } },
      {
        resolve: { ...resolve, alias: [{ find: /^vue(?=\/|$)/, replacement: 'vue-3.4' }] },
        ssr: { resolve },
        test: {
          ...test,
          name: 'vue-3.4',
          // Pinia brings Vue 3.5, and Vue 3.4 hydrates no component later than the rest.
          exclude: ['test/pinia*.test.ts', 'test/lazy-hydration.test.ts'],
        },
      },
    ],
  },
})
