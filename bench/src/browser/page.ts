/** The page in the browser: 10,000 rows, kept fresh by one of the competitors on the browser's own timers. */
import { QueryObserver, type QueryObserverOptions } from '@tanstack/query-core'
import { createCache } from '../competitors/auto-refresh.ts'
import { listQuery, type JobList } from '../competitors/tanstack-list.ts'
import { createClient, optionsOf } from '../competitors/tanstack.ts'
import type { Job } from '../world/job.ts'
import { createWorld, type World } from '../world/world.ts'
import { BROWSER_WORK, type BrowserCompetitor } from './competitors.ts'

/** ms between two beats. A late beat has waited for the main thread. */
const BEAT = 10
/** ms from which a task counts as long. */
const LONG = 50

interface Watch {
  readonly longTasks: number
  readonly longest: number
  readonly answered: number
  readonly changed: number
  readonly shown: number
}

/** Shows the job of an index. */
type Show = (index: number, job: Job | undefined) => void

/** Styles as for any long list: each row has a layout of its own, */
const CONTAINED = 'li { height: 20px; contain: strict }'
/** and rows out of sight have none. Firefox looks at each such row in every frame that it paints. */
const SKIPPED = 'li { content-visibility: auto }'

const watched = { longTasks: 0, longest: 0, last: 0 }
let world: World | undefined
let shown = 0

/** @param skips true: the browser skips rows out of sight */
export function start(name: BrowserCompetitor, skips: boolean): void {
  world = createWorld(BROWSER_WORK)
  const list = document.createElement('ul')
  const rows = world.subjects.map(() => document.createElement('li'))
  const style = document.createElement('style')
  style.textContent = skips ? CONTAINED + SKIPPED : CONTAINED
  list.append(...rows)
  document.body.append(style, list)
  competitors[name](world, (index, job) => {
    const row = rows[index]
    if (row === undefined) return
    row.textContent = String(job?.progress)
    shown += 1
  })
}

/** Counts since the last call. */
export function take(): Watch {
  // The next beat may be late already.
  beat()
  const counted = {
    longTasks: watched.longTasks,
    longest: watched.longest,
    answered: world?.backend.answered ?? 0,
    changed: world?.backend.changed ?? 0,
    shown,
  }
  Object.assign(watched, { longTasks: 0, longest: 0 })
  return counted
}

/** Measures by beats how long the main thread was blocked, because Firefox does not report long tasks. */
export function watch(): void {
  watched.last = performance.now()
  setInterval(beat, BEAT)
}

function beat(): void {
  const now = performance.now()
  const waited = now - watched.last - BEAT
  watched.last = now
  watched.longest = Math.max(watched.longest, waited)
  if (waited >= LONG) watched.longTasks += 1
}

const competitors: Readonly<Record<BrowserCompetitor, (world: World, show: Show) => void>> = {
  nobody() {},
  'auto-refresh'(of, show) {
    const cache = createCache(of)
    for (const { id, index, job } of of.subjects) {
      cache.getOrCreate(id, job)
      cache.subscribe(id, () => show(index, cache.get(id)))
    }
    cache.start()
  },
  tanstack(of, show) {
    const client = createClient()
    const common = optionsOf(of)
    for (const { id, index, job, interval } of of.subjects) {
      const options: QueryObserverOptions<Job> = {
        ...common,
        queryKey: [id],
        queryFn: of.backend.source(job),
        initialData: job,
        refetchInterval: interval,
      }
      new QueryObserver(client, options).subscribe(({ data }) => show(index, data))
    }
  },
  'tanstack-list'(of, show) {
    const client = createClient()
    const query = listQuery(of)
    for (const { index } of of.subjects) {
      const options: QueryObserverOptions<JobList, Error, Job | undefined, JobList> = {
        ...query,
        staleTime: Infinity,
        select: (list) => list[index],
      }
      new QueryObserver(client, options).subscribe(({ data }) => show(index, data))
    }
    const [first] = of.subjects
    new QueryObserver(client, { ...query, refetchInterval: first?.interval ?? false }).subscribe(() => {})
  },
}
