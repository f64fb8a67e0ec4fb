import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** Deno's launcher, which works even if npm did not run its install script. */
export const DENO: readonly [string, string] = [process.execPath, join(packageFolder('deno'), 'bin.cjs')]

export type RuntimeName = 'node' | 'deno' | 'bun'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The runtimes that a project of `vitest.config.ts` is for. */
    readonly runtimes: readonly RuntimeName[]
  }
}

/** The command of each runtime that runs a TypeScript file; the file and its arguments follow. */
export const RUNTIMES: Readonly<Record<RuntimeName, readonly [string, ...string[]]>> = {
  // Node 20 does not run TypeScript by itself.
  node: [process.execPath, '--import', 'tsx'],
  deno: [...DENO, 'run', '--no-lock', '--allow-net', '--allow-env'],
  bun: [bunBinary()],
}

function packageFolder(name: string): string {
  return dirname(require.resolve(`${name}/package.json`))
}

/** Bun's install script moves the binary out of the platform's package; it is still there if npm did not run the script. */
function bunBinary(): string {
  const file = process.platform === 'win32' ? 'bun.exe' : 'bun'
  const arch = process.arch === 'arm64' ? 'aarch64' : process.arch
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const unmoved = join(packageFolder(`@oven/bun-${platform}-${arch}`), 'bin', file)
  return existsSync(unmoved) ? unmoved : join(packageFolder('bun'), 'bin', 'bun.exe')
}
