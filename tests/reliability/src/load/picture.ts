import type { LoadSample } from './measure.ts'

/** A line of the picture. */
export interface Line {
  readonly name: string
  readonly samples: readonly LoadSample[]
}

interface Panel {
  readonly title: string
  readonly top: number
  readonly most: number
  readonly unit: string
  readonly value: (sample: LoadSample) => number
}

const WIDTH = 760
const HEIGHT = 470
const LEFT = 64
const RIGHT = WIDTH - 16
const PANEL_HEIGHT = 150

/** Colours that differ in light, in dark, and for the colour-blind; each line has its own dashes besides. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600 }
  .axis { stroke: #8c959f; fill: none }
  .outage { fill: #8c959f; opacity: 0.2 }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round }
  .line-0 { stroke: #0969da }
  .line-1 { stroke: #bc4c00; stroke-dasharray: 7 3 }
  .line-2 { stroke: #8250df; stroke-dasharray: 2 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .line-0 { stroke: #58a6ff }
    .line-1 { stroke: #f0883e }
    .line-2 { stroke: #d2a8ff }
  }`

/** Draws calls and fresh items as an SVG that is legible on a light and on a dark page. */
export function drawLoad(lines: readonly Line[], outageSeconds: number): string {
  const all = lines.flatMap(({ samples }) => samples)
  const from = Math.min(...all.map(({ at }) => at))
  const to = Math.max(...all.map(({ at }) => at))
  const x = (at: number): number => LEFT + ((at - from) / (to - from)) * (RIGHT - LEFT)
  const mostCalls = Math.max(...all.map(({ calls }) => calls))
  const panels: readonly Panel[] = [
    {
      title: 'Calls that the backend gets, a second',
      top: 62,
      most: Math.ceil(mostCalls / 200) * 200,
      unit: '',
      value: ({ calls }) => calls,
    },
    {
      title: 'Items refreshed within the last two intervals',
      top: 270,
      most: 100,
      unit: ' %',
      value: ({ fresh }) => 100 * fresh,
    },
  ]
  const legend = lines.map(
    ({ name }, index) =>
      `<path class="line line-${index}" d="M${LEFT + 230 * index} 18h28"/><text x="${LEFT + 36 + 230 * index}" y="22">${name}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Load on a backend before, during and after an outage">
<style>${STYLE}
</style>
${[...legend, ...panels.map((panel) => drawPanel(panel, lines, x, outageSeconds, to))].join('\n')}
<text x="${(LEFT + RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">seconds since the outage began</text>
</svg>
`
}

function drawPanel(
  { title, top, most, unit, value }: Panel,
  lines: readonly Line[],
  x: (at: number) => number,
  outageSeconds: number,
  to: number,
): string {
  const bottom = top + PANEL_HEIGHT
  const y = (amount: number): number => bottom - (Math.min(amount, most) / most) * PANEL_HEIGHT
  const marks = Array.from({ length: Math.floor(to / 20) + 1 }, (_, index) => 20 * index)
  return [
    `<text class="title" x="${LEFT}" y="${top - 10}">${title}</text>`,
    `<rect class="outage" x="${x(0).toFixed(1)}" y="${top}" width="${(x(outageSeconds) - x(0)).toFixed(1)}" height="${PANEL_HEIGHT}"/>`,
    `<text x="${x(outageSeconds / 2).toFixed(1)}" y="${top + PANEL_HEIGHT / 2}" text-anchor="middle">outage</text>`,
    `<path class="axis" d="M${LEFT} ${top}V${bottom}H${RIGHT}"/>`,
    ...[0, most / 2, most].map(
      (amount) => `<text x="${LEFT - 8}" y="${y(amount) + 4}" text-anchor="end">${amount}${unit}</text>`,
    ),
    ...marks.map(
      (at) => `<text x="${x(at).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${at}</text>`,
    ),
    ...lines.map(({ samples }, index) => {
      const points = samples.map((sample) => `${x(sample.at).toFixed(1)} ${y(value(sample)).toFixed(1)}`)
      return `<path class="line line-${index}" d="M${points.join('L')}"/>`
    }),
  ].join('\n')
}
