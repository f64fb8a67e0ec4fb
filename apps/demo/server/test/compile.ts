import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Worker threads and the process under test run compiled JavaScript: it has to be that of the sources here. */
export default function compile(): void {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  execFileSync('npm', ['run', '--silent', 'build'], {
    cwd,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
}
