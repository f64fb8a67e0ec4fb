import type { Spread } from '../results.ts'

/** Formats a number with three digits. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en')
  // Three significant digits, without trailing zeros.
  return String(Number(value.toPrecision(3)))
}

/** Median, and minimum and maximum in brackets if there was more than one turn. */
export function spreadText(spread: Spread | undefined): string {
  if (spread === undefined) return ''
  const { median, min, max } = spread
  return min === max ? digits(median) : `${digits(median)} (${digits(min)}–${digits(max)})`
}

/** A table in Markdown, its columns aligned as oxfmt aligns them. The first column is text, the others are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => pad(cells[column] ?? '', width, column > 0)).join(' | ')} |`
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

function pad(text: string, width: number, isNumber: boolean): string {
  return isNumber ? text.padStart(width) : text.padEnd(width)
}
