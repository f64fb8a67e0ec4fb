// Playwright's reporter for `scripts/test.mjs`: appends each result to a file at once, so that a suite that is ended has told all.
import { appendFileSync } from 'node:fs'

export default class {
  onTestBegin(test) {
    tell({ suite: suiteOf(test), test: test.title, state: 'started' })
  }

  onTestEnd(test, { status, duration, errors }) {
    const state = status === test.expectedStatus && status === 'passed' ? 'passed' : 'failed'
    const causes = errors.map(({ message, stack, value }) => stack ?? message ?? value)
    tell({ suite: suiteOf(test), test: test.title, state, ms: duration, causes: [`(${status})`, ...causes] })
  }

  onError({ message, stack, value }) {
    tell({ test: 'outside of the tests', state: 'failed', causes: [stack ?? message ?? value] })
  }

  printsToStdio() {
    return false
  }
}

function suiteOf(test) {
  return `e2e ${test.parent.project().name}`
}

function tell(record) {
  appendFileSync(process.env['SUITE_RESULTS'], `${JSON.stringify({ at: Date.now(), ...record })}\n`)
}
