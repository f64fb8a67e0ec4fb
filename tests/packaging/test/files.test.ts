import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { entriesOf, readManifest, root } from '../src/packed.ts'

interface SourceMap {
  readonly sourceRoot?: string
  readonly sources: readonly string[]
}

/** The packages that a package needs. An adapter needs the core and its framework. */
const NEEDED: Readonly<Record<string, { dependencies: string[]; peers: string[] }>> = {
  core: { dependencies: ['@tanstack/query-core'], peers: [] },
  angular: { dependencies: [], peers: ['@angular/core', '@auto-refresh/core'] },
  devtools: { dependencies: [], peers: ['@auto-refresh/core'] },
  // Types alone (decision 18).
  query: { dependencies: [], peers: ['@auto-refresh/core', '@tanstack/query-core'] },
  // `redis` is optional (decision 13).
  solid: { dependencies: [], peers: ['@auto-refresh/core', 'solid-js'] },
  share: { dependencies: ['eventsource-parser'], peers: ['@auto-refresh/core', 'redis'] },
}

describe.each(inject('packages'))('$name', ({ files, folder, place }) => {
  it('ships the build, the sources of its maps, and nothing else', () => {
    const others = files.filter((file) => !/^(dist\/.+\.(js|d\.ts)(\.map)?|src\/.+\.ts)$/.test(file))
    const manifests = ['dist/cjs/package.json', 'package.json', ...subpaths(folder).map(manifestOf)]
    expect(others.sort()).toEqual(['LICENSE', 'README.md', ...manifests].sort())
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
    for (const entry of [main, ...Object.values(others)]) {
      if (typeof entry !== 'object') throw new Error('An entry without formats')
      expect(Object.keys(entry)).toEqual(['@auto-refresh/source', 'import', 'require'])
      const { import: esm, require: cjs } = entry
      for (const format of [esm, cjs]) expect(Object.keys(format)).toEqual(['types', 'default'])
      const named = [entry['@auto-refresh/source'], esm.types, esm.default, cjs.types, cjs.default]
      expect(named.filter((file) => !existsSync(path.join(folder, file)))).toEqual([])
    }
  })

  it('says the same to tools that do not read `exports`, in a folder for each subpath', () => {
    for (const [name, { import: esm, require: cjs }] of entriesOf(readManifest(folder))) {
      const at = path.join(folder, name)
      const { main, module, types } = readManifest(at)
      const named = [main, module, types].map((file = '') => path.resolve(at, file))
      expect(named).toEqual([cjs.default, esm.default, cjs.types].map((file) => path.join(folder, file)))
    }
  })

  it('has the same modules in both formats, each of the type that its package.json says', () => {
    const esm = files.filter((file) => file.startsWith('dist/') && !file.startsWith('dist/cjs/'))
    const cjs = files.filter((file) => file.startsWith('dist/cjs/') && !file.endsWith('/package.json'))
    expect(cjs.map((file) => file.replace('dist/cjs/', 'dist/')).sort()).toEqual(esm.sort())
    expect(readManifest(path.join(folder, 'dist/cjs'))).toMatchObject({
      type: 'commonjs',
      sideEffects: false,
    })
    const code = readFileSync(path.join(folder, 'dist/cjs/index.js'), 'utf8')
    expect(code).toContain('exports.')
    expect(code).not.toMatch(/^(import|export) /m)
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
    const { dependencies = [], peers } = NEEDED[place] ?? { peers: ['@auto-refresh/core', place] }
    expect(Object.keys(manifest.peerDependencies ?? {})).toEqual(peers)
    expect(Object.keys(manifest.dependencies ?? {})).toEqual(dependencies)
    expect(manifest.peerDependencies?.['@auto-refresh/core']).toBe(
      place === 'core' ? undefined : `^${manifest.version}`,
    )
  })

  it('has the license of the repository', () => {
    expect(readFileSync(path.join(folder, 'LICENSE'), 'utf8')).toBe(
      readFileSync(path.join(root, 'LICENSE'), 'utf8'),
    )
  })
})

/** Returns the sources that a built file's map leads to; none without a map. */
function sourcesOf(file: string): string[] {
  const [, map] = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(readFileSync(file, 'utf8')) ?? []
  if (map === undefined) return []
  const folder = path.dirname(file)
  const { sources, sourceRoot = '' } = JSON.parse(readFileSync(path.join(folder, map), 'utf8')) as SourceMap
  return sources.map((source) => path.resolve(folder, sourceRoot, source))
}

/** The subpaths that are code. */
function subpaths(folder: string): string[] {
  return entriesOf(readManifest(folder)).flatMap(([name]) => (name === '.' ? [] : [name]))
}

function manifestOf(subpath: string): string {
  return path.posix.join(subpath, 'package.json')
}

function relative(folder: string, file: string): string {
  return path.relative(folder, file).replaceAll(path.sep, '/')
}
