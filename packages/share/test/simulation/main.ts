// Simulates groups: `node --import tsx test/simulation/main.ts [first seed] [count]`, or `bugs [seeds each]`, or `log seed`, from this package.
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { BUGS } from './bugs.ts'
import { bundle, type Bug } from './bundle.ts'
import type { simulate, Subject } from './simulate.ts'

type Program = Subject & { readonly simulate: typeof simulate }

const [what = '1', limit = '100'] = process.argv.slice(2)
const folder = mkdtempSync(path.join(tmpdir(), 'share-simulation-'))

async function load(name: string, bug?: Bug): Promise<Program> {
  const file = path.join(folder, `${name}.mjs`)
  writeFileSync(file, await bundle(bug))
  return (await import(pathToFileURL(file).href)) as Program
}

/** Returns the first mistake that these seeds find, and its seed. */
async function search(program: Program, first: number, count: number): Promise<string | undefined> {
  for (let seed = first; seed < first + count; seed += 1) {
    try {
      await program.simulate(seed, program)
    } catch (error) {
      return `seed ${seed}: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  return undefined
}

if (what === 'bugs') {
  let missed = 0
  const bugs = BUGS.filter(({ name }) => process.argv[4] === undefined || name === process.argv[4])
  // All are built first, so that the source may be changed meanwhile.
  const programs = await Promise.all(bugs.map((bug) => load(bug.name, bug)))
  for (const [place, bug] of bugs.entries()) {
    const program = programs[place]
    const found = program === undefined ? undefined : await search(program, 1, Number(limit))
    if (found === undefined) missed += 1
    console.log(`${found === undefined ? 'MISSED' : 'found '} ${bug.name}: ${found ?? ''}`)
  }
  console.log(`${bugs.length - missed} of ${bugs.length} found`)
} else if (what === 'log') {
  const program = await load('real')
  await program
    .simulate(Number(limit), program, (line) => console.log(line))
    .catch((error: unknown) => console.log(String(error)))
} else {
  const program = await load('real')
  const [first, count] = [Number(what), Number(limit)]
  let failures = 0
  const started = performance.now()
  for (let seed = first; seed < first + count; seed += 1) {
    const found = await search(program, seed, 1)
    if (found === undefined) continue
    failures += 1
    console.log(found)
  }
  console.log(
    `${count} seeds from ${first}: ${failures} failures, ${Math.round(performance.now() - started)} ms`,
  )
}
rmSync(folder, { recursive: true })
