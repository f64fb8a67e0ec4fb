/** The packages for JSR: their source, and a jsr.json made from package.json, so that the two cannot differ. */
import { copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { entriesOf, PUBLISHED, readManifest, type Manifest } from './packed.ts'

export interface JsrManifest {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly exports: Readonly<Record<string, string>>
  readonly imports: Readonly<Record<string, string>>
}

/** JSR has neither peers nor alternatives of a range: the newest is taken. */
export function jsrManifest(manifest: Manifest): JsrManifest {
  const { name, version, license = '', dependencies, peerDependencies, peerDependenciesMeta } = manifest
  const needed = Object.entries({ ...dependencies, ...peerDependencies }).filter(
    ([dependency]) => peerDependenciesMeta?.[dependency]?.optional !== true,
  )
  return {
    name,
    version,
    license,
    exports: Object.fromEntries(
      entriesOf(manifest).map(([entry, target]) => [entry, target['@auto-refresh/source']]),
    ),
    imports: Object.fromEntries(
      needed.map(([dependency, range]) => {
        const registry = dependency.startsWith('@auto-refresh/') ? 'jsr' : 'npm'
        return [dependency, `${registry}:${dependency}@${range.split(' || ').at(-1)}`]
      }),
    ),
  }
}

/** Writes the packages into `folder`, a workspace for `deno publish`. `unpacked` has the source that npm gets. */
export function writeJsrWorkspace(unpacked: (place: string) => string, folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  for (const place of PUBLISHED) {
    const from = unpacked(place)
    const to = path.join(folder, place)
    mkdirSync(to, { recursive: true })
    cpSync(path.join(from, 'src'), path.join(to, 'src'), { recursive: true })
    for (const file of ['README.md', 'LICENSE']) copyFileSync(path.join(from, file), path.join(to, file))
    writeJson(path.join(to, 'jsr.json'), jsrManifest(readManifest(from)))
  }
  writeJson(path.join(folder, 'deno.json'), {
    workspace: PUBLISHED.map((place) => `./${place}`),
    // The developer tools are for pages.
    compilerOptions: { lib: ['dom', 'dom.iterable', 'dom.asynciterable', 'deno.ns'] },
  })
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
}
