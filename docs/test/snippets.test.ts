import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { writeSnippets } from './snippets.ts'

const here = path.dirname(fileURLToPath(import.meta.url))
const snippets = writeSnippets()

describe('what the pages show', () => {
  it('compiles', () => {
    const tsc = path.join(here, '../../node_modules/.bin/tsc')
    const result = spawnSync(tsc, ['-p', path.join(here, 'tsconfig.snippets.json')], { encoding: 'utf8' })
    expect(result.stdout).toBe('')
    expect(result.status).toBe(0)
    expect(snippets.length).toBeGreaterThan(3)
  })

  it.each(snippets.filter(({ isRun }) => isRun))('runs: $page, line $line', async ({ file }) => {
    await expect(import(file)).resolves.toBeDefined()
  })
})
