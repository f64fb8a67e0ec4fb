// `npm test`: everything that must hold, on a machine with nothing but Node and npm.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ensureBrowsers } from './browsers.mjs'
import { ensureInstalled, root } from './setup.mjs'
import { testRuntimes } from './test-runtimes.mjs'

/** What must exit with 0 before any suite is worth running. */
const checks = [
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'build and types', command: ['turbo', 'run', 'build', 'types', '--output-logs=errors-only'] },
  // After the build: the types of one package are what the build of another made.
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
]

/** Folders with a vitest configuration. The core's is tested in every runtime. */
const suites = [
  'packages/react',
  'packages/vue',
  'packages/preact',
  'apps/demo/server',
  'apps/demo',
  'examples',
  'docs',
  'packaging',
  'consumers',
  'simulation',
]

ensureInstalled()
const started = Date.now()
let passed = 0
let failed = 0

for (const { name, command } of checks) {
  console.log(`\n── ${name}`)
  const isFine = run(command, root)
  if (!isFine) failed += 1
}

const reports = mkdtempSync(path.join(tmpdir(), 'auto-refresh-'))
for (const suite of suites) {
  console.log(`\n── ${suite}`)
  const file = path.join(reports, `${suite.replaceAll('/', '-')}.json`)
  const command = ['vitest', 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`]
  const isFine = run(command, path.join(root, suite))
  add(
    isFine,
    readCounts(file, (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests })),
  )
}

console.log('\n── e2e')
const endToEnd = path.join(reports, 'e2e.json')
add(
  runEndToEnd(endToEnd),
  readCounts(endToEnd, ({ stats }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + stats.skipped,
  })),
)
rmSync(reports, { recursive: true })

const everywhere = await testRuntimes()
passed += everywhere.passed
failed += everywhere.failed

console.log(`\n${((Date.now() - started) / 1000).toFixed(0)} s`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1

/** A suite that broke down before it could count is one failure. */
function add(isFine, counted) {
  passed += counted.passed
  failed += isFine ? counted.failed : Math.max(1, counted.failed)
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
  const bin = path.join(root, 'node_modules', '.bin', tool)
  const { status } = spawnSync(bin, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  return status === 0
}

/** What a report, where there is one, says: how many passed and how many failed. */
function readCounts(report, read) {
  try {
    return read(JSON.parse(readFileSync(report, 'utf8')))
  } catch {
    return { passed: 0, failed: 0 }
  }
}
