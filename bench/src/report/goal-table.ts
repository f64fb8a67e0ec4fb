import type { Figures } from '../figures.ts'
import { GOALS, isMet, type Goal } from '../goals.ts'
import { digits, table } from './table.ts'

/** Writes the table of the goals, with the reason for each missed one. */
export function goalTable(figures: Figures, reasons: Readonly<Record<string, string>>): string {
  const rows = GOALS.map((goal) => {
    const value = goal.value(figures)
    return { goal, value, isMet: isMet(goal, value) }
  })
  const missed = rows.filter((row) => !row.isMet)
  const lines = rows.map((row) => [
    row.goal.text,
    digits(row.value),
    limit(row.goal),
    row.isMet ? 'met' : '**missed**',
  ])
  const why = missed.map(({ goal }) => `- ${goal.text}: ${reasons[goal.id] ?? 'not explained yet.'}`)
  const met = `${rows.length - missed.length} of ${rows.length} goals are met.`
  return [
    table(['goal', 'reached', 'wanted', ''], lines),
    met,
    ...(why.length > 0 ? ['Those missed, and why:', why.join('\n')] : []),
  ].join('\n\n')
}

function limit({ atMost, atLeast }: Goal): string {
  return atMost === undefined ? `at least ${digits(atLeast ?? NaN)}` : `at most ${digits(atMost)}`
}
