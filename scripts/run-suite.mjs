// Runs one suite in a process, ends the process at the suite's limit, and reads what the reporters in `reporters/` wrote.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { root } from './setup.mjs'

/** Milliseconds that processes may take to end by themselves after SIGTERM. */
const GRACE = 5000

/** Files of the suites that are running; each is in the environment of every process that the suite started. */
const running = new Set()

/**
 * A row of the table. `causes` are of one failure, by the name of its test.
 *
 * @typedef {{ test: string, causes: readonly string[] }} Failure
 * @typedef {{ name: string, seconds: number, passed: number, failures: Failure[] }} Row
 */

/**
 * @param {import('./suites.mjs').Suite} suite
 * @returns {Promise<Row[]>} a row for each project of the suite
 */
export async function runSuite(suite) {
  const folder = mkdtempSync(path.join(tmpdir(), 'auto-refresh-'))
  const results = path.join(folder, 'results')
  running.add(results)
  const started = Date.now()
  const end = await finish(suite, results)
  await endProcesses(results)
  const rows = rowsOf(suite, readRecords(results), end, (Date.now() - started) / 1000)
  running.delete(results)
  rmSync(folder, { recursive: true, force: true })
  return rows
}

/** Ends everything that the running suites have started. */
export async function endSuites() {
  await Promise.all([...running].map(endProcesses))
  for (const results of running) rmSync(path.dirname(results), { recursive: true, force: true })
}

/** Resolves with the exit code, the signal or error instead of one, and the output, when the command has ended. */
async function finish({ command: [tool, ...args], minutes, reporter }, results) {
  const isNode = tool === 'node'
  const program = isNode ? process.execPath : path.join(root, 'node_modules', '.bin', tool)
  const file = fileURLToPath(new URL(`reporters/${reporter}.mjs`, import.meta.url))
  const child = spawn(program, [...args, ...(reporter === undefined ? [] : [`--reporter=${file}`])], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32' && !isNode,
    env: {
      ...process.env,
      SUITE_RESULTS: results,
      NO_COLOR: '1',
      TURBO_TELEMETRY_DISABLED: '1',
      TURBO_NO_UPDATE_NOTIFIER: '1',
    },
  })
  const output = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(String(chunk)))
  let isLate = false
  const limit = setTimeout(() => {
    isLate = true
    child.kill()
    void endProcesses(results)
  }, minutes * 60_000)
  // Not `close`: what the command left running may keep its output open.
  const [code, signal] = await once(child, 'exit').catch((error) => [error.message])
  clearTimeout(limit)
  return {
    isFine: code === 0,
    how: isLate ? `ended after its limit of ${minutes} minutes` : `ended with ${code ?? signal}`,
    output: stripVTControlCharacters(output.join('')),
  }
}

/** Groups the records by project if the suite wants that. A suite that failed without a failing test is one failure. */
function rowsOf({ name, reporter, byProject = false }, records, { isFine, how, output }, seconds) {
  const rows = new Map()
  const unfinished = new Set()
  for (const { project = name, test, state, causes = [], at } of records) {
    const key = byProject ? project : name
    const row = rows.get(key) ?? { name: key, first: at, last: at, passed: 0, failures: [] }
    rows.set(key, row)
    row.last = at
    if (state === 'queued') continue
    if (state === 'started') unfinished.add(test)
    else unfinished.delete(test)
    if (state === 'passed') row.passed += 1
    else if (state === 'failed') row.failures.push({ test, causes })
    else if (state !== 'started') row.failures.push({ test, causes: [`it was ${state}`] })
  }
  const found = [...rows.values()].map((row) => {
    const own = rows.size === 1 ? seconds : (row.last - row.first) / 1000
    return { name: row.name, seconds: own, passed: row.passed, failures: row.failures }
  })
  const hasFailed = found.some(({ failures }) => failures.length > 0)
  if (isFine && (reporter === undefined || found.length > 0)) {
    return found.length > 0 ? found : [{ name, seconds, passed: 1, failures: [] }]
  }
  if (hasFailed && !how.includes('limit')) return found
  const causes = [how, ...[...unfinished].map((test) => `it was running: ${test}`), lastLines(output)]
  return [...found, { name, seconds, passed: 0, failures: [{ test: 'the suite as a whole', causes }] }]
}

function lastLines(output) {
  return output.trimEnd().split('\n').slice(-15).join('\n')
}

function readRecords(file) {
  try {
    const lines = readFileSync(file, 'utf8').split('\n')
    return lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line))
  } catch {
    return []
  }
}

/** Ends what a suite left running, also processes whose parent has ended. Only Linux tells a process's environment. */
async function endProcesses(results) {
  const deadline = Date.now() + GRACE
  for (let signal = 'SIGTERM'; ; signal = Date.now() > deadline ? 'SIGKILL' : 0) {
    const left = processesOf(results)
    if (left.length === 0) return
    for (const pid of left) signalTo(pid, signal)
    await sleep(50)
  }
}

function processesOf(results) {
  if (process.platform !== 'linux') return []
  const variable = `SUITE_RESULTS=${results}\0`
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(variable)
      } catch {
        return false
      }
    })
    .map(Number)
}

function signalTo(pid, signal) {
  try {
    process.kill(pid, signal)
  } catch {
    // The process has ended by itself.
  }
}
