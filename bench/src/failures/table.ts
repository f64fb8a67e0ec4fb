import { isMet, isReached, type Bound, type Figure, type Row, type Unit } from './outcome.ts'

/** Returns a value with its unit, rounded as the table shows it. */
export function text(value: number | undefined, unit: Unit): string {
  if (value === undefined) return '–'
  if (!Number.isFinite(value)) return 'never'
  if (unit === '%') return `${Math.round(value)} %`
  const digits =
    unit === 'calls' || unit === 'items' || value >= 20 ? 0 : unit === 'calls/s' && value < 10 ? 2 : 1
  const number = value.toLocaleString('en', { maximumFractionDigits: digits })
  if (unit === 's') return `${number} s`
  return unit === 'calls/s' ? `${number}/s` : number
}

function texts(figures: readonly Figure[], valueOf: (figure: Figure) => number | undefined): string {
  if (figures.every((figure) => valueOf(figure) === undefined)) return '–'
  return figures
    .map((figure) => [figure, valueOf(figure)] as const)
    .filter(([, value]) => value !== undefined)
    .map(([{ label, unit }, value]) => `${label === undefined ? '' : `${label} `}${text(value, unit)}`)
    .join('; ')
}

/** The table of scenarios in Markdown. */
export function rowTable(rows: readonly Row[]): string {
  return table(
    ['scenario', 'first edition', 'goal', 'measured'],
    rows.map(({ scenario, figures }) => [
      scenario,
      texts(figures, ({ first }) => first),
      texts(figures, ({ goal }) => goal),
      texts(figures, ({ measured }) => measured) + (figures.every(isReached) ? '' : ' (short of the goal)'),
    ]),
  )
}

/** The table of bounds in Markdown. */
export function boundTable(bounds: readonly Bound[]): string {
  return table(
    ['bound', 'limit', 'measured', 'met'],
    bounds.map((bound) => [
      bound.bound,
      `${bound.sense} ${text(bound.limit, bound.unit)}`,
      text(bound.measured, bound.unit),
      isMet(bound) ? 'yes' : '**no**',
    ]),
  )
}

/** A table in Markdown, its columns aligned as oxfmt aligns them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
