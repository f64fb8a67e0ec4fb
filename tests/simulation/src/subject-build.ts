import { build, type Plugin } from 'esbuild'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { SeededBug } from './seeded/seeded-bug.ts'

/** Bundles the package from its source into `file`; with a seeded bug, if one is given. */
export async function buildSubject(root: string, file: string, bug?: SeededBug): Promise<void> {
  const source = path.join(root, 'packages', 'core', 'src')
  await build({
    stdin: {
      contents: `
        export * from './index.ts'
        export { adopt, stateOf } from './adapter.ts'`,
      resolveDir: source,
      loader: 'ts',
    },
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@auto-refresh/source'],
    logLevel: 'warning',
    plugins: bug === undefined ? [] : [seed(source, bug)],
  })
}

function seed(source: string, { file, find, replace }: SeededBug): Plugin {
  return {
    name: 'seed',
    setup(bundle) {
      const target = path.join(source, file)
      bundle.onLoad({ filter: /\.ts$/ }, async ({ path: loaded }) => {
        if (loaded !== target) return undefined
        return { contents: patched(await readFile(target, 'utf8'), file, find, replace), loader: 'ts' }
      })
    },
  }
}

/** The text with the bug in it. A patch that fits nowhere, or in two places, is wrong. */
export function patched(text: string, file: string, find: string, replace: string): string {
  const parts = text.split(find)
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} places like: ${find}`)
  return parts.join(replace)
}
