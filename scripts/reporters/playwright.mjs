// Playwright's reporter for `scripts/test.mjs`: appends each result to a file at once, so that nothing is lost if the suite is ended.
import { appendFileSync } from 'node:fs'

export default class {
  onTestBegin(test) {
    tell({ project: projectOf(test), test: test.title, state: 'started' })
  }

  onTestEnd(test, { status, errors }) {
    const causes = [status, ...errors.map(causeOf)]
    const state = status === 'passed' && test.expectedStatus === 'passed' ? 'passed' : 'failed'
    tell({ project: projectOf(test), test: test.title, state, causes })
  }

  onError(error) {
    tell({ test: 'outside of the tests', state: 'failed', causes: [causeOf(error)] })
  }

  printsToStdio() {
    return false
  }
}

function causeOf({ message, stack, value }) {
  return stack ?? message ?? value
}

function projectOf(test) {
  return `e2e ${test.parent.project().name}`
}

function tell(record) {
  appendFileSync(process.env['SUITE_RESULTS'], `${JSON.stringify({ at: Date.now(), ...record })}\n`)
}
