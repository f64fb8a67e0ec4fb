// `npm start`: the demo, on a machine with nothing but Node and npm. PORT (3000) says where.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureInstalled, root } from './setup.mjs'

ensureInstalled()

const turbo = path.join(root, 'node_modules', '.bin', 'turbo')
const build = ['run', 'build', '--filter=@auto-refresh/demo', '--output-logs=errors-only', '--ui=stream']
const { status } = spawnSync(turbo, build, {
  cwd: root,
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
})

if (status === 0) {
  // In this process: whoever stops it, by a key or a signal, stops the farm.
  await import(pathToFileURL(path.join(root, 'apps/demo/server/dist/main.js')).href)
} else {
  console.error('The build failed.')
  process.exitCode = 1
}
