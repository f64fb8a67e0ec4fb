// `npm test`: everything that must hold, on a machine with nothing but Node and npm.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ensureInstalled, root } from './setup.mjs'

/** What must exit with 0 before any suite is worth running. */
const checks = [
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'build and types', command: ['turbo', 'run', 'build', 'types', '--output-logs=errors-only'] },
  // After the build: the types of one package are what the build of another made.
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
]

/** Folders with a vitest configuration. */
const suites = [
  'packages/core',
  'packages/react',
  'packages/vue',
  'packages/preact',
  'apps/demo/server',
  'apps/demo',
  'examples',
  'docs',
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
  const counted = count(file)
  passed += counted.passed
  // A suite that broke down before it could count is one failure.
  failed += isFine ? counted.failed : Math.max(1, counted.failed)
}
rmSync(reports, { recursive: true })

console.log(`\n${((Date.now() - started) / 1000).toFixed(0)} s`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1

function run([tool, ...args], cwd) {
  const bin = path.join(root, 'node_modules', '.bin', tool)
  const { status } = spawnSync(bin, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' })
  return status === 0
}

function count(file) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(file, 'utf8'))
    return { passed: numPassedTests, failed: numFailedTests }
  } catch {
    return { passed: 0, failed: 0 }
  }
}
