import solid from 'vite-plugin-solid'
import { defineConfig } from 'vitest/config'

const source = '@auto-refresh/source'
const inBrowser = { conditions: [source, 'browser'] }
const onNode = { conditions: [source] }
const onServers = ['test/server.test.ts']
/** A test's time is of the machine, not of the product: the random ones make hundreds of pages. */
const test = { include: ['test/**/*.test.ts'], testTimeout: 60_000 }

/** The tests with a page, and those of a server, for which Solid has other modules. */
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [solid({ ssr: true, hot: false })],
        resolve: inBrowser,
        ssr: { resolve: inBrowser },
        test: {
          ...test,
          name: 'solid',
          environment: 'happy-dom',
          exclude: onServers,
          server: { deps: { inline: [/solid-js/] } },
        },
      },
      {
        resolve: onNode,
        ssr: { resolve: onNode },
        test: { ...test, name: 'solid-server', include: onServers },
      },
    ],
  },
})
