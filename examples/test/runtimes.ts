import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** Deno's starter works whether or not npm has run its install script. */
export const DENO = [process.execPath, join(packageFolder('deno'), 'bin.cjs')] as const

/** How each runtime is told to run a TypeScript file; the file and its arguments follow. */
export const RUNTIMES: Readonly<Record<'node' | 'deno' | 'bun', readonly [string, ...string[]]>> = {
  // Node 20 does not run TypeScript by itself.
  node: [process.execPath, '--import', 'tsx'],
  deno: [...DENO, 'run', '--no-lock', '--allow-net', '--allow-env'],
  bun: [bunBinary()],
}

function packageFolder(name: string): string {
  return dirname(require.resolve(`${name}/package.json`))
}

/** Its install script moves the binary from the platform's package into `bun`; where npm did not run it, it is there still. */
function bunBinary(): string {
  const file = process.platform === 'win32' ? 'bun.exe' : 'bun'
  const arch = process.arch === 'arm64' ? 'aarch64' : process.arch
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const unmoved = join(packageFolder(`@oven/bun-${platform}-${arch}`), 'bin', file)
  return existsSync(unmoved) ? unmoved : join(packageFolder('bun'), 'bin', 'bun.exe')
}
