import { transform } from 'esbuild'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { seeded } from '../src/seeded/index.ts'
import { patched } from '../src/subject-build.ts'

const source = path.join(import.meta.dirname, '..', '..', '..', 'packages', 'core', 'src')

describe('seeded bugs', () => {
  it('are at least forty, each with a name of its own', () => {
    expect(new Set(seeded.map(({ name }) => name)).size).toBe(seeded.length)
    expect(seeded.length).toBeGreaterThanOrEqual(40)
  })

  it.each(seeded)('$name fits at one place of the source', async ({ file, find, replace }) => {
    const text = await readFile(path.join(source, file), 'utf8')
    const broken = patched(text, file, find, replace)
    expect(broken).not.toBe(text)
    await expect(transform(broken, { loader: 'ts' })).resolves.toBeDefined()
  })
})
