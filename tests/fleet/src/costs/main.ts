/** `npm run costs`: prints the costs of fleets of several sizes, as a table for the guide. */
import { simulate } from './simulate.ts'

const SETTINGS = [
  { servers: 3, items: 300, changing: 0.05 },
  { servers: 10, items: 300, changing: 0.05 },
  { servers: 30, items: 300, changing: 0.05 },
  { servers: 100, items: 300, changing: 0.05 },
  { servers: 10, items: 1000, changing: 0.05 },
  { servers: 10, items: 300, changing: 1 },
]

const row = (cells: readonly (string | number)[]): void => {
  process.stdout.write(`| ${cells.join(' | ')} |\n`)
}

row(['servers', 'items', 'changing', 'calls/s', 'commands/s', 'in, kB/s', 'out, kB/s', 'after a kill, MB'])
row(Array.from({ length: 8 }, () => '---:'))
for (const setting of SETTINGS) {
  const { calls, commands, received, sent, failOver } = await simulate(setting)
  const { servers, items, changing } = setting
  row([
    servers,
    items,
    `${changing * 100} %`,
    calls.toFixed(1),
    Math.round(commands),
    Math.round(received),
    Math.round(sent),
    (failOver / 1000).toFixed(1),
  ])
}
