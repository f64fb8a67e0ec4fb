import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const checker = path.join(
  createRequire(import.meta.url).resolve('svelte-check/package.json'),
  '../bin/svelte-check',
)

it('types: components and modules of Svelte compile, and types.test-d.ts with them', () => {
  const args = [checker, '--tsconfig', 'tsconfig.test.json', '--fail-on-warnings', '--output', 'machine']
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  expect(stdout).toMatch(/COMPLETED \d+ FILES 0 ERRORS 0 WARNINGS/)
  expect(status).toBe(0)
}, 300_000)
