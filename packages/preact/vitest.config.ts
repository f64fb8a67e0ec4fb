import { defineConfig } from 'vitest/config'

const resolve = { conditions: ['@auto-refresh/source'] }
const jsx = { jsx: { runtime: 'automatic', importSource: 'preact' } } as const
/** Long, because random tests mount hundreds of pages, also on busy machines. */
const test = { environment: 'happy-dom', include: ['test/**/*.test.{ts,tsx}'], testTimeout: 60_000 }

/** The same tests on both versions of Preact. */
export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr: { resolve },
        oxc: jsx,
        test: { ...test, name: 'preact-11', provide: { framework: 'Preact 11' } },
      },
      {
        resolve: { ...resolve, alias: [{ find: /^preact(?=\/|$)/, replacement: 'preact-10' }] },
        ssr: { resolve },
        oxc: jsx,
        test: {
          ...test,
          name: 'preact-10',
          provide: { framework: 'Preact 10' },
          // All packages must load the same Preact.
          server: { deps: { inline: [/preact/] } },
        },
      },
    ],
  },
})
