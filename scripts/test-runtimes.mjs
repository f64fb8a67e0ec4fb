// `npm run test:runtimes`: the core's whole suite in every runtime that it is for, and the adapters' in every browser.
// `-- deno firefox` are these alone; what follows their names goes to vitest.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { readVitestReport, tellResults } from './report.mjs'
import { ensureRuntimes } from './runtimes.mjs'
import { ensureInstalled, root } from './setup.mjs'

const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs')

/** ms. Nothing takes as long. */
const DEADLINE = 900_000

/** How many runtimes test at a time: each waits a good deal, for a page or a start. */
const AT_A_TIME = 2

/** Tests in each, two at a time.
 *
 * @param {readonly string[]} args names of runtimes, then what is vitest's; everywhere where there is no name
 * @returns {Promise<import('./report.mjs').Result[]>} */
export async function testRuntimes(args = []) {
  const runtimes = ensureRuntimes()
  const first = args.findIndex((arg) => runtimes.every(({ name }) => name !== arg))
  const names = first === -1 ? args : args.slice(0, first)
  const asked = names.length === 0 ? runtimes : runtimes.filter(({ name }) => names.includes(name))
  const absent = asked.filter(({ version }) => version === undefined)
  const present = asked.filter(({ version }) => version !== undefined)
  const rows = []
  const waiting = present.entries()
  const testNext = async () => {
    for (const [index, runtime] of waiting) rows[index] = await testIn(runtime, args.slice(names.length))
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, testNext))

  for (const { name } of absent) console.log(`${name} is not to be had on this machine.`)
  return rows
}

async function testIn({ name, version, config, command: [binary, ...options] }, rest) {
  const folder = mkdtempSync(path.join(tmpdir(), 'auto-refresh-'))
  const report = path.join(folder, 'report.json')
  const started = Date.now()
  const args = [
    ...['run', '--config', path.join(root, 'runtimes', 'config', `${config}.config.ts`)],
    ...['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`],
    // One runtime is enough, and a part of the suite does not cover the whole of the core.
    ...(name === 'node' && rest.length === 0 ? ['--coverage'] : []),
  ]
  const child = spawn(binary, [...options, vitest, ...args, ...rest], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: DEADLINE,
    env: { ...process.env, RUNTIME: name, RUNTIME_VERSION: version },
  })
  // Told when it ends, so that two do not talk at once.
  const told = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => told.push(chunk))
  const status = await new Promise((resolve) => {
    child.on('error', resolve)
    child.on('close', resolve)
  })
  console.log(`\n── ${name} ${version}\n${Buffer.concat(told).toString()}`)
  const { passed, failed, failures } = readVitestReport(report)
  rmSync(folder, { recursive: true })
  return {
    name,
    version,
    passed,
    // What broke down before it could count is one failure.
    failed: status === 0 ? failed : Math.max(1, failed),
    failures,
    seconds: Math.round((Date.now() - started) / 1000),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureInstalled()
  // The processes that the suite starts run on the build.
  const turbo = path.join(root, 'node_modules', '.bin', 'turbo')
  spawnSync(turbo, ['run', 'build', '--filter=@auto-refresh/core', '--output-logs=errors-only'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  process.exitCode = tellResults(await testRuntimes(process.argv.slice(2)))
}
