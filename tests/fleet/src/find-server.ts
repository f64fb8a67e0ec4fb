import { existsSync } from 'node:fs'
import { aptGet, installPackages } from '../../browsers/src/apt.ts'

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
  const apt = aptGet()
  if (apt !== undefined) installPackages(apt, ['redis-server'])
  const installed = findServer()
  if (installed !== undefined) return installed
  throw new Error(
    'No redis-server or valkey-server was found, and none could be installed. Install Redis 7 or Valkey 7.2, or set FLEET_SERVER to its path.',
  )
}
