// `node scripts/set-repository.mjs owner/name`: replaces the repository's address in all files that git knows. They name the
// placeholder OWNER until the first release; the release workflow runs this script.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './setup.mjs'

const [name] = process.argv.slice(2)
if (name === undefined || !/^[\w.-]+\/[\w.-]+$/.test(name)) {
  console.error('Usage: node scripts/set-repository.mjs owner/name')
  process.exit(1)
}
const { homepage } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
const address = homepage.replace('#readme', '')

const found = execFileSync('git', ['grep', '-lz', '--fixed-strings', address], {
  cwd: root,
  encoding: 'utf8',
})
for (const file of found.split('\0').filter(Boolean)) {
  const place = path.join(root, file)
  writeFileSync(place, readFileSync(place, 'utf8').replaceAll(address, `https://github.com/${name}`))
}
