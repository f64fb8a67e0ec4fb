import path from 'node:path'
import type { TestProjectInlineConfiguration, ViteUserConfig } from 'vitest/config'
import preact from '../../../packages/preact/vitest.config.ts'
import react from '../../../packages/react/vitest.config.ts'
import vue from '../../../packages/vue/vitest.config.ts'
import { root } from './suite.ts'

/** Tests about a server, or about the files of the package. */
const OUTSIDE = ['test/{server,client,pinia-server}.test.{ts,tsx}']

/** Tests that put another scheduler or a hot reload into React, which takes Node's modules. */
const BY_MODULES = ['test/{activity,fast-refresh,random}.test.tsx']

/** A test that counts what Vue makes, by a module in its place. */
const COUNTS = ['test/computeds.test.ts']

/**
 * An adapter's suite as its package configures it, on the newest version of the framework: the first of the package's
 * projects. In a browser there is no need of the DOM that it simulates.
 */
function suiteOf(
  name: string,
  { test }: ViteUserConfig,
  outside: readonly string[] = OUTSIDE,
): TestProjectInlineConfiguration {
  const newest = test?.projects?.[0]
  if (typeof newest !== 'object' || !('test' in newest)) throw new Error(`${name} has no projects`)
  const { environment: _simulated, ...suite } = newest.test ?? {}
  return {
    ...newest,
    root: path.join(root, 'packages', name),
    test: { ...suite, exclude: [...(suite.exclude ?? []), ...outside] },
  }
}

export const adapterSuites: readonly TestProjectInlineConfiguration[] = [
  suiteOf('react', react, [...OUTSIDE, ...BY_MODULES]),
  suiteOf('vue', vue, [...OUTSIDE, ...COUNTS]),
  suiteOf('preact', preact),
]
