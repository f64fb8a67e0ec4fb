/** Before all tests: packs every published package, and unpacks them beside one another. */
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { packAll, unpack, type PackedPackage } from './packed.ts'

export interface UnpackedPackage extends PackedPackage {
  /** Where it is unpacked. */
  readonly folder: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    readonly packages: readonly UnpackedPackage[]
  }
}

/** Within the repository: what the packages depend on is found in its `node_modules`. */
export const UNPACKED: string = fileURLToPath(new URL('../.packed', import.meta.url))

export default function unpackAll({ provide }: TestProject): void {
  rmSync(UNPACKED, { recursive: true, force: true })
  provide(
    'packages',
    packAll(UNPACKED).map((packed) => Object.assign(packed, { folder: unpack(packed, UNPACKED) })),
  )
}
