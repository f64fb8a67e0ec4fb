// `npm test`: everything that must hold, on a machine with nothing but Node and npm.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ensureBrowsers } from './browsers.mjs'
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
  'reliability',
  'bench',
]

ensureInstalled()
const started = Date.now()
/** @type {import('./report.mjs').Result[]} */
const results = []

for (const { name, command } of checks) {
  console.log(`\n── ${name}`)
  const began = Date.now()
  add(name, began, run(command, root), { passed: 0, failed: 0, failures: [] })
}

const reports = mkdtempSync(path.join(tmpdir(), 'auto-refresh-'))
for (const suite of suites) {
  console.log(`\n── ${suite}`)
  const began = Date.now()
  const file = path.join(reports, `${suite.replaceAll('/', '-')}.json`)
  const command = ['vitest', 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`]
  const isFine = run(command, path.join(root, suite))
  add(suite, began, isFine, readVitestReport(file))
}

console.log('\n── e2e')
const endToEndBegan = Date.now()
const endToEnd = path.join(reports, 'e2e.json')
add('e2e', endToEndBegan, runEndToEnd(endToEnd), readPlaywrightReport(endToEnd))
rmSync(reports, { recursive: true })

results.push(...(await testRuntimes()))

console.log(`\n${((Date.now() - started) / 1000).toFixed(0)} s`)
process.exitCode = tellResults(results)

/** A suite that broke down before it could count is one failure. */
function add(name, began, isFine, { passed, failed, failures }) {
  const seconds = Math.round((Date.now() - began) / 1000)
  results.push({ name, passed, failed: isFine ? failed : Math.max(1, failed), seconds, failures })
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
