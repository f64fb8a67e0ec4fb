/** The packed packages as a program of either format loads them. */
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as core from '@auto-refresh/core'
import type * as adapter from '@auto-refresh/core/adapter'
import type * as testing from '@auto-refresh/core/testing'
import type * as react from '@auto-refresh/react'
import type * as vue from '@auto-refresh/vue'
import type * as preact from '@auto-refresh/preact'
import type * as angular from '@auto-refresh/angular'
import type * as devtools from '@auto-refresh/devtools'
import type * as query from '@auto-refresh/query'
import type * as svelte from '@auto-refresh/svelte'
import type * as solid from '@auto-refresh/solid'
import type * as lit from '@auto-refresh/lit'
import type * as share from '@auto-refresh/share'
import type * as tabs from '@auto-refresh/share/tabs'
import type * as hub from '@auto-refresh/share/hub'
import type * as hubClient from '@auto-refresh/share/hub-client'
import type * as fleet from '@auto-refresh/share/fleet'
import type * as shareTesting from '@auto-refresh/share/testing'
import { UNPACKED } from './unpacked.ts'

export type Format = 'ES module' | 'CommonJS'

/** Modules by the names by which a program loads them. */
export interface Modules {
  '@auto-refresh/core': typeof core
  '@auto-refresh/core/adapter': typeof adapter
  '@auto-refresh/core/testing': typeof testing
  '@auto-refresh/react': typeof react
  '@auto-refresh/vue': typeof vue
  '@auto-refresh/preact': typeof preact
  '@auto-refresh/angular': typeof angular
  '@auto-refresh/devtools': typeof devtools
  '@auto-refresh/query': typeof query
  '@auto-refresh/svelte': typeof svelte
  '@auto-refresh/solid': typeof solid
  '@auto-refresh/lit': typeof lit
  '@auto-refresh/share': typeof share
  '@auto-refresh/share/tabs': typeof tabs
  '@auto-refresh/share/hub': typeof hub
  '@auto-refresh/share/hub-client': typeof hubClient
  '@auto-refresh/share/fleet': typeof fleet
  '@auto-refresh/share/testing': typeof shareTesting
}

const require = createRequire(path.join(UNPACKED, 'program.cjs'))

/** Loads a module as `import` or `require` does. */
export async function load<Name extends keyof Modules>(format: Format, name: Name): Promise<Modules[Name]> {
  const file = require.resolve(name)
  // `require` loads from `dist/cjs`, and `import` loads the same module from `dist`.
  const esm = pathToFileURL(file.replace(`${path.sep}cjs${path.sep}`, path.sep)).href
  const loaded: unknown = format === 'CommonJS' ? require(file) : await import(esm)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the test compares the names
  return loaded as Modules[Name]
}
