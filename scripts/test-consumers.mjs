// `npm run test:consumers`: projects that install the packed library as a stranger would. Arguments go to vitest.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { ensureInstalled, root } from './setup.mjs'

ensureInstalled()
const built = run('turbo', ['run', 'build', '--output-logs=errors-only'], root)
process.exitCode =
  built && run('vitest', ['run', ...process.argv.slice(2)], path.join(root, 'consumers')) ? 0 : 1

function run(tool, args, cwd) {
  const bin = path.join(root, 'node_modules', '.bin', tool)
  return spawnSync(bin, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' }).status === 0
}
