import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { DENO } from '../../../examples/test/runtimes.ts'
import { writeJsrWorkspace } from '../src/jsr.ts'

const run = promisify(execFile)
const [node, deno] = DENO

describe('JSR', () => {
  // The folder is outside the repository, because Deno would read its package.json and tsconfig.json.
  const folder = mkdtempSync(path.join(tmpdir(), 'auto-refresh-jsr-'))

  beforeAll(() => {
    const folders = new Map(inject('packages').map((one) => [one.place, one.folder]))
    writeJsrWorkspace((place) => folders.get(place) ?? '', folder)
  })

  afterAll(() => rmSync(folder, { recursive: true }))

  it('would accept all packages: explicit types, complete sources, nothing else', async () => {
    const { stderr } = await run(node, [deno, 'publish', '--dry-run', '--allow-dirty'], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' },
    })
    expect(stderr).toMatch(/Success.* Dry run complete/)
    for (const { name } of inject('packages')) expect(stderr).toContain(`Simulating publish of ${name}@`)
    expect(stderr).not.toMatch(/\.test\.|globals\.d\.ts|warning/i)
  }, 240_000)

  it('has the entries that npm has', () => {
    const core: unknown = JSON.parse(readFileSync(path.join(folder, 'core/jsr.json'), 'utf8'))
    expect(core).toMatchObject({
      name: '@auto-refresh/core',
      exports: {
        '.': './src/index.ts',
        './adapter': './src/adapter.ts',
        './testing': './src/testing/index.ts',
      },
    })
  })
})
