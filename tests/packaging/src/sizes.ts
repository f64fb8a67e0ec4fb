import { bundle, type Bundle } from './bundle.ts'

/** 1 kB is 1,000 bytes, as bundlers print it. */
export const KB = 1000

/** What is measured: a name, the most it may weigh in bytes, and the program. */
export interface Budget {
  readonly name: string
  readonly most: number
  readonly code: string
  /** What is there without it, and so not counted. */
  readonly external?: readonly string[]
}

/**
 * Ceilings at what is measured, so that no byte comes unnoticed. The limit to come back to is 12.0 kB for the core, and for an
 * adapter 0.8 kB (decision 6); only Vue's is above.
 */
const CORE_CEILING = 18.7 * KB
const TOGETHER_CEILING = 20 * KB
const ADAPTER_CEILINGS = { react: 0.5 * KB, vue: 1.1 * KB, preact: 0.5 * KB }

const HOOKS = 'useAutoRefreshItem, useAutoRefreshItems, useAutoRefreshIds, useAutoRefreshStatus'

export const CORE: Budget = {
  name: 'core',
  most: CORE_CEILING,
  code: `export { InMemoryAutoRefresh } from '@auto-refresh/core'`,
}

export const ADAPTERS: readonly Budget[] = Object.entries(ADAPTER_CEILINGS).map(([name, most]) => ({
  name,
  most,
  code: `export { ${HOOKS} } from '@auto-refresh/${name}'`,
  external: ['@auto-refresh/core'],
}))

export const TOGETHER: Budget = {
  name: 'core and react',
  most: TOGETHER_CEILING,
  code: `${CORE.code}\nexport { useAutoRefreshItem } from '@auto-refresh/react'`,
}

export function measure({ code, external }: Budget): Promise<Bundle> {
  return bundle(code, external)
}

/** In kB, rounded up to a tenth: what a page may claim. */
export function claim(bytes: number): number {
  return Math.ceil(bytes / (KB / 10)) / 10
}
