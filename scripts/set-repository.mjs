// `node scripts/set-repository.mjs owner/name`: writes the repository's address into the package.json of the root and of
// each workspace. They name the placeholder OWNER until the first release; the release workflow runs this script.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './setup.mjs'

const [name] = process.argv.slice(2)
if (name === undefined || !/^[\w.-]+\/[\w.-]+$/.test(name)) {
  console.error('Usage: node scripts/set-repository.mjs owner/name')
  process.exit(1)
}
const address = `https://github.com/${name}`
const repository = { type: 'git', url: `git+${address}.git` }

const { workspaces } = edit('.', { homepage: `${address}#readme`, repository })
for (const directory of workspaces.flatMap(expand)) {
  edit(directory, {
    homepage: `${address}/tree/main/${directory}#readme`,
    repository: { ...repository, directory },
  })
}

/** Returns the folders of `packages/*`, or the folder itself. */
function expand(pattern) {
  if (!pattern.endsWith('/*')) return [pattern]
  const parent = pattern.slice(0, -2)
  return readdirSync(path.join(root, parent)).map((folder) => `${parent}/${folder}`)
}

function edit(folder, fields) {
  const file = path.join(root, folder, 'package.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  Object.assign(manifest, fields, { bugs: { url: `${address}/issues` } })
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}
