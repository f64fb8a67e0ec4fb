import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../src/packed.ts'

function readManifest(folder: string): Readonly<Record<string, unknown>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a package.json is an object
  return JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) as Record<string, unknown>
}

/** Each `packages/*` is one, too. */
function workspacesOf(patterns: unknown): readonly string[] {
  if (!Array.isArray(patterns)) throw new TypeError('the root names no workspaces')
  return patterns.map(String).flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern]
    const parent = pattern.slice(0, -2)
    return readdirSync(path.join(root, parent)).map((folder) => `${parent}/${folder}`)
  })
}

describe("the repository's address (scripts/set-repository.mjs writes it)", () => {
  const { homepage, bugs, repository, workspaces } = readManifest('.')
  const address = String(homepage).replace('#readme', '')

  it('is the same in all fields of the root', () => {
    expect(address).toMatch(/^https:\/\/github\.com\/[\w.-]+\/[\w.-]+$/)
    expect(repository).toEqual({ type: 'git', url: `git+${address}.git` })
    expect(bugs).toEqual({ url: `${address}/issues` })
  })

  it.each(workspacesOf(workspaces))("is the root's in %s, with the folder", (folder) => {
    const manifest = readManifest(folder)
    expect(manifest['repository']).toEqual({ type: 'git', url: `git+${address}.git`, directory: folder })
    expect(manifest['homepage']).toBe(`${address}/tree/main/${folder}#readme`)
    expect(manifest['bugs']).toEqual({ url: `${address}/issues` })
  })

  it.each(readdirSync(path.join(root, 'packages')))(
    "is the root's in the links of packages/%s/README.md",
    (name) => {
      const text = readFileSync(path.join(root, 'packages', name, 'README.md'), 'utf8')
      const links = text.match(/https:\/\/github\.com\/[^)]+/g) ?? []
      expect(links.filter((link) => !link.startsWith(`${address}/blob/main/`))).toEqual([])
    },
  )
})
