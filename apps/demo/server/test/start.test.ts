/** `npm start`, as real processes: npm, its shell, Node and the server. Only npm gets the signal, unless a test says so. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { SLOW } from './scenes.ts'
import { FarmClient } from './start-farm.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))

/** ms from the signal until everything must be gone. It takes about a second; the rest is for a busy machine. */
const LIMIT = 5000

interface Scripts {
  /** Runs while npm installs. */
  readonly preinstall?: string
  /** Builds the demo. */
  readonly build?: string
}

/** Prints its name and then never ends. */
const HANG = `node -e "console.error('hanging'), setInterval(() => {}, 1e6)"`

/** Creates a repository with the real start scripts and the built server, whose packages install and build at once. */
function createRepository({ preinstall, build = 'node --version' }: Scripts): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'start-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  const write = (file: string, content: unknown): void => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), typeof content === 'string' ? content : JSON.stringify(content))
  }
  const { scripts, packageManager } = readManifest()
  const demo = { name: '@auto-refresh/demo', version: '0.0.0', scripts: { build } }
  const repository = { name: 'repository', version: '0.0.0', workspaces: ['apps/demo'] }
  const start = scripts['start']
  write('package.json', {
    ...repository,
    packageManager,
    type: 'module',
    scripts: preinstall === undefined ? { start } : { start, preinstall },
  })
  const link = { 'node_modules/@auto-refresh/demo': { resolved: 'apps/demo', link: true } }
  write('package-lock.json', {
    ...repository,
    lockfileVersion: 3,
    packages: { '': repository, 'apps/demo': demo, ...link },
  })
  write('turbo.json', { tasks: { build: {} } })
  write('apps/demo/package.json', demo)
  write(
    'apps/demo/server/dist/main.js',
    `import ${JSON.stringify(path.join(root, 'apps/demo/server/dist/main.js'))}`,
  )
  cpSync(path.join(root, 'scripts'), path.join(folder, 'scripts'), { recursive: true })
  if (preinstall === undefined) {
    write('node_modules/.package-lock.json', { packages: link })
    symlinkSync(path.join(root, 'node_modules/.bin'), path.join(folder, 'node_modules/.bin'))
  }
  return folder
}

function readManifest(): { scripts: Record<string, string>; packageManager: string } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the repository's own manifest
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as ReturnType<typeof readManifest>
}

class NpmStart {
  readonly #npm: ChildProcess
  #output = ''
  /** Processes that a failed test has to kill. They may be orphans. */
  #seen: readonly number[] = []

  constructor(cwd: string, env: Readonly<Record<string, string>> = {}) {
    // In a group of its own, as a terminal starts it.
    this.#npm = spawn('npm', ['start'], {
      cwd,
      detached: true,
      env: { ...process.env, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#npm.stdout, this.#npm.stderr]) {
      stream?.on('data', (chunk) => (this.#output += String(chunk)))
    }
    onTestFinished(() => {
      const seen = new Set([...this.#seen, ...this.processes()])
      for (const { pid } of processTable()) if (seen.has(pid)) process.kill(pid, 'SIGKILL')
    })
  }

  get output(): string {
    return this.#output
  }

  async printed(pattern: RegExp): Promise<string> {
    for (;;) {
      const match = pattern.exec(this.#output)
      if (match !== null) return match[1] ?? match[0]
      if (this.#npm.exitCode !== null) throw new Error(`npm start ended: ${this.#output}`)
      await delay(20)
    }
  }

  /** Pids of npm and all its descendants. */
  processes(): number[] {
    const pids = new Set([this.#npm.pid])
    const table = processTable()
    // The table has no order: repeat until a pass finds no further child.
    for (let size = 0; size !== pids.size;) {
      size = pids.size
      for (const { pid, parent } of table) if (pids.has(parent)) pids.add(pid)
    }
    this.#seen = table.map(({ pid }) => pid).filter((pid) => pids.has(pid))
    return [...this.#seen]
  }

  signal(signal: NodeJS.Signals, { wholeGroup = false } = {}): void {
    const { pid } = this.#npm
    if (pid !== undefined) process.kill(wholeGroup ? -pid : pid, signal)
  }

  async exit(): Promise<unknown> {
    if (this.#npm.exitCode === null && this.#npm.signalCode === null) await once(this.#npm, 'exit')
    return this.#npm.exitCode ?? this.#npm.signalCode
  }
}

/** Returns the living processes, without zombies. */
function processTable(): { pid: number; parent: number }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n')
  return lines.flatMap((line) => {
    const [pid, parent, state] = line.trim().split(/\s+/)
    return state?.startsWith('Z') === true ? [] : [{ pid: Number(pid), parent: Number(parent) }]
  })
}

/** Resolves with the pids that are left at the deadline, or as soon as none is left. */
async function leftAfter(pids: readonly number[], ms: number): Promise<number[]> {
  const deadline = Date.now() + ms
  for (;;) {
    const living = new Set(processTable().map(({ pid }) => pid))
    const left = pids.filter((pid) => living.has(pid))
    if (left.length === 0 || Date.now() > deadline) return left
    await delay(20)
  }
}

it.each([
  ['SIGTERM', false],
  ['SIGHUP', false],
  ['SIGINT', false],
  ['SIGINT', true],
  ['SIGHUP', true],
  ['SIGKILL', false],
] as const)('stops the running demo at %s (to the whole group: %s)', async (signal, wholeGroup) => {
  const start = new NpmStart(createRepository({}))
  const url = await start.printed(/Render farm: (\S+)\n/)
  const farm = new FarmClient(url)
  await farm.until(await farm.submit(SLOW), 'running')
  const processes = start.processes()
  expect(processes).toHaveLength(2)

  start.signal(signal, { wholeGroup })
  expect(await leftAfter(processes, LIMIT)).toEqual([])
  await expect(fetch(url)).rejects.toThrow(TypeError)
})

it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('stops the installation at %s', async (signal) => {
  const start = new NpmStart(createRepository({ preinstall: HANG }), {
    npm_config_foreground_scripts: 'true',
  })
  await start.printed(/^hanging$/m)
  const processes = start.processes()
  expect(processes.length).toBeGreaterThan(3)

  start.signal(signal)
  expect(await leftAfter(processes, LIMIT)).toEqual([])
  expect(start.output).not.toContain('Building')
})

it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('stops the build at %s', async (signal) => {
  const folder = createRepository({
    build: `node -e "require('fs').writeFileSync('begun', ''), setInterval(() => {}, 1e6)"`,
  })
  const start = new NpmStart(folder)
  await start.printed(/^Building/m)
  await expect
    .poll(() => readFileSync(path.join(folder, 'apps/demo/begun'), 'utf8'), { timeout: 20_000 })
    .toBe('')
  const processes = start.processes()
  expect(processes.length).toBeGreaterThan(4)

  start.signal(signal)
  expect(await leftAfter(processes, LIMIT)).toEqual([])
  expect(start.output).not.toContain('Render farm')
})

it.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 when %s stops the running demo', async (signal) => {
  const start = new NpmStart(createRepository({}))
  await start.printed(/Render farm: (\S+)\n/)
  start.signal(signal)
  expect(await start.exit()).toBe(0)
})

it('prints why a build failed, and ends with 1', async () => {
  const start = new NpmStart(
    createRepository({ build: `node -e "console.error('no such file'), process.exit(3)"` }),
  )
  expect(await start.exit()).toBe(1)
  expect(start.output).toContain('no such file')
  expect(start.output).toContain('The build failed.')
})
