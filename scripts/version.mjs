// `npm run version`: gives all packages their next version, by the changesets, in the current folder.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const CHANGESETS = fileURLToPath(new URL('../node_modules/@changesets/cli/bin.js', import.meta.url))

// Changesets take a new minor version of a peer for a breaking change, unless the range allows it.
setPeerRange('*')
execFileSync(process.execPath, [CHANGESETS, 'version'], { stdio: 'inherit' })
setPeerRange(`^${read('packages/core/package.json').version}`)

/** Writes the range by which the other packages ask for the core. */
function setPeerRange(range) {
  for (const name of readdirSync('packages')) {
    const file = `packages/${name}/package.json`
    const manifest = read(file)
    if (manifest.peerDependencies === undefined) continue
    manifest.peerDependencies['@auto-refresh/core'] = range
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`)
  }
}

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}
