import { generate } from './generate/index.ts'
import { run } from './run.ts'
import type { Failure, Tally, Work } from './seeds.ts'
import type { Subject } from './subject.ts'

/** Runs its share of the seeds. */
// The main process gives nothing else.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const { subject: address, from, count, stride, most } = JSON.parse(process.argv[2] ?? '') as Work
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const subject = (await import(address)) as Subject
// Thousands of errors are created per second, so stack traces are switched off.
Error.stackTraceLimit = 0
// The parent has ended, or has its results.
process.once('disconnect', () => process.exit())
process.once('error', () => process.exit())
const failures: Failure[] = []
const failed = (seed: number, rule: string, message: string): void => {
  const failure: Failure = { seed, violation: { rule, message } }
  failures.push(failure)
  process.send?.(failure)
}
let unhandled: string | undefined
process.on('unhandledRejection', (reason) => {
  unhandled = String(reason)
})
let [seeds, steps, calls] = [0, 0, 0]
for (let i = 0; i < count && failures.length < most; i += 1) {
  const seed = from + i * stride
  process.send?.(seed)
  try {
    const result = await run(generate(seed), subject)
    seeds += 1
    steps += result.turns
    calls += result.calls
    if (result.violation !== undefined) failed(seed, result.violation.rule, result.violation.message)
  } catch (error) {
    failed(seed, 'O3', `threw ${String(error)}`)
  }
  // Node tells of unhandled rejections once the microtasks are done.
  await new Promise(setImmediate)
  if (unhandled !== undefined) failed(seed, 'S8', `unhandled rejection: ${unhandled}`)
  unhandled = undefined
}
const tally: Tally = { seeds, steps, calls, failures }
process.send?.(tally, () => process.disconnect())
