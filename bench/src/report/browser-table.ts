import { BROWSER_COMPETITORS } from '../browser/competitors.ts'
import type { BrowserResults } from '../browser/results.ts'
import { digits, table } from './table.ts'

/** Writes the table of the list in browsers. */
export function browserTable({ date, seconds, browsers, runs }: BrowserResults): string {
  const versions = Object.entries(browsers).map(([name, version]) => `${name} ${version}`)
  const about = `Made by \`npm run bench:browser\` on ${date.slice(0, 10)} in ${versions.join(' and ')}, headless: 10,000 rows, a subscriber each that writes its row, interval 1 s, 1 % changed, every answer a fresh object, real timers, ${seconds} s after 10 s of warming up, one turn. CPU is that of all processes of the browser (from \`/proc\`); tasks and scripts are Chromium’s own counters (\`Performance.getMetrics\`), of the page’s main thread; a long task kept the main thread for 50 ms or more, as seen by a beat of 10 ms, which every browser can have; the heap is that after a forced collection, which only Chromium lets us see.`
  const names = Object.entries(BROWSER_COMPETITORS).map(([name, text]) => `- ${name}: ${text}`)
  const head = [
    'browser, competitor',
    'CPU ms a second',
    'of it tasks',
    'of it scripts',
    'long tasks a minute',
    'longest, ms',
    'refreshes a second',
    'heap, MB',
  ]
  const rows = runs.map((run) => [
    `${run.browser}, ${run.competitor}`,
    ...[run.cpu, run.tasks, run.scripts, run.longTasks, run.longest, run.refreshes, run.heap].map((value) =>
      digits(value ?? NaN),
    ),
  ])
  return [about, names.join('\n'), table(head, rows)].join('\n\n')
}
