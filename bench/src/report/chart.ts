import { Figures } from '../figures.ts'
import type { Results } from '../results.ts'
import { digits } from './table.ts'

const BARS = [
  ['baseline', 'by hand (the baseline)'],
  ['auto-refresh', 'auto-refresh'],
  ['naive', 'setInterval an item'],
  ['tanstack-list', 'TanStack Query, one list'],
  ['tanstack', 'TanStack Query'],
  ['colada', 'Pinia Colada'],
  ['rtk-query', 'RTK Query'],
] as const

const WIDTH = 720
const LABELS = 190
const VALUES = 80
const BAR = 22
const GAP = 10
const TOP = 56
const BOTTOM = 36

/** Draws CPU per item at 10,000 items as bars on a logarithmic scale, in colours that are visible on light and on dark. */
export function chart(results: Results): string {
  const figures = new Figures(results)
  const bars = BARS.map(([name, label]) => ({
    name,
    label,
    value: figures.median('refresh', name, { answers: 'fresh' }, 'microseconds'),
  })).filter(({ value }) => Number.isFinite(value))
  const exponents = bars.map(({ value }) => Math.log10(value))
  // The shortest bar must be visible, too.
  const [low, high] = [Math.floor(Math.min(...exponents) - 0.1), Math.ceil(Math.max(...exponents))]
  const scale = (WIDTH - LABELS - VALUES) / Math.max(1, high - low)
  const x = (exponent: number): number => Math.round(LABELS + (exponent - low) * scale)
  const bottom = TOP + bars.length * (BAR + GAP)
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => low + index)
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + BOTTOM}" role="img" aria-labelledby="title">`,
    `  <title id="title">CPU µs a refreshed item, 10,000 items: ${bars.map(({ label, value }) => `${label} ${digits(value)}`).join(', ')}</title>`,
    '  <style>',
    '    text { font: 14px system-ui, sans-serif; fill: #57606a }',
    '    .title { font-weight: 600 } .small { font-size: 12px }',
    '    line { stroke: #8c959f; stroke-opacity: 0.35 }',
    '    rect { fill: #8c959f } .ours { fill: #2da44e } text.ours { fill: #1a7f37; font-weight: 600 }',
    '    @media (prefers-color-scheme: dark) { text { fill: #9198a1 } text.ours { fill: #3fb950 } }',
    '  </style>',
    `  <text class="title" x="0" y="18">CPU µs a refreshed item (log scale; less is better)</text>`,
    `  <text class="small" x="0" y="38">10,000 items, 1 % changed a round, every answer a fresh object</text>`,
    ...ticks.flatMap((tick) => [
      `  <line x1="${x(tick)}" x2="${x(tick)}" y1="${TOP - 6}" y2="${bottom}"/>`,
      `  <text class="small" x="${x(tick)}" y="${bottom + 18}" text-anchor="middle">${10 ** tick} µs</text>`,
    ]),
    ...bars.flatMap(({ name, label, value }, index) => {
      const y = TOP + index * (BAR + GAP)
      const end = x(Math.log10(value))
      const mark = name === 'auto-refresh' ? ' class="ours"' : ''
      return [
        `  <text${mark} x="${LABELS - 10}" y="${y + 16}" text-anchor="end">${label}</text>`,
        `  <rect${mark} x="${LABELS}" y="${y}" width="${Math.max(1, end - LABELS)}" height="${BAR}" rx="3"/>`,
        `  <text${mark} x="${end + 8}" y="${y + 16}">${digits(value)}</text>`,
      ]
    }),
    '</svg>',
  ].join('\n')}\n`
}
