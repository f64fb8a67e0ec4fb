// What became of suites: read from their JSON reports, and told at the end of a run.
import { readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'

/** Of why a test failed, so many lines are told. */
const LINES = 20

/** `failures` are the names of the tests that failed, each with the first lines of why.
 *
 * @typedef {{ passed: number, failed: number, failures: string[] }} Report
 * @typedef {Report & { name: string, seconds: number, version?: string }} Result
 */

/**
 * @param {string} file
 * @returns {Report} with nothing in it where the suite broke down before it could write one
 */
export function readVitestReport(file) {
  return read(file, ({ numPassedTests, numFailedTests, testResults }) => ({
    passed: numPassedTests,
    failed: numFailedTests,
    failures: testResults.flatMap(({ name, status, assertionResults }) => {
      const failing = assertionResults.filter((each) => each.status === 'failed')
      // A file that could not be loaded has no test to blame.
      if (status === 'failed' && failing.length === 0) return [name]
      return failing.map(({ fullName, failureMessages }) => fullName + why(failureMessages))
    }),
  }))
}

/**
 * @param {string} file
 * @returns {Report} with nothing in it where the suite broke down before it could write one
 */
export function readPlaywrightReport(file) {
  return read(file, ({ stats, suites }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + stats.skipped,
    failures: suites.flatMap((suite) => failuresIn(suite)),
  }))
}

/** Tells where the time went, what failed, and the sums. The last lines of a log say all.
 *
 * @param {readonly Result[]} results
 * @returns {0 | 1} the exit code of the run
 */
export function tellResults(results) {
  console.log('\n| suite | version | passed | failed | seconds |\n|---|---|---|---|---|')
  for (const { name, version = '', passed, failed, seconds } of results) {
    console.log(`| ${[name, version, passed, failed, seconds].join(' | ')} |`)
  }
  for (const { name, failures } of results) {
    for (const failure of failures) console.log(`FAILED in ${name}: ${failure}`)
  }
  const passed = results.reduce((sum, each) => sum + each.passed, 0)
  const failed = results.reduce((sum, each) => sum + each.failed, 0)
  console.log(`\n${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0 ? 0 : 1
}

function failuresIn({ title, specs = [], suites = [] }) {
  const own = specs.flatMap((spec) =>
    spec.tests
      .filter(({ status }) => status !== 'expected')
      .map(({ projectName, status, results }) => {
        const messages = results.flatMap(({ errors }) => errors.map(({ message }) => message))
        return `[${projectName}] ${title}: ${spec.title} (${status})${why(messages)}`
      }),
  )
  return [...own, ...suites.flatMap((suite) => failuresIn(suite))]
}

/** @param {readonly (string | undefined)[]} messages */
function why(messages) {
  const lines = messages.flatMap((message = '') => stripVTControlCharacters(message).split('\n'))
  const isTelling = (line) => line.trim() !== '' && !line.includes('node_modules')
  const told = lines.filter(isTelling).slice(0, LINES)
  return told.map((line) => `\n    ${line}`).join('')
}

function read(file, pick) {
  try {
    return pick(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return { passed: 0, failed: 0, failures: [] }
  }
}
