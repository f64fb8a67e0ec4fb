/**
 * `npm run test:runtimes -- deno firefox -t T1`: the core's suite in each named runtime, or in all of them; arguments after
 * the names go to vitest. Exits with 1 if a suite fails or a named runtime is missing. `--versions` only installs the
 * runtimes and prints their versions.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../config/suite.ts'
import { runtimes, type Runtime } from './runtimes.ts'

const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')

const isTested = !process.argv.includes('--versions')
const args = process.argv.slice(2).filter((arg) => arg !== '--versions')
const count = args.findIndex((arg) => runtimes.every(({ name }) => name !== arg))
const names = count === -1 ? args : args.slice(0, count)
const asked = names.length === 0 ? runtimes : runtimes.filter(({ name }) => names.includes(name))

let running: ChildProcess | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    running?.kill(signal)
    process.exit(1)
  })
}

for (const runtime of asked) {
  const version = runtime.version()
  console.log(`${runtime.name} ${version ?? 'is not available on this machine'}`)
  if (!isTested) continue
  const isFine =
    version === undefined ? names.length === 0 : await run(runtime, version, args.slice(names.length))
  if (!isFine) process.exitCode = 1
}

async function run({ name, config, command }: Runtime, version: string, rest: string[]): Promise<boolean> {
  const [program = '', ...options] = command
  const configFile = fileURLToPath(new URL(`../config/${config}.config.ts`, import.meta.url))
  const child = spawn(program, [...options, vitest, 'run', '--config', configFile, ...rest], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, RUNTIME: name, RUNTIME_VERSION: version },
  })
  running = child
  await once(child, 'exit')
  return child.exitCode === 0
}
