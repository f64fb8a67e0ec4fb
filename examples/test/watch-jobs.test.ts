import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startFarmProcess, type FarmProcess } from '@auto-refresh/demo-server/testing'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { RUNTIMES } from './runtimes.ts'

const example = fileURLToPath(new URL('../watch-jobs.ts', import.meta.url))
const run = promisify(execFile)

describe.each(inject('runtimes'))('in %s', (runtime) => {
  const [command, ...args] = RUNTIMES[runtime]
  let farm: FarmProcess

  beforeAll(async () => {
    farm = await startFarmProcess()
  })

  afterAll(() => farm.stop())

  it('prints the progress of ten jobs, and ends', async () => {
    const { stdout, stderr } = await run(command, [...args, example, farm.url])
    expect(stderr).toBe('')

    const lines = stdout.trimEnd().split('\n')
    expect(lines.at(-1)).toMatch(/^10 jobs ended, after \d+ status requests$/)
    const statesById = new Map<string, string[]>()
    for (const line of lines.slice(0, -1)) {
      const [, id = '', state = ''] = /^(\S+) (\w+) \d+\/160 rows$/.exec(line) ?? [line]
      statesById.set(id, [...(statesById.get(id) ?? []), state])
    }
    expect(statesById.size).toBe(10)
    for (const states of statesById.values()) {
      expect(states[0]).toBe('queued')
      expect(states.at(-1)).toBe('succeeded')
    }

    const { status, submitted } = await farm.traffic()
    expect(submitted).toBe(10)
    expect(status.mostIds).toBe(10)
    // The point of it all: far fewer requests than jobs asked for.
    expect(status.ids).toBeGreaterThan(2 * status.requests)
  })
})
