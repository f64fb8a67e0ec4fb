import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { readManifest, root } from '../src/packed.ts'

interface SourceMap {
  readonly sourceRoot?: string
  readonly sources: readonly string[]
}

describe.each(inject('packages'))('$name', ({ files, folder, place }) => {
  it('ships what is built, the source that its maps lead to, and nothing else', () => {
    const others = files.filter((file) => !/^(dist\/.+\.(js|d\.ts)(\.map)?|src\/.+\.ts)$/.test(file))
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json'])
    expect(files.filter((file) => /\.test(-d)?\.|globals\.d\.ts|(^|\/)test\//.test(file))).toEqual([])
  })

  it('has a map beside each file, which leads to a source that is shipped', () => {
    const built = files.filter((file) => /\.(js|d\.ts)$/.test(file) && file.startsWith('dist/'))
    expect(built.length).toBeGreaterThan(2)
    const lost = built.filter((file) => {
      const sources = sourcesOf(path.join(folder, file))
      return sources.length === 0 || sources.some((source) => !files.includes(relative(folder, source)))
    })
    expect(lost).toEqual([])
  })

  it('has every file that `exports` names, types before code', () => {
    const { '.': main, './package.json': manifest, ...others } = readManifest(folder).exports
    expect(manifest).toBe('./package.json')
    for (const target of [main, ...Object.values(others)]) {
      expect(Object.keys(target ?? {})).toEqual(['@auto-refresh/source', 'types', 'default'])
      const missing = Object.values(target ?? {}).filter((file) => !existsSync(path.join(folder, file)))
      expect(missing).toEqual([])
    }
  })

  it('says what it needs, and that importing it does nothing', () => {
    const manifest = readManifest(folder)
    expect(manifest).toMatchObject({
      type: 'module',
      sideEffects: false,
      license: 'MIT',
      engines: { node: '>=20.19.0' },
      publishConfig: { access: 'public', provenance: true },
    })
    const isAdapter = place !== 'core'
    expect(Object.keys(manifest.peerDependencies ?? {})).toEqual(isAdapter ? [place] : [])
    expect(Object.keys(manifest.dependencies ?? {})).toEqual([
      isAdapter ? '@auto-refresh/core' : '@tanstack/query-core',
    ])
  })

  it('has the license of the repository', () => {
    expect(readFileSync(path.join(folder, 'LICENSE'), 'utf8')).toBe(
      readFileSync(path.join(root, 'LICENSE'), 'utf8'),
    )
  })
})

/** The sources that a built file's map leads to; none where it has no map. */
function sourcesOf(file: string): string[] {
  const [, map] = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(readFileSync(file, 'utf8')) ?? []
  if (map === undefined) return []
  const folder = path.dirname(file)
  const { sources, sourceRoot = '' } = JSON.parse(readFileSync(path.join(folder, map), 'utf8')) as SourceMap
  return sources.map((source) => path.resolve(folder, sourceRoot, source))
}

function relative(folder: string, file: string): string {
  return path.relative(folder, file).replaceAll(path.sep, '/')
}
