import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { writeSnippets } from './snippets.ts'

const here = path.dirname(fileURLToPath(import.meta.url))
const snippets = writeSnippets()

/** What the server of a page's snippet answers, whatever it is asked. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  'README.md': [{ id: 'build-7', item: { passed: true } }],
  'packages/core/README.md': [{ id: 'shop', etag: 'b', deployment: { phase: 'live', revision: 2 } }],
}

beforeEach(() => void vi.spyOn(console, 'log').mockImplementation(() => undefined))
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('what the pages show', () => {
  it('compiles', () => {
    const tsc = path.join(here, '../../node_modules/.bin/tsc')
    const result = spawnSync(tsc, ['-p', path.join(here, 'tsconfig.snippets.json')], { encoding: 'utf8' })
    expect(result.stdout).toBe('')
    expect(result.status).toBe(0)
    expect(snippets.length).toBeGreaterThan(3)
  })

  it('compiles, also as Vue components, and so do the live examples', () => {
    const args = [path.join(here, 'vue-tsc.mjs'), '-p', path.join(here, 'tsconfig.vue.json')]
    const result = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect(result.stdout).toBe('')
    expect(result.status).toBe(0)
  })

  it.each(snippets.filter(({ isRun }) => isRun))('runs: $page, line $line', async ({ file, page }) => {
    const answer = ANSWERS[page]
    if (answer !== undefined) vi.stubGlobal('fetch', () => Promise.resolve(Response.json(answer)))
    await expect(import(file)).resolves.toBeDefined()
  })

  it.each(snippets.filter(({ shows }) => shows !== undefined))(
    'is the file that it shows: $page, line $line',
    ({ file, code }) => {
      expect(readFileSync(file, 'utf8')).toBe(code)
    },
  )
})
