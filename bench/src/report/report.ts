import { COMPETITORS } from '../competitors/index.ts'
import { Figures } from '../figures.ts'
import type { Results } from '../results.ts'
import { goalTable } from './goal-table.ts'
import { sections } from './sections.ts'

const METHOD = `Each figure is measured in fresh processes, and the competitors take turns. Tables show the median of 5 turns (2 of RTK Query at
1,000 and of TanStack at 100,000), with minimum and maximum in brackets; counts have one turn. CPU is \`process.cpuUsage\` after a warm-up,
with garbage collection. Each competitor has one subscriber per item, and the process checks that they were told of each change.

Time is virtual (\`bench/src/world/virtual-time.ts\`): it jumps from timer to timer. The library takes it as its \`clock\`; for the
others it replaces the global timers and \`Date.now\`. All timers of one millisecond run in one task, which favours competitors with
many timers; setting one costs less than a real one. The backend answers without delay, asynchronously; the interval is 1 s. If only
refreshing counts, all promise jobs run before time jumps; otherwise two turns of the event loop as well. One Node process runs at a
time. A competitor with a turn of more than 30 s is stopped.`

/** Returns the text of `RESULTS.md`. */
export function report(
  results: Results,
  reasons: Readonly<Record<string, string>>,
  browsers: string | undefined,
): string {
  const figures = new Figures(results)
  const facts = { ...results.machine, ...results.versions }
  const minutes = (results.seconds / 60).toFixed(1)
  return `${[
    '# Measured beside the peers',
    `Made by \`npm run bench\` on ${results.date.slice(0, 10)}, at commit ${results.commit}, in ${minutes} minutes; do not edit. \`npm run bench:quick\` takes two or three, and only prints.`,
    ...(results.again ?? []).map(
      ({ figures: names, turns, date, commit }) =>
        `Measured again on ${date.slice(0, 10)}, at commit ${commit}, in ${turns} turns: ${names
          .split(',')
          .map((name) => `\`${name}\``)
          .join(', ')}.`,
    ),
    Object.entries(facts)
      .map(([name, value]) => `- ${name}: ${value}`)
      .join('\n'),
    '## How',
    METHOD,
    'Each competitor in its best configuration:',
    Object.values(COMPETITORS)
      .map((about) => `- ${about}`)
      .join('\n'),
    '## Figures',
    sections(figures),
    ...(browsers === undefined ? [] : ['## In browsers', browsers]),
    '## Goals',
    goalTable(figures, reasons),
  ].join('\n\n')}\n`
}
