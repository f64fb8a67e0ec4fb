/** `npm run soak -- --seconds 600 --browser`: see docs/reliability.md. Exits with 1 where memory leaks. */
import { parseArgs } from 'node:util'
import { nodeSubject } from './node-subject.ts'
import { soak } from './soak.ts'
import type { Subject } from './subject.ts'

const ITEMS = 10_000

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    browser: { type: 'boolean', default: false },
    /** Largest growth that counts as flat, in per cent. */
    within: { type: 'string', default: '1' },
    /** Leaks on purpose, so that a test sees that leaks are found. */
    leak: { type: 'boolean', default: false },
  },
})
const seconds = Number(values.seconds)
if (!(seconds >= 5)) throw new RangeError(`--seconds is ${values.seconds}; it must be 5 or more`)

await using subject = values.browser ? await inChromium() : nodeSubject(ITEMS, values.leak)
const { growth, mostHeld, turned, after, isFlat, isClean } = await soak(
  subject,
  seconds,
  Number(values.within) / 100,
)
const whole = new Intl.NumberFormat('en')
const percent = new Intl.NumberFormat('en', {
  style: 'percent',
  maximumFractionDigits: 3,
  signDisplay: 'exceptZero',
})
console.log(`${subject.name}: ${whole.format(ITEMS)} items at a time for ${seconds} s
items turned over   ${whole.format(turned)} (${whole.format(turned / seconds)} a second)
heap, median        ${whole.format(growth.heap / 1000)} kB after forced collection
growth              ${percent.format(growth.share)} from the end of the warm-up on: ${isFlat ? 'flat' : 'NOT FLAT'}
weak references     ${whole.format(after.followed)} followed, ${mostHeld} held at the worst sample
after the end       ${after.size} items, ${after.subscribers} subscribers, ${after.held.length} references held, ${after.errors} errors`)
process.exitCode = isFlat && isClean ? 0 : 1

/** Loaded on demand, because the driver of a browser is larger than the heap that is measured here. */
async function inChromium(): Promise<Subject> {
  const { chromiumSubject } = await import('./chromium-subject.ts')
  return chromiumSubject(ITEMS, values.leak)
}
