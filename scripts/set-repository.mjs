// `node scripts/set-repository.mjs owner/name`: writes the repository's address into the root's package.json and those of
// the published packages. They name the placeholder OWNER until the first release; the release workflow runs this script.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './setup.mjs'

const PACKAGES = ['packages/core', 'packages/react', 'packages/vue', 'packages/preact']

const [name] = process.argv.slice(2)
if (name === undefined || !/^[\w.-]+\/[\w.-]+$/.test(name)) {
  console.error('Usage: node scripts/set-repository.mjs owner/name')
  process.exit(1)
}
const address = `https://github.com/${name}`
const repository = { type: 'git', url: `git+${address}.git` }

edit('.', { homepage: `${address}#readme`, repository })
for (const directory of PACKAGES) {
  edit(directory, {
    homepage: `${address}/tree/main/${directory}#readme`,
    repository: { ...repository, directory },
  })
}

function edit(folder, fields) {
  const file = path.join(root, folder, 'package.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  Object.assign(manifest, fields, { bugs: { url: `${address}/issues` } })
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`)
}
