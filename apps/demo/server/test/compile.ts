import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Compiles the sources, because worker threads and the process under test run compiled JavaScript. */
export default function compile(): void {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  execFileSync('npm', ['run', '--silent', 'build'], {
    cwd,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
}
