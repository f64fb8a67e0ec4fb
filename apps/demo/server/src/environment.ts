/** An integer of the environment, from 0 to `most`. Ends the process if it is none. */
export function readNumber(name: string, { fallback, most }: { fallback: number; most: number }): number {
  const text = process.env[name]
  if (text === undefined || text === '') return fallback
  const number = Number(text)
  if (Number.isInteger(number) && number >= 0 && number <= most) return number
  console.error(`${name} must be an integer from 0 to ${most}, got ${JSON.stringify(text)}`)
  return process.exit(1)
}

/** Number of servers by `--servers 3`, or by `SERVERS` where npm passes no arguments on; 1 if neither is given. */
export function readServers(args: readonly string[]): number {
  const at = args.findIndex((arg) => arg === '--servers' || arg.startsWith('--servers='))
  const text = at === -1 ? process.env['SERVERS'] : (args[at]?.split('=')[1] ?? args[at + 1])
  if (at === -1 && (text === undefined || text === '')) return 1
  const number = Number(text)
  if (Number.isInteger(number) && number >= 1 && number <= MOST_SERVERS) return number
  console.error(`--servers must be an integer from 1 to ${MOST_SERVERS}, got ${JSON.stringify(text ?? '')}`)
  return process.exit(1)
}

const MOST_SERVERS = 9
