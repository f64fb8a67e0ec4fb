// Prints the table of the suites, every failure with its cause, and the sum.

/** The most lines that are printed of one failure. */
const LINES = 20

/** Stack frames of the tools: their packages, and Node itself. */
const FRAMEWORK = /^\s*(at |❯ ).*(node_modules|node:|\(native\))/

/**
 * @param {readonly import('./run-suite.mjs').Row[]} rows
 * @param {number} seconds of all suites together
 * @returns {{ passed: number, failed: number }}
 */
export function report(rows, seconds) {
  console.log()
  line('suite', 'seconds', 'passed', 'failed')
  for (const { name, seconds: own, passed, failures } of rows)
    line(name, own.toFixed(0), passed, failures.length)
  line('together', seconds.toFixed(0), '', '')
  for (const { name, failures } of rows) {
    for (const { test, causes } of failures) console.log(`\nFAILED in ${name}: ${test}\n${linesOf(causes)}`)
  }
  const passed = rows.reduce((sum, row) => sum + row.passed, 0)
  const failed = rows.reduce((sum, row) => sum + row.failures.length, 0)
  sumUp({ passed, failed })
  return { passed, failed }
}

/** Prints the closing line. */
export function sumUp({ passed, failed }) {
  console.log(`\n${passed} passed, ${failed} failed`)
}

function line(name, seconds, passed, failed) {
  console.log(
    `${name.padEnd(24)} ${[seconds, passed, failed].map((cell) => String(cell).padStart(8)).join('')}`,
  )
}

function linesOf(causes) {
  const lines = causes.flatMap((cause) => String(cause).split('\n'))
  const told = lines.filter((text) => text.trim() !== '' && !FRAMEWORK.test(text))
  return told
    .slice(0, LINES)
    .map((text) => `    ${text}`)
    .join('\n')
}
