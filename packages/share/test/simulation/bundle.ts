import { build } from 'esbuild'
import { readFile } from 'node:fs/promises'
import path from 'node:path'

/** A mistake in one place of the source. */
export interface Bug {
  readonly name: string
  /** Below `src`. */
  readonly file: string
  readonly find: string
  readonly replace: string
}

const folder = path.join(import.meta.dirname, '..', '..')

/** Returns the text with the bug in it. @throws if the text to replace is not there exactly once */
export function patched(text: string, { name, find, replace }: Bug): string {
  if (text.split(find).length !== 2) throw new Error(`${name} does not fit at exactly one place`)
  return text.replace(find, () => replace)
}

/** Bundles the simulation together with the package, with a bug in it if one is given. Returns the program of a thread. */
export async function bundle(bug?: Bug): Promise<string> {
  const result = await build({
    entryPoints: [path.join(import.meta.dirname, 'worker.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    conditions: ['@auto-refresh/source'],
    plugins: [
      {
        name: 'bug',
        setup: (plugin) => {
          if (bug === undefined) return
          const file = path.join(folder, 'src', bug.file)
          plugin.onLoad({ filter: /\.ts$/ }, async (args) =>
            args.path === file
              ? { contents: patched(await readFile(file, 'utf8'), bug), loader: 'ts' }
              : undefined,
          )
        },
      },
    ],
  })
  const [output] = result.outputFiles
  if (output === undefined) throw new Error('nothing was bundled')
  return output.text
}
