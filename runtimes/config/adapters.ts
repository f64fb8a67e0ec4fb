import path from 'node:path'
import type { TestProjectInlineConfiguration, ViteUserConfig } from 'vitest/config'
import preact from '../../packages/preact/vitest.config.ts'
import react from '../../packages/react/vitest.config.ts'
import vue from '../../packages/vue/vitest.config.ts'
import { root } from './suite.ts'

const configurations: Readonly<Record<string, ViteUserConfig>> = { react, vue, preact }

/** What is about a server, or about the files of the package. */
const OUTSIDE = ['test/{server,client}.test.{ts,tsx}']

/**
 * The adapters' suites as their packages configure them, on the newest version of each framework: the first of the
 * package's projects. In a browser there is no need of the DOM that they simulate.
 */
export const adapterSuites: readonly TestProjectInlineConfiguration[] = Object.entries(configurations).map(
  ([name, { test }]) => {
    const newest = test?.projects?.[0]
    if (typeof newest !== 'object' || !('test' in newest)) throw new Error(`${name} has no projects`)
    const { environment: _simulated, ...suite } = newest.test ?? {}
    return {
      ...newest,
      root: path.join(root, 'packages', name),
      test: { ...suite, exclude: [...(suite.exclude ?? []), ...OUTSIDE] },
    }
  },
)
