/** Global setup: packs every published package, and unpacks them beside one another. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { pack, unpack, WORKSPACES, type Packed } from './packed.ts'

export interface Unpacked extends Packed {
  /** Its folder in `packages/`. */
  readonly place: string
  /** The folder. */
  readonly folder: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    readonly packages: readonly Unpacked[]
  }
}

/** The folder is in the repository, so that dependencies are found in its `node_modules`. */
export const UNPACKED: string = fileURLToPath(new URL('../.packed', import.meta.url))

export default function unpackAll({ provide }: TestProject): void {
  rmSync(UNPACKED, { recursive: true, force: true })
  const packages = pack(WORKSPACES, UNPACKED).map((packed) => {
    const { name, tarball, files } = packed
    return { name, tarball, files, place: path.basename(name), folder: unpack(packed, UNPACKED) }
  })
  provide('packages', packages)
}
