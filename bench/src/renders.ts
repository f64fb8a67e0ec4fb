/**
 * What a round of refreshing costs in a page: 1,000 rows, of which 1 % or all change a round, each row a component with
 * `useAutoRefreshItem`, or one component with `useAutoRefreshItems`, in React, Vue and Preact as they are in production.
 * Renders and commits are counted; the CPU is that of the cache, the framework and a DOM without a browser (happy-dom).
 */
import { InMemoryAutoRefresh, type Batch } from '@auto-refresh/core'
import { Window } from 'happy-dom'
import { ManualClock } from './manual-clock.ts'
import type { Framework, Job, RowsOptions } from './rows.ts'

const ROWS = 1000
const WARM_UP = 60
const ROUNDS = 50
const ids = Array.from({ length: ROWS }, (_, index) => `job-${index}`)

interface Costs {
  readonly renders: number
  readonly commits: number
  readonly cpu: number
}

// Frameworks look at both when they are loaded.
process.env['NODE_ENV'] = 'production'
const window = new Window()
const { document, Element, SVGElement } = window
Object.assign(globalThis, { window, document, Element, SVGElement })

const frameworks: Readonly<Record<string, Framework>> = {
  React: (await import('./react-rows.ts')).framework,
  Vue: (await import('./vue-rows.ts')).framework,
  Preact: (await import('./preact-rows.ts')).framework,
}

console.log('a round of 1,000 rows                changed   renders   commits    CPU ms')
for (const share of [0.01, 1]) {
  print('no framework', share, await measure(share, subscribe))
  for (const [name, { mountRows, mountList }] of Object.entries(frameworks)) {
    print(`${name}, a component a row`, share, await measure(share, mountRows))
    print(`${name}, one component`, share, await measure(share, mountList))
  }
}
await window.happyDOM.close()

/** The means of some rounds, after some others. */
async function measure(share: number, mount: (options: RowsOptions) => void): Promise<Costs> {
  const clock = new ManualClock()
  const cache = new InMemoryAutoRefresh<Job>({ interval: 1000, jitter: 0, clock, sync: backend(share) })
  for (const id of ids) cache.getOrCreate(id, { progress: 0 })
  let renders = 0
  let commits = 0
  let isInCommit = false
  const onCommit = (): void => {
    if (isInCommit) return
    commits += 1
    isInCommit = true
    queueMicrotask(() => {
      isInCommit = false
    })
  }
  const container = globalThis.document.createElement('div')
  mount({ container, cache, ids, onRender: () => (renders += 1), onCommit })
  cache.start()
  const play = async (rounds: number): Promise<void> => {
    const before = cache.stats().refreshedItems
    while (cache.stats().refreshedItems - before < rounds * ROWS) await clock.fire()
  }
  await clock.settle()
  await play(WARM_UP)
  renders = 0
  commits = 0
  const before = process.cpuUsage()
  await play(ROUNDS)
  const { user, system } = process.cpuUsage(before)
  await cache.stop()
  return {
    renders: renders / ROUNDS,
    commits: commits / ROUNDS,
    cpu: (user + system) / 1000 / ROUNDS,
  }
}

/** What is there without a framework: a listener a row. */
function subscribe({ cache, onRender }: RowsOptions): void {
  for (const id of ids) cache.subscribe(id, onRender)
}

/** Answers at once, with new objects as from JSON; that share of them differs from the last answer. */
function backend(share: number): (batch: Batch<Job>) => Promise<{ id: string; item: Job }[]> {
  let calls = 0
  return async (batch) => {
    calls += 1
    return batch.map(({ id, item }, index) => ({
      id,
      item: { progress: (index + calls) % (1 / share) < 1 ? item.progress + 1 : item.progress },
    }))
  }
}

function print(name: string, share: number, { renders, commits, cpu }: Costs): void {
  const columns = [`${share * 100} %`, renders.toFixed(1), commits.toFixed(1), cpu.toFixed(2)]
  console.log(`${name.padEnd(34)}${columns.map((column) => column.padStart(10)).join('')}`)
}
