import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = path.dirname(fileURLToPath(import.meta.url))
const react18 = path.join(here, '../react-18/node_modules')
const resolve = { conditions: ['@auto-refresh/source'] }
const test = {
  environment: 'happy-dom',
  include: ['test/**/*.test.{ts,tsx}'],
}

/** The same tests on both versions of React. */
export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr: { resolve },
        test: {
          ...test,
          name: 'react-19',
          provide: { reactDom: fileURLToPath(import.meta.resolve('react-dom')) },
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
          provide: { reactDom: path.join(react18, 'react-dom/index.js') },
        },
      },
    ],
  },
})
