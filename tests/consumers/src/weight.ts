import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Project } from './project.ts'

/** Returns the gzipped bytes of all scripts in a folder, which the builder has minified. */
export function weigh(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => gzipSync(readFileSync(path.join(folder, name)), { level: 9 }).length)
    .reduce((sum, size) => sum + size, 0)
}

/** Replaces the installed library by a module with its names and nothing else, so that a build without it can be weighed. */
export async function hollowOut(project: Project): Promise<void> {
  const scope = path.join(project.folder, 'node_modules/@auto-refresh')
  for (const name of readdirSync(scope)) {
    const entry = path.join(scope, name, 'dist/index.js')
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a module is an object
    const names = Object.keys((await import(entry)) as object)
    // A minifier must not know the values of the names.
    writeFileSync(entry, names.map((one) => `export const ${one} = globalThis.${one}\n`).join(''))
  }
}
