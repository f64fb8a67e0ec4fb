/** Global setup: packs the packages that the consumers install. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pack, WORKSPACES } from 'packaging/packed'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Paths of the tarballs by package. */
    readonly tarballs: Readonly<Record<string, string>>
  }
}

export default function packTarballs({ provide }: TestProject): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), 'auto-refresh-tarballs-'))
  const packed = pack([...WORKSPACES, 'tests/consumers/farm-jobs'], folder)
  provide('tarballs', Object.fromEntries(packed.map(({ name, tarball }) => [name, tarball])))
  return () => rmSync(folder, { recursive: true })
}
