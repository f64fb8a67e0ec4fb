import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { browserCommand, BROWSERS, ensureBrowsers } from '@auto-refresh/browsers'
import { DENO, RUNTIMES } from '../../../examples/test/runtimes.ts'

type Command = readonly string[]

/** A place where the core's suite runs. */
export interface Runtime {
  readonly name: string
  /** The configuration in `config/`. */
  readonly config: 'process' | 'workerd' | 'browser'
  /** The command that runs a JavaScript file; the file follows. */
  readonly command: Command
  /** Returns the version, or `undefined` if this machine does not have the runtime. Installs a missing browser or Node. */
  readonly version: () => string | undefined
}

const require = createRequire(import.meta.url)

/** Other versions of Node, in a folder with its own lock file. */
const nodes = fileURLToPath(new URL('../nodes', import.meta.url))

const node: Command = [process.execPath]

export const runtimes: readonly Runtime[] = [
  inProcess('node', node),
  ...['node-22', 'node-24'].map((name) => {
    const command = [path.join(nodes, `node_modules/${name}-${process.platform}-${process.arch}/bin/node`)]
    const version = (): string | undefined => {
      if (!command.every((file) => existsSync(file))) installNodes()
      return ask(command)
    }
    return { name, config: 'process' as const, command, version }
  }),
  inProcess('deno', DENO, 'run', '--allow-all', '--no-lock'),
  inProcess('bun', RUNTIMES.bun, '--bun'),
  { name: 'workerd', config: 'workerd', command: node, version: workerdVersion },
  ...BROWSERS.map((name) => {
    const version = (): string | undefined => {
      ensureBrowsers([name])
      return ask(browserCommand(name))
    }
    return { name, config: 'browser' as const, command: node, version }
  }),
]

function inProcess(name: string, command: Command, ...options: Command): Runtime {
  return { name, config: 'process', command: [...command, ...options], version: () => ask(command) }
}

function installNodes(): void {
  spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--silent'], {
    cwd: nodes,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
}

function workerdVersion(): string | undefined {
  const text = readFileSync(require.resolve('workerd/package.json'), 'utf8')
  return /"version": "([^"]+)"/.exec(text)?.[1]
}

/** Returns what the command prints for `--version`. */
function ask([program, ...args]: Command): string | undefined {
  if (program === undefined) return undefined
  const { status, stdout } = spawnSync(program, [...args, '--version'], { encoding: 'utf8' })
  return status === 0 ? /\d+(\.\d+)+/.exec(stdout)?.[0] : undefined
}
