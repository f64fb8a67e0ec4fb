import { COMPETITORS } from '../competitors/index.ts'
import type { Figures } from '../figures.ts'
import { PAGES, type Framework } from '../pages/page.ts'
import { LIST_NAMES, PROGRAM_NAMES, type Variant } from '../plan.ts'
import { digits, spreadText, table } from './table.ts'

/** A column: its title, and the figures and the value that it shows. */
interface Column {
  readonly title: string
  readonly variant: Variant
  readonly value: string
}

/** The measurements, a table each. */
export function sections(figures: Figures): string {
  return [
    section(
      'CPU µs a refreshed item: the source answers the same object where nothing changed',
      'As a source in the same process does, and what `equals: Object.is` is for. TanStack without structural sharing.',
      byCompetitor(figures, 'refresh', refreshColumns('same')),
    ),
    section(
      'CPU µs a refreshed item: every answer is a fresh object',
      'As from JSON, and what deep equality is for; the baseline and the naive one compare by hand, TanStack by structural sharing, RTK Query by its own, Colada not at all.',
      byCompetitor(figures, 'refresh', refreshColumns('fresh')),
    ),
    section(
      'CPU µs a refreshed item with random intervals of 1 to 60 s',
      '10,000 items, the same objects, 1 % changed.',
      byCompetitor(figures, 'refresh', [
        { title: 'µs', variant: { intervals: 'random' }, value: 'microseconds' },
      ]),
    ),
    section(
      'CPU µs of a wake-up that refreshes 100 due items',
      'All 100 changed, the same objects otherwise; the others wait, each for a time of its own of 10 to 20 hours.',
      byCompetitor(
        figures,
        'wake-up',
        [1000, 1_000_000].map((items) => ({
          title: `${items.toLocaleString('en')} waiting`,
          variant: { items, changed: 1 },
          value: 'microseconds',
        })),
      ),
    ),
    section(
      'Heap bytes an item',
      'Ids and jobs not counted; after the first refresh and a forced collection, on the runtime’s own timers, which count. RTK Query at 1,000.',
      byCompetitor(figures, 'heap', [
        { title: 'without a subscriber', variant: { observed: false }, value: 'bytes' },
        { title: 'with one', variant: {}, value: 'bytes' },
        { title: 'with one, fresh answers', variant: { answers: 'fresh' }, value: 'bytes' },
        { title: 'with one, 1,000 items', variant: { items: 1000 }, value: 'bytes' },
      ]),
    ),
    section(
      'Live timers, and calls a round',
      '1,000 items, counted.',
      byCompetitor(figures, 'calls', [
        { title: 'timers', variant: { items: 1000 }, value: 'timers' },
        { title: 'calls a round', variant: { items: 1000 }, value: 'calls' },
      ]),
    ),
    section(
      'Calls a second for 200 items that were created 5 ms apart',
      'Interval 1 s, counted for 20 s; TanStack’s loader (batshit) gathers for 10 ms.',
      byCompetitor(figures, 'staggered', [
        { title: 'calls a second', variant: { items: 200 }, value: 'calls' },
        { title: 'items refreshed a second', variant: { items: 200 }, value: 'refreshes' },
      ]),
    ),
    section(
      'Longest block of the main thread, wall ms',
      'All items fall due at once (the library without jitter, the baseline all calls at once), the same objects, 1 % changed: how long a task that puts itself in line again and again had to wait, in the median round, and in all.',
      byCompetitor(figures, 'block', [
        { title: '10,000', variant: { together: true }, value: 'milliseconds' },
        { title: 'worst', variant: { together: true }, value: 'longest' },
        { title: '100,000', variant: { items: 100_000, together: true }, value: 'milliseconds' },
        { title: 'worst', variant: { items: 100_000, together: true }, value: 'longest' },
      ]),
    ),
    section(
      'Access, CPU ns',
      '10,000 items, in no order. TanStack: `getQueryData`; a new observer, subscribed and left.',
      byCompetitor(figures, 'access', [
        { title: 'read', variant: {}, value: 'read' },
        { title: 'subscribe and unsubscribe', variant: {}, value: 'subscribe' },
      ]),
    ),
    page(figures, 'react', 'React'),
    page(figures, 'vue', 'Vue'),
    page(figures, 'query', 'React, of an application with `useQuery`'),
    section(
      'A round of a list of 20,000',
      'Of `useAutoRefreshItems` in one component that shows its length; each batch settles in a turn of its own, so each is a rendering, and a copy of the list. Batches: 100 items each. Copies alone: 200 of an array of 20,000.',
      byCompetitor(
        figures,
        'list',
        ([0.01, 1] as const).flatMap((changed): Column[] => {
          const variant: Variant = { items: 20_000, answers: 'fresh', changed, together: true }
          return [
            { title: `CPU ms, ${changed * 100} %`, variant, value: 'milliseconds' },
            { title: 'renders', variant, value: 'renders' },
          ]
        }),
        Object.fromEntries(LIST_NAMES.map((name) => [name, name])),
      ),
    ),
    section(
      'Bytes',
      'Minified by esbuild, gzipped at level 9. Frameworks (and Pinia) not counted; of an adapter, the core is not.',
      table(
        ['program', 'bytes'],
        PROGRAM_NAMES.map((name) => [name, digits(figures.median('size', name, {}, 'bytes'))]),
      ),
    ),
  ].join('\n\n')
}

