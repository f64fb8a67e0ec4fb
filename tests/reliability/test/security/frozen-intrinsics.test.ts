import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)
const program = fileURLToPath(new URL('frozen-life.mjs', import.meta.url))

// The first leaves a way to override what is inherited; the second does not: there, `error.name = …` throws.
it.each([
  ['by the runtime', ['--frozen-intrinsics', '--disable-warning=ExperimentalWarning', program]],
  ['by hand, before the import', [program, 'freeze']],
])('a life goes well where all intrinsics are frozen %s', async (_, args) => {
  const { stdout, stderr } = await run(process.execPath, args, { timeout: 100_000 })
  expect(stderr).toBe('')
  const { events, ...told } = JSON.parse(stdout) as { readonly events: readonly string[] }
  expect(told).toEqual({
    frozen: [true, true, true, true, true, true],
    reasons: ['TimeoutError'],
    isOver: true,
    notFound: 'AutoRefreshError NOT_FOUND',
    refreshed: 'refreshed',
    hasSeen: true,
  })
  expect(events).toEqual(
    expect.arrayContaining(['created', 'evicted', 'outage-started', 'outage-ended', 'terminal']),
  )
  expect(events).not.toContain('callback-error')
})
