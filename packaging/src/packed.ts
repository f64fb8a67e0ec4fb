/** The published packages as npm packs them, from what is built. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url))

/** The names in `packages/` of those that are published, each after what it depends on. */
export const PUBLISHED = ['core', 'react', 'vue', 'preact'] as const

export type Published = (typeof PUBLISHED)[number]

export interface PackedPackage {
  readonly name: string
  readonly place: Published
  /** The tarball that would be published. */
  readonly tarball: string
  /** What is in it, relative to the package. */
  readonly files: readonly string[]
}

/** What of a package.json concerns us here. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly sideEffects?: boolean
  readonly type?: string
  readonly license?: string
  readonly engines?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly publishConfig?: Readonly<Record<string, unknown>>
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
}

/** Packs all published packages into `folder`, as they are built. */
export function packAll(folder: string): PackedPackage[] {
  mkdirSync(folder, { recursive: true })
  const workspaces = PUBLISHED.flatMap((place) => ['--workspace', `packages/${place}`])
  const output = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ...workspaces],
    { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], shell: process.platform === 'win32' },
  )
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as npm documents it
  const packed = JSON.parse(output) as { name: string; filename: string; files: { path: string }[] }[]
  return PUBLISHED.map((place) => {
    const name = `@auto-refresh/${place}`
    const one = packed.find((candidate) => candidate.name === name)
    if (one === undefined) throw new Error(`npm packed nothing of ${name}`)
    const files = one.files.map((file) => file.path)
    return { name, place, tarball: path.join(folder, one.filename), files }
  })
}

/** Puts what is in a tarball where an installation would put it, in the folder's `node_modules`. */
export function unpack({ name, tarball }: PackedPackage, folder: string): string {
  const place = path.join(folder, 'node_modules', name)
  rmSync(place, { recursive: true, force: true })
  mkdirSync(place, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', place, '--strip-components=1'])
  return place
}

/** The package.json in a folder. */
export function readManifest(folder: string): Manifest {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the tests look at what is in it
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest
}
