import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { transform } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { planted } from '../src/planted/index.ts'
import { patched } from '../src/subject-build.ts'

const source = path.join(import.meta.dirname, '..', '..', '..', 'packages', 'core', 'src')

describe('planted bugs', () => {
  it('are at least thirty, each of a name of its own', () => {
    expect(new Set(planted.map(({ name }) => name)).size).toBe(planted.length)
    expect(planted.length).toBeGreaterThanOrEqual(30)
  })

  it.each(planted)('$name fits at one place of the source', async ({ file, find, replace }) => {
    const text = await readFile(path.join(source, file), 'utf8')
    const broken = patched(text, file, find, replace)
    expect(broken).not.toBe(text)
    await expect(transform(broken, { loader: 'ts' })).resolves.toBeDefined()
  })
})
