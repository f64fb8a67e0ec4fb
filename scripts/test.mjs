// `npm test`: everything that must hold, on a machine with nothing but Node and npm.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ensureBrowsers } from './browsers.mjs'
import { inLanes, runQuietly } from './lanes.mjs'
import { readPlaywrightReport, readVitestReport, tellResults } from './report.mjs'
import { ensureInstalled, root } from './setup.mjs'
import { testRuntimes } from './test-runtimes.mjs'

/** What must exit with 0 before any suite is worth running. */
const checks = [
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'build and types', command: ['turbo', 'run', 'build', 'types', '--output-logs=errors-only'] },
  // After the build: the types of one package are what the build of another made.
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
]

/** Folders with a vitest configuration. The core's is tested in every runtime. These go two at a time, the longest first, */
const suites = ['consumers', 'packages/react', 'packages/vue', 'packages/preact', 'apps/demo', 'docs']

/** and these alone: they go by real time, take all processors themselves, or use what a consumer has its package manager unpack. */
const lonelySuites = ['examples', 'packaging', 'apps/demo/server', 'simulation', 'reliability', 'bench']

ensureInstalled()
const started = Date.now()
/** @type {import('./report.mjs').Result[]} */
const results = []

for (const { name, command } of checks) {
  console.log(`\n── ${name}`)
  const began = Date.now()
  results.push(resultOf(name, began, run(command, root), { passed: 0, failed: 0, failures: [] }))
}

const reports = mkdtempSync(path.join(tmpdir(), 'auto-refresh-'))
const tasksOf = (names) => names.map((suite) => () => testSuite(suite))
results.push(...(await inLanes(2, tasksOf(suites))), ...(await inLanes(1, tasksOf(lonelySuites))))

console.log('\n── e2e')
const endToEndBegan = Date.now()
const endToEnd = path.join(reports, 'e2e.json')
const isEndToEndFine = runEndToEnd(endToEnd)
results.push(resultOf('e2e', endToEndBegan, isEndToEndFine, readPlaywrightReport(endToEnd)))
rmSync(reports, { recursive: true })

results.push(...(await testRuntimes()))

console.log(`\n${((Date.now() - started) / 1000).toFixed(0)} s`)
process.exitCode = tellResults(results)

async function testSuite(suite) {
  const began = Date.now()
  const file = path.join(reports, `${suite.replaceAll('/', '-')}.json`)
  const args = ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`]
  const isFine = await runQuietly(suite, binary('vitest'), args, {
    cwd: path.join(root, suite),
    shell: process.platform === 'win32',
  })
  return resultOf(suite, began, isFine, readVitestReport(file))
}

/** A suite that broke down before it could count is one failure. */
function resultOf(name, began, isFine, { passed, failed, failures }) {
  const seconds = Math.round((Date.now() - began) / 1000)
  return { name, passed, failed: isFine ? failed : Math.max(1, failed), seconds, failures }
}

function runEndToEnd(report) {
  try {
    ensureBrowsers()
  } catch (error) {
    console.error(error)
    return false
  }
  // The report goes to the file that the environment names, and what is told goes on.
  return run(['playwright', 'test', '--reporter=list,json'], path.join(root, 'e2e'), {
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  })
}

function run([tool, ...args], cwd, env = {}) {
  const { status } = spawnSync(binary(tool), args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  return status === 0
}

function binary(tool) {
  return path.join(root, 'node_modules', '.bin', tool)
}
