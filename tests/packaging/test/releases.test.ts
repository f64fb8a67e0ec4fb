import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { PUBLISHED, readManifest, root } from '../src/packed.ts'

const CHANGESET = `---\n'@auto-refresh/core': minor\n'@auto-refresh/vue': patch\n---\n\nSomething new in the core.\n`

describe('a release', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'auto-refresh-release-'))

  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('has one version for all packages, and a page of changes in each', () => {
    for (const file of ['package.json', '.changeset/config.json', ...workspaceManifests()]) {
      cpSync(path.join(root, file), path.join(folder, file))
    }
    writeFileSync(path.join(folder, 'package-lock.json'), '{}')
    writeFileSync(path.join(folder, '.changeset/one.md'), CHANGESET)
    const git = (...args: string[]): Buffer => execFileSync('git', args, { cwd: folder })
    git('init', '--quiet')
    git('add', '--all')
    git(
      '-c',
      'user.name=a test',
      '-c',
      'user.email=test@localhost',
      'commit',
      '--quiet',
      '--message',
      'before',
    )
    execFileSync(process.execPath, [path.join(root, 'scripts/version.mjs')], { cwd: folder, stdio: 'pipe' })

    const before = readManifest(path.join(root, 'packages/core')).version
    const after = readManifest(path.join(folder, 'packages/core')).version
    // A minor version of a peer does not count for more.
    expect(after).toBe(nextMinor(before))
    for (const place of PUBLISHED) {
      const released = path.join(folder, 'packages', place)
      const { version, peerDependencies } = readManifest(released)
      expect(version).toBe(after)
      expect(peerDependencies?.['@auto-refresh/core']).toBe(place === 'core' ? undefined : `^${after}`)
    }
    expect(readFileSync(path.join(folder, 'packages/vue/CHANGELOG.md'), 'utf8')).toContain(`## ${after}`)
    // Private workspaces have no versions and need no changesets.
    expect(readManifest(path.join(folder, 'apps/demo'))).toEqual(readManifest(path.join(root, 'apps/demo')))
  })

  it('publishes these packages, and nothing else', () => {
    const names = [...workspaceManifests()]
      .map(
        (file) =>
          JSON.parse(readFileSync(path.join(root, file), 'utf8')) as { name: string; private?: boolean },
      )
      .filter((manifest) => manifest.private !== true)
      .map(({ name }) => name)
    expect(names.sort()).toEqual(
      inject('packages')
        .map(({ name }) => name)
        .sort(),
    )
  })

  it('is made by a workflow with the least permissions', () => {
    const workflow = readFileSync(path.join(root, '.github/workflows/release.yml'), 'utf8')
    const [head = '', version = '', publish = ''] = workflow.split(/^ {2}(?:version|publish):$/m)
    expect(head).toMatch(/^permissions: \{\}$/m)
    expect(version).not.toContain('id-token')
    expect(publish).toContain('id-token: write')
    expect(workflow).not.toMatch(/NPM_TOKEN|NODE_AUTH_TOKEN/)
    const actions = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action = '']) => action)
    expect(actions.length).toBeGreaterThan(3)
    expect(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([])
  })
})

function nextMinor(version: string): string {
  const [major = '', minor = ''] = version.split('.')
  return `${major}.${Number(minor) + 1}.0`
}

/** The package.json of every workspace. */
function workspaceManifests(): string[] {
  const { workspaces } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    workspaces: string[]
  }
  return workspaces
    .flatMap((pattern) =>
      pattern.endsWith('/*')
        ? readdirSync(path.join(root, pattern.slice(0, -2))).map((name) => pattern.replace('*', name))
        : [pattern],
    )
    .map((folder) => path.join(folder, 'package.json'))
    .filter((file) => existsSync(path.join(root, file)))
}
