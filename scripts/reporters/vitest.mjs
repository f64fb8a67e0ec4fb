// Vitest's reporter for `scripts/test.mjs`: appends each result to a file at once, so that a suite that is ended has told all.
import { appendFileSync } from 'node:fs'

export default class {
  onTestModuleQueued({ project }) {
    tell({ suite: project.name, state: 'queued' })
  }

  onTestCaseReady({ project, fullName }) {
    tell({ suite: project.name, test: fullName, state: 'started' })
  }

  onTestCaseResult(test) {
    const { state, errors = [] } = test.result()
    const ms = test.diagnostic()?.duration ?? 0
    tell({ suite: test.project.name, test: test.fullName, state, ms, causes: errors.map(causeOf) })
  }

  onTestModuleEnd(module) {
    for (const error of module.errors()) {
      tell({
        suite: module.project.name,
        test: module.relativeModuleId,
        state: 'failed',
        causes: [causeOf(error)],
      })
    }
    // Hooks of suites have no test of their own.
    for (const suite of module.children.allSuites()) {
      for (const error of suite.errors()) {
        tell({
          suite: module.project.name,
          test: suite.fullName,
          state: 'failed',
          causes: [causeOf(error)],
        })
      }
    }
  }

  onTestRunEnd(_, unhandled) {
    for (const error of unhandled)
      tell({ test: 'outside of the tests', state: 'failed', causes: [causeOf(error)] })
  }
}

function causeOf({ name, message, diff, stack, stacks = [] }) {
  const frames = stacks.map(({ method, file, line, column }) => `    at ${method} ${file}:${line}:${column}`)
  const text = stack?.includes(message) ? stack : `${name}: ${message}\n${stack ?? ''}`
  return [stacks.length === 0 ? text : `${name}: ${message}`, diff, ...frames].filter(Boolean).join('\n')
}

function tell(record) {
  appendFileSync(process.env['SUITE_RESULTS'], `${JSON.stringify({ at: Date.now(), ...record })}\n`)
}
