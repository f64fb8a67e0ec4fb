import { NEVER, type PoisonPoint } from './poison-curve.ts'

const WIDTH = 720
const HEIGHT = 340
const LEFT = 64
const RIGHT = 24
const TOP = 84
const BOTTOM = 52
const LINES = [
  ['first', 'first edition'],
  ['now', 'now'],
] as const
const TICKS = [1, 10, 100, NEVER] as const

/** Draws the worst age of healthy items against the number of poisonous ids; both scales are logarithmic. */
export function chart(points: readonly PoisonPoint[]): string {
  const most = Math.max(...points.map(({ poisonous }) => poisonous))
  const x = (poisonous: number): number =>
    Math.round(LEFT + 24 + (Math.log(poisonous) / Math.log(most)) * (WIDTH - LEFT - RIGHT - 48))
  const y = (age: number): number =>
    Math.round(
      HEIGHT -
        BOTTOM -
        (Math.log(Math.min(Math.max(age, 1), NEVER)) / Math.log(NEVER)) * (HEIGHT - TOP - BOTTOM),
    )
  const bottom = HEIGHT - BOTTOM
  const told = points.map(({ poisonous, first, now }) => `${poisonous}: ${label(first)}, ${label(now)}`)
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title">`,
    `  <title id="title">Worst age of healthy items by the number of poisonous ids, first edition and now: ${told.join('; ')}</title>`,
    '  <style>',
    '    text { font: 13px system-ui, sans-serif; fill: #57606a }',
    '    .title { font-size: 14px; font-weight: 600 }',
    '    line { stroke: #8c959f; stroke-opacity: 0.35 }',
    '    path { fill: none; stroke-width: 2; stroke-linejoin: round }',
    '    path.first { stroke: #8c959f; stroke-dasharray: 7 3 } path.now { stroke: #2da44e }',
    '    circle.first { fill: #8c959f } circle.now { fill: #2da44e }',
    '    text.now { fill: #1a7f37; font-weight: 600 }',
    '    @media (prefers-color-scheme: dark) { text { fill: #9198a1 } text.now { fill: #3fb950 } }',
    '  </style>',
    '  <text class="title" x="0" y="18">Worst age of the healthy ones of 1,000 items (interval 5 s; less is better)</text>',
    ...LINES.flatMap(([name, title], index) => [
      `  <path class="${name}" d="M${LEFT + index * 160} 44h28"/>`,
      `  <text class="${name}" x="${LEFT + 36 + index * 160}" y="48">${title}</text>`,
    ]),
    ...TICKS.flatMap((tick) => [
      `  <line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(tick)}" y2="${y(tick)}"/>`,
      `  <text x="${LEFT - 8}" y="${y(tick) + 4}" text-anchor="end">${label(tick)}</text>`,
    ]),
    ...points.map(
      ({ poisonous }) =>
        `  <text x="${x(poisonous)}" y="${bottom + 20}" text-anchor="middle">${poisonous}</text>`,
    ),
    `  <text x="${LEFT + (WIDTH - LEFT - RIGHT) / 2}" y="${bottom + 42}" text-anchor="middle">ids that make every call fail that contains them</text>`,
    ...LINES.map(
      ([name]) =>
        `  <path class="${name}" d="M${points.map((point) => `${x(point.poisonous)} ${y(point[name])}`).join('L')}"/>`,
    ),
    ...points.flatMap(({ poisonous, first, now }) => [
      `  <circle class="first" cx="${x(poisonous)}" cy="${y(first)}" r="3.5"/>`,
      `  <circle class="now" cx="${x(poisonous)}" cy="${y(now)}" r="3.5"/>`,
    ]),
    '</svg>',
  ].join('\n')}\n`
}

function label(age: number): string {
  return age >= NEVER ? 'never' : `${Math.round(age)} s`
}
