import { transform } from 'esbuild'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { BUGS } from './bugs.ts'
import { patched } from './bundle.ts'

const source = path.join(import.meta.dirname, '..', '..', 'src')

describe('seeded bugs', () => {
  it('are at least thirty, each with a name of its own', () => {
    expect(new Set(BUGS.map(({ name }) => name)).size).toBe(BUGS.length)
    expect(BUGS.length).toBeGreaterThanOrEqual(30)
  })

  it.each(BUGS)('$name fits at one place of the source', async (bug) => {
    const text = await readFile(path.join(source, bug.file), 'utf8')
    const broken = patched(text, bug)
    expect(broken).not.toBe(text)
    await expect(transform(broken, { loader: 'ts' })).resolves.toBeDefined()
  })
})
