// Installs the packages and builds the demo, in a process of its own: scripts/start.mjs can then end it at any time.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { ensureInstalled, root } from './setup.mjs'

ensureInstalled()

console.log('Building the demo …')
const turbo = path.join(root, 'node_modules', '.bin', 'turbo')
const build = ['run', 'build', '--filter=@auto-refresh/demo', '--output-logs=errors-only', '--ui=stream']
const { status, error, stdout } = spawnSync(turbo, build, {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
  encoding: 'utf8',
  shell: process.platform === 'win32',
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
})

if (status !== 0) {
  console.error(`${stdout ?? ''}The build failed.${error === undefined ? '' : ` ${error.message}`}`)
  process.exitCode = 1
}
