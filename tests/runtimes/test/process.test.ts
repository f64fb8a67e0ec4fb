import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const program = fileURLToPath(new URL('../src/watch-process.mjs', import.meta.url))
const run = promisify(execFile)

/** Returns the output of a process of this runtime, which must end by itself in time, with code 0. */
async function outputOf(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const how = 'Deno' in globalThis ? ['run', '--no-lock', '--allow-env', program] : [program]
  return run(process.execPath, [...how, ...args], { timeout: 100_000 })
}

it('keepAlive: true: the process stays until no refresh is scheduled', async () => {
  const { stdout } = await outputOf('keep')
  expect(stdout).toBe('step 1\nstep 2\nstep 3\n')
})

it('keepAlive: false: the process ends though a refresh is scheduled', async () => {
  const { stdout } = await outputOf('let-go')
  expect(stdout).toBe('step 1\n')
})

it('F7: a listener that throws is reported, and ends neither the process nor the refreshes', async () => {
  const { stdout, stderr } = await outputOf('keep', 'throws')
  expect(stdout).toBe('step 1\nstep 2\nstep 3\n')
  expect(stderr.match(/thrown by a listener/g)?.length).toBeGreaterThanOrEqual(3)
})
