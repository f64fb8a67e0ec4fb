// First step of every script: the packages of package-lock.json. Needs nothing but Node and npm.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url))

const LEAST_NODE = [20, 19]

/** Runs `npm ci` if the installed packages are not those of package-lock.json. Ends the process if that fails. */
export function ensureInstalled() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
    fail(`This needs Node ${LEAST_NODE.join('.')} or later; here is ${process.versions.node}.`)
  }
  if (isInstalled()) return
  console.log('Installing what package-lock.json asks for …')
  const { status } = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) fail('npm ci failed.')
}

/** npm notes in node_modules what it has put there. What is optional is there for the machine's own platform only. */
function isInstalled() {
  const wanted = readPackages('package-lock.json')
  const installed = readPackages('node_modules/.package-lock.json')
  if (wanted === undefined || installed === undefined) return false
  return Object.entries(wanted).every(([folder, entry]) => {
    // The workspaces themselves; their links are in node_modules.
    if (!folder.includes('node_modules/')) return true
    const found = installed[folder]
    if (found === undefined) return entry.optional === true || entry.devOptional === true
    return found.version === entry.version && found.integrity === entry.integrity
  })
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages
  } catch {
    return undefined
  }
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
