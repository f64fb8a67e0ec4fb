import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import type { RunOptions } from './cast.ts'
import { generate } from './generate/index.ts'
import { run } from './run.ts'
import { fromJson, type Script, toJson } from './script.ts'
import { seeded } from './seeded/index.ts'
import { runSeeds } from './seeds.ts'
import { shrink } from './shrink.ts'
import type { Subject } from './subject.ts'
import { buildSubject } from './subject-build.ts'

/** Failing seeds that are shrunk and shown; more of them are mostly the same. */
const SHOWN = 3

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20000' },
    from: { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
    seeded: { type: 'boolean', default: false },
    bug: { type: 'string' },
    seed: { type: 'string' },
    replay: { type: 'string' },
    trace: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    /** Another build of the package than that of its source. */
    subject: { type: 'string' },
  },
})
const dist = path.dirname(fileURLToPath(import.meta.url))
const here = path.join(dist, '..', '..')
const root = path.join(here, '..', '..')
const count = Number(values.seeds)
const options: RunOptions = {
  trace: values.trace ? print : undefined,
}
const workers = Number(values.workers)
const clean = path.resolve(values.subject ?? path.join(dist, 'subject.mjs'))
if (values.subject === undefined) await buildSubject(root, clean)

if (values.replay !== undefined) await replay(fromJson(await readFile(values.replay, 'utf8')), false)
else if (values.seed !== undefined) await replay(generate(Number(values.seed)), true)
else if (values.seeded) await findSeeded()
else await search()

async function search(): Promise<void> {
  // A new start each day and each second; it is printed, so that a run can be had again.
  const from = values.from === undefined ? Math.floor(Date.now() / 1000) % 1_000_000_000 : Number(values.from)
  const started = performance.now()
  const tally = await runSeeds(clean, { from, count, workers, most: 50 }, ({ seed, violation }) =>
    print(`seed ${seed}: ${violation.rule}: ${violation.message}`),
  )
  const seconds = (performance.now() - started) / 1000
  for (const { seed, violation } of tally.failures.slice(0, SHOWN)) {
    print(`npm run simulate -- --seed ${seed} --trace`)
    // A seed that hangs would hang here, too.
    if (violation.rule !== 'hangs') await replay(generate(seed), true)
  }
  print(
    `${tally.seeds} seeds from ${from}, ${tally.steps} turns, ${tally.calls} calls, ${seconds.toFixed(0)} s: ${tally.failures.length} failed`,
  )
  if (tally.failures.length > 0) process.exitCode = 1
}

/** Shows what happens, and for a seed its shrunk script. */
async function replay(script: Script, isShrunk: boolean): Promise<void> {
  const subject = await load(clean)
  const small = isShrunk ? await shrink(script, subject) : script
  const { violation, steps } = await run(small, subject, options)
  if (violation === undefined) return print('all promises are kept')
  process.exitCode = 1
  print(toJson(small))
  print(`step ${steps}: ${violation.rule}: ${violation.message}`)
  if (!values.keep) return
  const file = path.join(here, 'kept', `${violation.rule.toLowerCase()}-${script.seed}.json`)
  await writeFile(file, `${toJson(small)}\n`)
  print(`kept as ${path.relative(root, file)}`)
}

async function findSeeded(): Promise<void> {
  await mkdir(path.join(dist, 'seeded'), { recursive: true })
  const from = values.from === undefined ? 1 : Number(values.from)
  let missed = 0
  for (const bug of seeded) {
    if (values.bug !== undefined && bug.name !== values.bug) continue
    const file = path.join(dist, 'seeded', `${bug.name}.mjs`)
    const found = await buildSubject(root, file, bug).then(
      () => findOne(file, from),
      () => undefined,
    )
    if (found === undefined) missed += 1
    print(
      `${found === undefined ? 'MISSED' : 'caught'} ${bug.name}${found === undefined ? '' : `: ${found}`}`,
    )
  }
  print(`${missed} seeded bugs were missed within ${count} seeds`)
  if (missed > 0) process.exitCode = 1
}

/** Looks in growing portions: most are found at once. */
async function findOne(file: string, from: number): Promise<string | undefined> {
  let done = 0
  for (let portion = 200; done < count; portion *= 3) {
    const next = Math.min(portion, count - done)
    const { failures } = await runSeeds(file, { from: from + done, count: next, workers, most: 12 })
    for (const { seed, violation } of failures) {
      // A seed that fails without the bug does not count as found.
      if (violation.rule === 'hangs') return `seed ${seed} hangs`
      const { violation: without } = await run(generate(seed), await load(clean))
      if (without === undefined) return `seed ${seed}, ${violation.rule}: ${violation.message}`
    }
    done += next
  }
  return undefined
}

async function load(file: string): Promise<Subject> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (await import(pathToFileURL(file).href)) as Subject
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
