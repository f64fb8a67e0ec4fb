// `npm test` is `node scripts/test.mjs here`; `everywhere` is `npm run test:everywhere`; `.ci/run` gives both. Names of suites
// that follow select some. One that fails does not keep the others from running.
import { report, sumUp } from './report.mjs'
import { endSuites, runSuite } from './run-suite.mjs'
import { everywhere, here } from './suites.mjs'

const suites = { here, everywhere }

const commands = process.argv.slice(2).filter((arg) => arg in suites)
const names = process.argv.slice(2).filter((arg) => !(arg in suites))

/** True after a signal: no further suite may start. */
let isEnding = false
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
  process.once(signal, () => {
    isEnding = true
    void endSuites().then(() => process.exit(code))
  })
}
// A signal may end npm or its shell without this process, which then has another parent.
const parent = process.ppid
if (process.env['npm_lifecycle_event'] !== undefined) {
  setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGTERM'), 500).unref()
}

const total = { passed: 0, failed: 0 }
for (const command of commands) {
  const { passed, failed } = await runCommand(suites[command])
  total.passed += passed
  total.failed += failed
}
if (commands.length > 1) sumUp(total)
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1

async function runCommand(stages) {
  const started = Date.now()
  const rows = []
  let isStopped = false
  for (const { atATime, suites: all } of stages) {
    const asked = all.filter(
      ({ name, isNeeded = false }) => isNeeded || names.length === 0 || names.includes(name),
    )
    const waiting = asked.values()
    const runNext = async () => {
      for (const suite of waiting) {
        if (isStopped || isEnding) return
        const results = await showProgress(suite)
        rows.push(...results)
        isStopped ||= suite.isNeeded === true && results.some(({ failures }) => failures.length > 0)
      }
    }
    await Promise.all(Array.from({ length: atATime }, runNext))
  }
  if (isStopped) console.log('\nThe later suites did not run because they need one that failed.')
  return report(rows, (Date.now() - started) / 1000)
}

/** Prints a dot every five seconds, and a line when the suite has ended. */
async function showProgress(suite) {
  const started = Date.now()
  const dots = setInterval(() => process.stdout.write('.'), 5000)
  const rows = await runSuite(suite)
  clearInterval(dots)
  const failed = rows.reduce((sum, { failures }) => sum + failures.length, 0)
  const seconds = Math.round((Date.now() - started) / 1000)
  console.log(` ${suite.name}, ${seconds} s${failed === 0 ? '' : `: ${failed} failed`}`)
  return rows
}
