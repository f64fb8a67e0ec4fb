// `npm run example react`: packs the library, installs examples/react with it in a temporary folder, and serves it.
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startBackend } from '../examples/backend/server.mjs'
import { ensureInstalled, root } from './setup.mjs'

const examples = path.join(root, 'examples')
const names = readdirSync(examples, { withFileTypes: true })
  .filter(
    (entry) => entry.isDirectory() && readdirSync(path.join(examples, entry.name)).includes('package.json'),
  )
  .map(({ name }) => name)

const [name] = process.argv.slice(2)
if (!names.includes(name)) {
  console.error(`Usage: npm run example <place>, which is one of ${names.join(', ')}`)
  process.exit(1)
}

const shell = process.platform === 'win32'
const run = (cwd, command, ...args) =>
  execFileSync(command, args, { cwd, shell, stdio: ['ignore', 'ignore', 'inherit'] })

ensureInstalled()
const folder = mkdtempSync(path.join(tmpdir(), `auto-refresh-example-${name}-`))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
cpSync(path.join(examples, name), folder, { recursive: true })

const file = path.join(folder, 'package.json')
const manifest = JSON.parse(readFileSync(file, 'utf8'))
const packages = Object.keys(manifest.dependencies).filter((each) => each.startsWith('@auto-refresh/'))
console.log(`Building and packing ${packages.join(' and ')} …`)
const filters = packages.map((each) => `--filter=${each}`)
run(root, 'npx', 'turbo', 'run', 'build', '--output-logs=errors-only', ...filters)
const workspaces = packages.map((each) => `--workspace=${each}`)
run(root, 'npm', 'pack', '--quiet', '--ignore-scripts', '--pack-destination', folder, ...workspaces)
for (const each of packages) {
  const prefix = `${each.slice(1).replace('/', '-')}-`
  const tarball = readdirSync(folder).find((entry) => entry.startsWith(prefix) && entry.endsWith('.tgz'))
  manifest.dependencies[each] = `file:${tarball}`
}
writeFileSync(file, JSON.stringify(manifest, undefined, 2))

console.log(`Installing examples/${name} in ${folder} …`)
run(folder, 'npm', 'install', '--loglevel=error', '--no-audit', '--no-fund')

const backend = await startBackend(0)
const env = { ...process.env, BACKEND: `http://127.0.0.1:${backend.address().port}` }
// A process group of its own, because npm and its shell do not always pass signals on. Windows ends it with the console.
const child = spawn('npm', ['run', '--silent', 'start'], {
  cwd: folder,
  env,
  shell,
  detached: !shell,
  stdio: ['ignore', 'inherit', 'inherit'],
})
child.on('exit', (code) => process.exit(code ?? 0))
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (shell || child.pid === undefined) child.kill(signal)
    else process.kill(-child.pid, signal)
  })
}
