import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

export type Command = readonly [string, ...string[]]

/** Returns how to call `apt-get` as root, or `undefined` if there is none or that needs a password. */
export function aptGet(): Command | undefined {
  if (!existsSync('/usr/bin/apt-get')) return undefined
  if (process.getuid?.() === 0) return ['apt-get']
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n', 'apt-get'] : undefined
}

/**
 * Installs packages of the distribution, without what they recommend.
 *
 * @throws Error if that fails
 */
export function installPackages(apt: Command, packages: readonly string[]): void {
  process.stderr.write(`Installing ${packages.join(', ')} …\n`)
  run([...apt, 'update'])
  run([...apt, 'install', '-y', '--no-install-recommends', ...packages])
}

/**
 * Runs a command; its output is shown only if the command fails.
 *
 * @throws Error if it fails
 */
export function run([command, ...args]: Command): void {
  const { status, stdout, stderr } = spawnSync(command, args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed\n${stdout}${stderr}`)
}
