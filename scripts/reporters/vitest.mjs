// Vitest's reporter for `scripts/test.mjs`: appends each result to a file at once, so that nothing is lost if the suite is ended.
import { appendFileSync } from 'node:fs'

export default class {
  onTestModuleQueued({ project }) {
    tell({ project: project.name, state: 'queued' })
  }

  onTestCaseReady({ project, fullName }) {
    tell({ project: project.name, test: fullName, state: 'started' })
  }

  onTestCaseResult(test) {
    const { state, errors = [] } = test.result()
    tell({ project: test.project.name, test: test.fullName, state, causes: errors.map(causeOf) })
  }

  onTestModuleEnd(module) {
    for (const error of module.errors()) fail(module.project.name, module.relativeModuleId, error)
    // A hook that fails belongs to no test.
    for (const suite of module.children.allSuites()) {
      for (const error of suite.errors()) fail(module.project.name, suite.fullName, error)
    }
  }

  onTestRunEnd(_, unhandled) {
    for (const error of unhandled) fail(undefined, 'outside of the tests', error)
  }
}

function fail(project, test, error) {
  tell({ project, test, state: 'failed', causes: [causeOf(error)] })
}

function causeOf({ name, message, diff, stack = '', stacks = [] }) {
  const own = stacks.map(({ method, file, line, column }) => `    at ${method} ${file}:${line}:${column}`)
  const text = stacks.length === 0 && stack.includes(message) ? stack : `${name}: ${message}`
  return [text, diff, ...own].filter(Boolean).join('\n')
}

function tell(record) {
  appendFileSync(process.env['SUITE_RESULTS'], `${JSON.stringify({ at: Date.now(), ...record })}\n`)
}
