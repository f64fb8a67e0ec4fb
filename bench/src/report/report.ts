import { COMPETITORS } from '../competitors/index.ts'
import { Figures } from '../figures.ts'
import type { Results } from '../results.ts'
import { goalTable } from './goal-table.ts'
import { sections } from './sections.ts'

const METHOD = `Every figure is of a fresh process; the competitors take turns; the median of 5 turns (2 of RTK Query at 1,000 and of
TanStack at 100,000) is shown, minimum and maximum in brackets (what is counted has one turn). CPU is \`process.cpuUsage\`, garbage collection included, after a warm-up. Every
competitor has one subscriber an item, and the process checks that those were told of each change.

Time is virtual (\`bench/src/world/virtual-time.ts\`): it jumps from timer to timer. The library takes it as its \`clock\`; for all
others it replaces the global timers and \`Date.now\`. All timers of one millisecond run in one task, which favours
whoever has many; setting one costs less than a real one. The backend answers without delay, asynchronously; the
interval is 1 s. Where only refreshing counts, all promise jobs have run before time jumps; elsewhere, two turns of the event loop
as well. All of it runs in one Node process at a time. A competitor of which one turn takes more than 30 s is stopped.`

/** `RESULTS.md`. */
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
    `Made by \`npm run bench\` on ${results.date.slice(0, 10)}, at commit ${results.commit}, in ${minutes} minutes; do not edit. \`npm run bench:quick\` takes two or three and prints.`,
    ...(results.again ?? []).map(
      ({ figures: names, turns, date, commit }) =>
        `Of the figures those of ${names
          .split(',')
          .map((name) => `\`${name}\``)
          .join(', ')} were measured again on ${date.slice(0, 10)}, at commit ${commit}, in ${turns} turns.`,
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
