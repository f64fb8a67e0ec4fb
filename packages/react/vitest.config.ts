import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformAsync } from '@babel/core'
import { defineConfig, type Plugin } from 'vitest/config'

const here = path.dirname(fileURLToPath(import.meta.url))
const react18 = path.join(here, '../../tests/react-18/node_modules')
const reactDom = fileURLToPath(import.meta.resolve('react-dom'))
const resolve = { conditions: ['@auto-refresh/source'] }
const test = {
  environment: 'happy-dom',
  include: ['test/**/*.test.{ts,tsx}'],
  // Long, because random tests mount hundreds of pages, also on busy machines.
  testTimeout: 60_000,
}

/** React Compiler, for the components of the tests. */
const compiler: Plugin = {
  name: 'react-compiler',
  enforce: 'pre',
  transform: async (code, id) => {
    if (!id.startsWith(path.join(here, 'test')) || !id.endsWith('.tsx')) return undefined
    const compiled = await transformAsync(code, {
      filename: id,
      babelrc: false,
      configFile: false,
      plugins: ['babel-plugin-react-compiler'],
      parserOpts: { plugins: ['typescript', 'jsx'] },
      // Line numbers need this.
      retainLines: true,
    })
    return compiled?.code ?? undefined
  },
}

/** The same tests on both versions of React, and with compiled components. */
export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr: { resolve },
        test: { ...test, name: 'react-19', exclude: ['test/compiler.test.tsx'], provide: { reactDom } },
      },
      {
        plugins: [compiler],
        resolve,
        ssr: { resolve },
        test: {
          ...test,
          name: 'react-19-compiled',
          exclude: ['test/random.test.tsx', 'test/fast-refresh.test.tsx'],
          provide: { reactDom },
        },
      },
      {
        resolve: {
          ...resolve,
          alias: [{ find: /^(react|react-dom)(?=\/|$)/, replacement: path.join(react18, '$1') }],
        },
        ssr: { resolve },
        test: {
          ...test,
          name: 'react-18',
          // React 18 has no Activity, and what is compiled for 19 does not run on it.
          exclude: ['test/activity.test.tsx', 'test/compiler.test.tsx'],
          provide: { reactDom: path.join(react18, 'react-dom/index.js') },
        },
      },
    ],
  },
})
