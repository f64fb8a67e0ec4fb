import { readFileSync } from 'node:fs'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { compile } from 'svelte/compiler'
import { defineConfig, type Plugin } from 'vitest/config'

/** Not `.svelte.js`, which is compiled, too. */
const SUFFIX = '-on-server.js'

/** Compiles what is imported as `….svelte?on-server` for a server, in tests that have a page. */
const onServer: Plugin = {
  name: 'svelte-on-server',
  enforce: 'pre',
  async resolveId(source, importer) {
    if (!source.endsWith('.svelte?on-server')) return undefined
    const resolved = await this.resolve(source.replace('?on-server', ''), importer)
    return resolved?.id.replace(/\.svelte$/, SUFFIX)
  },
  load(id) {
    if (!id.endsWith(SUFFIX)) return undefined
    const filename = id.replace(SUFFIX, '.svelte')
    const { js } = compile(readFileSync(filename, 'utf8'), { filename, generate: 'server' })
    return js.code.replaceAll(/(from '\.[^']+\.svelte)'/g, "$1?on-server'")
  },
}

const source = '@auto-refresh/source'
const inBrowser = { conditions: [source, 'browser'] }
const onNode = { conditions: [source] }
/** Without a page. */
const onServers = ['test/server.test.ts', 'test/types.test.ts']
/** A test's time is of the machine, not of the product: the random ones make hundreds of pages. */
const test = { include: ['test/**/*.test.ts'], testTimeout: 60_000 }

/** The tests with a page, and those of a server, for which Svelte's packages have other modules. */
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [onServer, svelte({ configFile: false })],
        resolve: inBrowser,
        ssr: { resolve: inBrowser },
        test: { ...test, name: 'svelte', environment: 'happy-dom', exclude: onServers },
      },
      {
        plugins: [svelte({ configFile: false })],
        resolve: onNode,
        ssr: { resolve: onNode },
        test: { ...test, name: 'svelte-server', include: onServers },
      },
    ],
  },
})