function section(title: string, about: string, content: string): string {
  return `### ${title}\n\n${about}\n\n${content}`
}

function refreshColumns(answers: 'same' | 'fresh'): Column[] {
  return [100, 1000, 10_000, 100_000, 1_000_000].flatMap((items) =>
    ([0.01, 1] as const).map((changed) => ({
      title: `${items.toLocaleString('en')}, ${changed * 100} %`,
      variant: { items, changed, answers },
      value: 'microseconds',
    })),
  )
}

function page(figures: Figures, framework: Framework, title: string): string {
  const columns = ([0.01, 1] as const).flatMap((changed): Column[] => {
    const variant: Variant = { items: 1000, answers: 'fresh', changed, together: true }
    return [
      { title: `CPU ms, ${changed * 100} %`, variant, value: 'milliseconds' },
      { title: 'renders', variant, value: 'renders' },
      { title: 'commits', variant, value: 'commits' },
      { title: 'calls', variant, value: 'calls' },
    ]
  })
  const who = Object.entries(PAGES[framework])
    .map(([name, about]) => `- ${name}: ${about}`)
    .join('\n')
  return section(
    `A round of 1,000 rows in ${title}`,
    'Fresh answers, 1 % or 100 % changed, all due at once (the library without jitter, the baseline all calls at once); production builds, in a DOM without a browser (happy-dom).',
    `${who}\n\n${byCompetitor(figures, framework, columns, PAGES[framework])}`,
  )
}

/** Writes a table with a line for each competitor and a column for each work that has a figure. */
function byCompetitor(
  figures: Figures,
  measure: string,
  columns: readonly Column[],
  names: Readonly<Record<string, string>> = COMPETITORS,
): string {
  const everybody = [...new Set([...Object.keys(names), 'tanstack-loader'])]
  const rows = everybody.map((name) =>
    [name].concat(columns.map((column) => text(figures, measure, name, column))),
  )
  const isThere = (column: number): boolean => rows.some((row) => row[column] !== '')
  const kept = ['', ...columns].map((_, column) => column === 0 || isThere(column))
  const keep = (cells: readonly string[]): string[] => cells.filter((_, column) => kept[column])
  return table(
    keep(['competitor', ...columns.map(({ title }) => title)]),
    rows.filter((row) => row.slice(1).some((cell) => cell !== '')).map(keep),
  )
}

function text(figures: Figures, measure: string, name: string, { variant, value }: Column): string {
  const cell = figures.cell(measure, name, variant)
  return cell?.stopped === undefined ? spreadText(cell?.values[value]) : `(${cell.stopped})`
}
