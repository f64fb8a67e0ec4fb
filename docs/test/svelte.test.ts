import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { writeSnippets } from './snippets.ts'

const docs = fileURLToPath(new URL('..', import.meta.url))
const checker = path.join(
  createRequire(import.meta.url).resolve('svelte-check/package.json'),
  '../bin/svelte-check',
)

it('what the pages show compiles as Svelte components', () => {
  const components = writeSnippets().filter(({ file }) => file.endsWith('.svelte'))
  expect(components.length).toBeGreaterThan(3)
  const args = [
    checker,
    '--tsconfig',
    'test/tsconfig.svelte.json',
    '--fail-on-warnings',
    '--output',
    'machine',
  ]
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: docs, encoding: 'utf8' })
  expect(stdout).toMatch(/COMPLETED \d+ FILES 0 ERRORS 0 WARNINGS/)
  expect(status).toBe(0)
})
