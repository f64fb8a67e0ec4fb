import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Path of the program; overridden by `FLEET_SERVER`, for example with the path of `valkey-server`. */
export function findServer(): string | undefined {
  const named = process.env['FLEET_SERVER']
  if (named !== undefined) return existsSync(named) ? named : undefined
  const folders = (process.env['PATH'] ?? '').split(':')
  return ['valkey-server', 'redis-server']
    .flatMap((name) => folders.map((folder) => `${folder}/${name}`))
    .find((path) => existsSync(path))
}

/**
 * Installs Debian's `redis-server` if there is no server and `apt-get` may be used.
 *
 * @throws Error that says what to install
 */
export function ensureServer(): string {
  const found = findServer()
  if (found !== undefined) return found
  const isRoot = process.getuid?.() === 0
  const canInstall = isRoot || spawnSync('sudo', ['-n', 'true']).status === 0
  if (existsSync('/usr/bin/apt-get') && canInstall) {
    process.stderr.write('Installing redis-server …\n')
    const apt = [...(isRoot ? [] : ['sudo', '-n']), 'apt-get']
    run([...apt, 'update'])
    run([...apt, 'install', '-y', '--no-install-recommends', 'redis-server'])
  }
  const installed = findServer()
  if (installed !== undefined) return installed
  throw new Error(
    'No redis-server or valkey-server was found, and none could be installed. Install Redis 7 or Valkey 7.2, or set FLEET_SERVER to its path.',
  )
}

function run([command = '', ...args]: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed\n${stdout}${stderr}`)
}
