import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const BUILD = ['turbo', 'run', 'build', '--filter=@auto-refresh/demo-server', '--output-logs=errors-only']

/**
 * Compiles the sources, because worker threads and the process under test run compiled JavaScript. Turbo writes no file
 * that is up to date: other suites start the same files at that time.
 *
 * @throws {Error} with the output if that fails
 */
export default function compile(): void {
  const { status, stdout, stderr } = spawnSync('npx', BUILD, {
    cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`The server cannot be built\n${stdout}\n${stderr}`)
}
