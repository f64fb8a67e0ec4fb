import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generate } from '../src/generate.ts'
import { run } from '../src/run.ts'
import { fromJson, toJson } from '../src/script.ts'
import { shrink } from '../src/shrink.ts'
import { type Subject } from '../src/subject.ts'
import { buildSubject } from '../src/subject-build.ts'
import { planted } from '../src/planted/index.ts'

const here = path.join(import.meta.dirname, '..')
const root = path.join(here, '..')
const kept = path.join(here, 'kept')
const scripts = (await readdir(kept)).filter((name) => name.endsWith('.json'))

let folder = ''
let subject: Subject

async function build(name: string, bug?: (typeof planted)[number]): Promise<Subject> {
  const file = path.join(folder, `${name}.mjs`)
  await buildSubject(root, file, bug)
  return (await import(pathToFileURL(file).href)) as Subject
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'simulation-'))
  subject = await build('subject')
})

afterAll(() => rm(folder, { recursive: true }))

describe('the simulation', () => {
  it('makes the same run of the same seed', { timeout: 120_000 }, async () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const script = generate(seed)
      expect(toJson(generate(seed))).toBe(toJson(script))
      const first = await run(script, subject)
      expect(await run(fromJson(toJson(script)), subject)).toEqual(first)
    }
  })

  it('shrinks what fails to a script that breaks the same rule', { timeout: 120_000 }, async () => {
    const bug = planted.find(({ name }) => name === 'one-call-too-many')
    const broken = await build('broken', bug)
    for (let seed = 1; ; seed += 1) {
      const script = generate(seed)
      const { violation } = await run(script, broken)
      if (violation === undefined) continue
      const small = await shrink(script, broken)
      expect((await run(small, broken)).violation?.rule).toBe(violation.rule)
      expect((await run(small, subject)).violation).toBeUndefined()
      expect(small.steps.length).toBeLessThanOrEqual(script.steps.length)
      return
    }
  })

  it.each(scripts)('keeps all promises in %s', async (name) => {
    const script = fromJson(await readFile(path.join(kept, name), 'utf8'))
    expect((await run(script, subject)).violation).toBeUndefined()
  })

  // New ones are for `npm run simulate`: what a change breaks must not be hidden among what is found by chance.
  it('keeps all promises in the first 8,000 seeds', { timeout: 1_200_000 }, async () => {
    const command = path.join(here, 'bin', 'simulate.mjs')
    // It rejects, and shows what was found, where a seed fails.
    const { stdout } = await promisify(execFile)(process.execPath, [
      command,
      '--seeds',
      '8000',
      '--from',
      '1',
    ])
    expect(stdout).toMatch(/^8000 seeds .*: 0 failed$/m)
  })
})
