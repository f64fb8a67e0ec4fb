// The runtimes that the core is for: where each is on this machine, and how it runs vitest.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { ensureBrowsers } from './browsers.mjs'
import { root } from './setup.mjs'

const require = createRequire(path.join(root, 'runtimes', 'package.json'))

/** Other Nodes than the one that runs this, with a lock of their own. */
const nodes = path.join(root, 'runtimes', 'nodes')

/**
 * `config` is one of `runtimes/config`; `command` runs vitest. Without a `version` it is not to be had on this machine.
 *
 * @typedef {{
 *   name: string,
 *   config: 'process' | 'workerd' | 'browser',
 *   command: readonly string[],
 *   version: string | undefined,
 * }} Runtime
 */

/** Finds every runtime, and installs what is missing.
 *
 * @returns {Runtime[]} */
export function ensureRuntimes() {
  ensureNodes()
  const node = [process.execPath]
  const deno = [...node, path.join(folderOf('deno'), 'bin.cjs')]
  const bun = [bunBinary()]
  const workerd = JSON.parse(readFileSync(path.join(folderOf('workerd'), 'package.json'), 'utf8'))
  return [
    inProcess('node', node),
    inProcess('node-22', [nodeBinary('node-22')]),
    inProcess('node-24', [nodeBinary('node-24')]),
    inProcess('deno', deno, 'run', '--allow-all', '--no-lock'),
    inProcess('bun', bun, '--bun'),
    { name: 'workerd', config: 'workerd', command: node, version: workerd.version },
    ...Object.entries(browserCommands()).map(([name, command]) => ({
      name,
      config: 'browser',
      command: node,
      version: ask(...command),
    })),
  ]
}

function inProcess(name, command, ...options) {
  return { name, config: 'process', command: [...command, ...options], version: ask(...command) }
}

/** The system's browsers, else Playwright's own; of WebKit only the system's, which wants a display to say its version. */
function browserCommands() {
  const { chromium, firefox, webkit, webkitDriver, xvfb } = ensureBrowsers()
  const playwright = require('playwright')
  return {
    chromium: [chromium ?? playwright.chromium.executablePath()],
    firefox: [firefox ?? playwright.firefox.executablePath()],
    webkit: webkitDriver === undefined ? [] : [xvfb, '-a', webkit],
  }
}

function ensureNodes() {
  if (existsSync(path.join(nodes, 'node_modules'))) return
  spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: nodes,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
}

function nodeBinary(name) {
  return path.join(nodes, 'node_modules', `${name}-${process.platform}-${process.arch}`, 'bin', 'node')
}

/** Its install script moves the binary from the platform's package into `bun`; where npm did not run it, it is there still. */
function bunBinary() {
  const arch = process.arch === 'arm64' ? 'aarch64' : process.arch
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const file = process.platform === 'win32' ? 'bun.exe' : 'bun'
  const unmoved = path.join(folderOf(`@oven/bun-${platform}-${arch}`), 'bin', file)
  return existsSync(unmoved) ? unmoved : path.join(folderOf('bun'), 'bin', 'bun.exe')
}

function folderOf(name) {
  return path.dirname(require.resolve(`${name}/package.json`))
}

/** What it says its version is. */
function ask(command, ...args) {
  if (command === undefined) return undefined
  const { status, stdout } = spawnSync(command, [...args, '--version'], { encoding: 'utf8' })
  return status === 0 ? /\d+(\.\d+)+/.exec(stdout)?.[0] : undefined
}
