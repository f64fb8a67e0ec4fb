import { bundle, type Bundle } from './bundle.ts'

/** 1 kB is 1,000 bytes, as bundlers print it. */
export const KB = 1000

/** A measured program: its name, the ceiling in bytes, and its code. */
export interface Budget {
  readonly name: string
  readonly most: number
  readonly code: string
  /** Packages that the application has anyway, which are not counted. */
  readonly external?: readonly string[]
}

/**
 * Ceilings at what is measured, so that no byte comes unnoticed. The limit to come back to is 12.0 kB for the core, and for an
 * adapter 0.8 kB (decision 6); only Vue's is above.
 */
const CORE_CEILING = 19.3 * KB
const TOGETHER_CEILING = 20.9 * KB
const ADAPTER_CEILINGS = {
  react: 0.5 * KB,
  vue: 1.2 * KB,
  preact: 0.8 * KB,
  svelte: 0.5 * KB,
  solid: 0.6 * KB,
  lit: 0.5 * KB,
  angular: 0.6 * KB,
}

const HOOKS = 'useAutoRefreshItem, useAutoRefreshItems, useAutoRefreshIds, useAutoRefreshStatus'
/** Angular's are named as such functions are there. */
const FUNCTIONS = HOOKS.replaceAll('use', 'inject')

export const CORE: Budget = {
  name: 'core',
  most: CORE_CEILING,
  code: `export { InMemoryAutoRefresh } from '@auto-refresh/core'`,
}

export const ADAPTERS: readonly Budget[] = Object.entries(ADAPTER_CEILINGS).map(([name, most]) => ({
  name,
  most,
  code: `export { ${name === 'angular' ? FUNCTIONS : HOOKS} } from '@auto-refresh/${name}'`,
  external: ['@auto-refresh/core'],
}))

/** Each way to share, beside the core. The limit to come to is 6.0 kB for `tabs` (decision 13). */
const SHARE_CEILINGS = { tabs: 16.1 * KB, hub: 11 * KB, 'hub-client': 19.7 * KB, fleet: 20.9 * KB }
const SHARED_CACHE = `export { SharedAutoRefresh } from '@auto-refresh/share'`
const SHARE_EXPORTS = { tabs: 'tabs', hub: 'Hub', 'hub-client': 'hubClient', fleet: 'fleet, redisStore' }

export const SHARED: readonly Budget[] = (['tabs', 'hub', 'hub-client', 'fleet'] as const).map((name) => ({
  name: `share/${name}`,
  most: SHARE_CEILINGS[name],
  // A hub is a server's side: it needs no shared cache.
  code: `export { ${SHARE_EXPORTS[name]} } from '@auto-refresh/share/${name}'\n${name === 'hub' ? '' : SHARED_CACHE}`,
  external: ['@auto-refresh/core', '@auto-refresh/core/adapter'],
}))

/** The panel is for development: its ceiling keeps it quick to load, and is no promise to users. */
export const DEVTOOLS: Budget = {
  name: 'devtools',
  most: 18.2 * KB,
  code: `export { createDevtools } from '@auto-refresh/devtools'`,
  external: ['@auto-refresh/core', '@auto-refresh/core/adapter'],
}

export const TOGETHER: Budget = {
  name: 'core and react',
  most: TOGETHER_CEILING,
  code: `${CORE.code}\nexport { useAutoRefreshItem } from '@auto-refresh/react'`,
}

export const QUERY: Budget = {
  name: 'query',
  most: 3.6 * KB,
  code: `export { connect, queryOptions } from '@auto-refresh/query'`,
  external: ['@auto-refresh/core', '@auto-refresh/core/adapter'],
}

export function measure({ code, external }: Budget): Promise<Bundle> {
  return bundle(code, external)
}

/** Returns the size in kB, rounded up to a tenth, as pages state it. */
export function claim(bytes: number): number {
  return Math.ceil(bytes / (KB / 10)) / 10
}
