import { defineConfig } from 'vitest/config'

const resolve = { conditions: ['@auto-refresh/source'] }
const onServers = ['test/server.test.ts']
/** A test's time is of the machine, not of the product: the random ones make hundreds of pages. */
const test = { include: ['test/**/*.test.ts'], testTimeout: 60_000 }

/** The tests with a page, and those of a server, for which Lit has other modules. */
export default defineConfig({
  test: {
    projects: [
      {
        resolve: { conditions: ['@auto-refresh/source', 'browser'] },
        ssr: { resolve: { conditions: ['@auto-refresh/source', 'browser'] } },
        test: {
          ...test,
          name: 'lit',
          environment: 'happy-dom',
          exclude: onServers,
          server: { deps: { inline: [/lit/] } },
        },
      },
      { resolve, ssr: { resolve }, test: { ...test, name: 'lit-server', include: onServers } },
    ],
  },
})
