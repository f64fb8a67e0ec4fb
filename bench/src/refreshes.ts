/**
 * Refreshed items per CPU-second, the library beside a hand-written loop that does nothing but call, store and notify:
 * 10,000 items, batches of 100, one subscriber each, 1 % of the items changed a round, on a virtual clock, so that only
 * the work counts. Each figure is of a fresh process, the contestants in turns; the median of the turns.
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { InMemoryAutoRefresh, type Batch } from '@auto-refresh/core'
import { ManualClock } from './manual-clock.ts'

interface Job {
  readonly id: number
  readonly state: string
  readonly progress: number
}

const ITEMS = 10_000
const BATCH = 100
const INTERVAL = 1000
const ROUNDS = 200
const TURNS = 5
const WARM_UP = 100

type Contestant = (rounds: number) => Promise<void>

/** An instant asynchronous backend: each answer is made of new objects, as from JSON, and 1 % of them differ. */
class Backend {
  #calls = 0

  async answer(batch: readonly { readonly id: string }[]): Promise<{ id: string; item: Job }[]> {
    const changed = this.#calls++ % BATCH
    return batch.map(({ id }, index) => ({
      id,
      item: { id: index, state: 'running', progress: index === changed ? this.#calls : 0 },
    }))
  }
}

/** The least that any program must do: one timer, one call a batch, one map, one call of a listener a change. */
function floor(): Contestant {
  const backend = new Backend()
  const items = new Map<string, Job>()
  const listeners = new Map<string, () => void>()
  let told = 0
  const ids = Array.from({ length: ITEMS }, (_, index) => `job-${index}`)
  for (const id of ids) {
    items.set(id, { id: 0, state: 'queued', progress: 0 })
    listeners.set(id, () => told++)
  }
  return async (rounds) => {
    for (let round = 0; round < rounds; round++) {
      for (let from = 0; from < ITEMS; from += BATCH) {
        const batch = ids.slice(from, from + BATCH).map((id) => ({ id, item: items.get(id) }))
        for (const { id, item } of await backend.answer(batch)) {
          const present = items.get(id)
          if (present?.progress === item.progress && present.state === item.state) continue
          items.set(id, item)
          listeners.get(id)?.()
        }
      }
    }
  }
}

async function library(equals?: (a: Job, b: Job) => boolean): Promise<Contestant> {
  const backend = new Backend()
  const clock = new ManualClock()
  let told = 0
  const cache = new InMemoryAutoRefresh<Job>({
    interval: INTERVAL,
    batchSize: BATCH,
    equals,
    clock,
    sync: (batch: Batch<Job>) => backend.answer(batch),
  })
  for (let index = 0; index < ITEMS; index++) {
    cache.getOrCreate(`job-${index}`, { id: 0, state: 'queued', progress: 0 })
    cache.subscribe(`job-${index}`, () => told++)
  }
  cache.start()
  await clock.settle()
  return async (rounds) => {
    const before = cache.stats().refreshedItems
    while (cache.stats().refreshedItems - before < rounds * ITEMS) await clock.fire()
  }
}

async function cpuMicroseconds(run: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

const sameJob = (a: Job, b: Job): boolean => a.progress === b.progress && a.state === b.state

const contestants: Record<string, () => Contestant | Promise<Contestant>> = {
  'hand-written loop': floor,
  'auto-refresh, own equals': () => library(sameJob),
  'auto-refresh, deep equality': () => library(),
  'auto-refresh, Object.is': () => library(Object.is),
}

const [name] = process.argv.slice(2)
if (name === undefined) compare()
else await measure(name)

/** One contestant in this process: its cost an item, µs of CPU, on the standard output. */
async function measure(contestant: string): Promise<void> {
  const run = await contestants[contestant]?.()
  if (run === undefined) throw new Error(`no contestant is called ${contestant}`)
  await run(WARM_UP)
  console.log((await cpuMicroseconds(() => run(ROUNDS))) / (ROUNDS * ITEMS))
}

/** Each contestant in fresh processes, in turns; the median of the turns. */
function compare(): void {
  const costs = new Map(Object.keys(contestants).map((each): [string, number[]] => [each, []]))
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [each, seen] of costs) {
      const output = execFileSync(process.execPath, [
        ...process.execArgv,
        fileURLToPath(import.meta.url),
        each,
      ])
      seen.push(Number(output.toString()))
    }
  }
  const base = median(costs.get('hand-written loop') ?? [])
  for (const [each, seen] of costs) {
    const cost = median(seen)
    const range = `${Math.min(...seen).toFixed(3)}–${Math.max(...seen).toFixed(3)}`
    const rate = (1 / cost).toFixed(2)
    const ratio = (cost / base).toFixed(2)
    console.log(
      `${each.padEnd(28)} ${cost.toFixed(3)} µs an item (${range})  ${rate} million a CPU-second  ${ratio} ×`,
    )
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN
}
