/** The published packages as npm packs them, from what is built. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const root: string = fileURLToPath(new URL('../../..', import.meta.url))

/** Folders of the published packages in `packages/`. A package is named like its folder. */
export const PUBLISHED: readonly string[] = [
  'core',
  'react',
  'vue',
  'preact',
  'svelte',
  'solid',
  'lit',
  'angular',
  'share',
  'devtools',
  'query',
]

/** The published packages as workspaces. */
export const WORKSPACES: readonly string[] = PUBLISHED.map((place) => `packages/${place}`)

export interface Packed {
  readonly name: string
  /** The tarball that would be published. */
  readonly tarball: string
  /** Files of the package, relative to it. */
  readonly files: readonly string[]
}

/** The fields of a package.json that the tests use. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly sideEffects?: boolean
  readonly type?: string
  readonly license?: string
  readonly engines?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
  readonly publishConfig?: Readonly<Record<string, unknown>>
  readonly main?: string
  readonly module?: string
  readonly types?: string
  readonly exports: Readonly<Record<string, string | Entry>>
}

/** An entry of `exports`. */
export interface Entry {
  readonly '@auto-refresh/source': string
  readonly import: Target
  readonly require: Target
}

export interface Target {
  readonly types: string
  readonly default: string
}

/** The entries of a package that are code, by their names in `exports`. */
export function entriesOf({ exports }: Manifest): (readonly [string, Entry])[] {
  return Object.entries(exports).flatMap(([name, entry]) =>
    typeof entry === 'string' ? [] : [[name, entry] as const],
  )
}

/** Packs workspaces of the repository into `folder`, as they are built. */
export function pack(workspaces: readonly string[], folder: string): Packed[] {
  mkdirSync(folder, { recursive: true })
  const chosen = workspaces.flatMap((workspace) => ['--workspace', workspace])
  const output = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ...chosen],
    { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], shell: process.platform === 'win32' },
  )
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as npm documents it
  const packed = JSON.parse(output) as { name: string; filename: string; files: { path: string }[] }[]
  return packed.map(({ name, filename, files }) => ({
    name,
    tarball: path.join(folder, filename),
    files: files.map((file) => file.path),
  }))
}

/** Unpacks a tarball into the folder's `node_modules`, as an installation would. */
export function unpack({ name, tarball }: Packed, folder: string): string {
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
