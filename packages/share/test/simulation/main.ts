// Simulates groups: `node --import tsx test/simulation/main.ts [first seed] [count]`, or `bugs [seeds each] [name]`, or
// `log seed`, from this package. Uses all cores.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { BUGS } from './bugs.ts'
import { bundle, type Bug } from './bundle.ts'
import type { Subject } from './group.ts'
import type { simulate } from './simulate.ts'
import type { Order, Result } from './worker.ts'

type Program = Subject & { readonly simulate: typeof simulate }

/** Seeds that a thread takes at a time. */
const PART = 25
/** ms without an answer after which a program counts as one that never ends. */
const PATIENCE = 600_000

const [what = '1', limit = '100', only] = process.argv.slice(2)
const folder = mkdtempSync(path.join(tmpdir(), 'share-simulation-'))

/** Writes the program, with a bug in it if one is given. Returns its file. */
async function write(name: string, bug?: Bug): Promise<string> {
  const file = path.join(folder, `${name}.mjs`)
  writeFileSync(file, await bundle(bug))
  return file
}

/** A thread that runs a program. */
class Thread {
  readonly #worker: Worker

  constructor(file: string) {
    // Most of what a seed makes is soon garbage.
    this.#worker = new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: 64 } })
  }

  run(order: Order): Promise<Result> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve([`seed ${order.first} or a later one never ends`]), PATIENCE)
      this.#worker.once('error', reject)
      this.#worker.once('message', (result: Result) => {
        clearTimeout(timer)
        this.#worker.removeListener('error', reject)
        resolve(result)
      })
      this.#worker.postMessage(order)
    })
  }

  async stop(): Promise<void> {
    await this.#worker.terminate()
  }
}

/** Runs as many of these at a time as there are cores. */
async function onAllCores(run: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: availableParallelism() }, run))
}

if (what === 'bugs') {
  let missed = 0
  const bugs = BUGS.filter(({ name }) => only === undefined || name === only)
  // All are built first, so that the source may be changed meanwhile.
  const files = await Promise.all(bugs.map(async (bug) => ({ bug, file: await write(bug.name, bug) })))
  await onAllCores(async () => {
    for (let next = files.shift(); next !== undefined; next = files.shift()) {
      const thread = new Thread(next.file)
      const [found] = await thread.run({ first: 1, count: Number(limit), isOneEnough: true })
      await thread.stop()
      if (found === undefined) missed += 1
      console.log(`${found === undefined ? 'MISSED' : 'found '} ${next.bug.name}: ${found ?? ''}`)
    }
  })
  console.log(`${bugs.length - missed} of ${bugs.length} found`)
} else if (what === 'log') {
  const program = (await import(pathToFileURL(await write('real')).href)) as Program
  await program
    .simulate(Number(limit), program, (line) => console.log(line))
    .catch((error: unknown) => console.log(String(error)))
} else {
  const file = await write('real')
  const [first, end] = [Number(what), Number(what) + Number(limit)]
  let [next, done, failures] = [first, 0, 0]
  const started = performance.now()
  const figures = (): string =>
    `${done} seeds from ${first}: ${failures} failures, ${Math.round(performance.now() - started)} ms`
  await onAllCores(async () => {
    const thread = new Thread(file)
    while (next < end) {
      const order = { first: next, count: Math.min(PART, end - next) }
      next += order.count
      const found = await thread.run(order)
      done += order.count
      failures += found.length
      for (const each of found) console.log(each)
      if (done % 250 === 0 && done < end - first) console.log(figures())
    }
    await thread.stop()
  })
  console.log(figures())
}
rmSync(folder, { recursive: true })
