// `npm run test:e2e`: the demo in real browsers. Installs what it needs; arguments go to Playwright.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { ensureBrowsers } from './browsers.mjs'
import { ensureInstalled, root } from './setup.mjs'

ensureInstalled()
ensureBrowsers()
const built = run('turbo', ['run', 'build', '--filter=@auto-refresh/demo', '--output-logs=errors-only'], root)
process.exitCode =
  built && run('playwright', ['test', ...process.argv.slice(2)], path.join(root, 'e2e')) ? 0 : 1

function run(tool, args, cwd) {
  const bin = path.join(root, 'node_modules', '.bin', tool)
  return spawnSync(bin, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' }).status === 0
}
