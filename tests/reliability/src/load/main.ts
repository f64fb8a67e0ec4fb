/** `npm run load`: seven minutes of load on a backend that collapses. Prints figures, and draws docs/load.svg. */
import { writeFileSync } from 'node:fs'
import { library, timerAnItem, timerAPage, type Competitor } from './competitors.ts'
import { measureLoad, type Load } from './measure.ts'
import { drawLoad } from './picture.ts'
import { FULL } from './scenario.ts'

const competitors: readonly (readonly [string, Competitor])[] = [
  ['auto-refresh', library],
  ['a timer an item', timerAnItem],
  ['a timer a page', timerAPage],
]

const { caches, itemsPerCache, interval, outage, counted, capacity } = FULL
console.log(
  `${caches} caches of ${itemsPerCache} items, every ${interval} ms; the backend answers ${capacity} calls a second, and none for ${outage} ms\n`,
)
const measured: { name: string; load: Load }[] = []
for (const [name, competitor] of competitors) {
  const load = await measureLoad(competitor, FULL)
  measured.push({ name, load })
  console.log(row(name, load))
  // If this process cannot keep up with its timers, the figures are about the process.
  if (load.worstDelay > FULL.period) {
    console.log(`This machine is too busy: a sample came ${load.worstDelay.toFixed(0)} ms late.`)
    process.exitCode = 1
  }
}
const lines = measured.map(({ name, load: { samples } }) => ({ name, samples }))
const picture = new URL('../../../../docs/load.svg', import.meta.url)
writeFileSync(picture, drawLoad(lines, outage / 1000))

const [own, anItem, aPage] = measured.map(({ load }) => load.duringOutage + load.justAfter)
if (own === undefined || anItem === undefined || aPage === undefined) throw new Error('one is missing')
console.log(
  `\nOf the calls of a timer an item the library sends ${share(own / anItem)}; of a timer a page ${share(own / aPage)}.`,
)

function row(name: string, { duringOutage, justAfter, recoveredAfter, samples }: Load): string {
  const before = samples.filter(({ at }) => at < 0 && at >= -interval / 1000)
  const calls = before.reduce((sum, sample) => sum + sample.calls, 0) / before.length
  const recovered =
    recoveredAfter === undefined ? 'not all of them' : `after ${(recoveredAfter / 1000).toFixed(1)} s`
  return `${name.padEnd(16)} ${calls.toFixed(0)} calls a second before; ${duringOutage} in the outage, ${justAfter} in the ${
    counted / 1000
  } s after it; all items fresh again: ${recovered}`
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)} %`
}
