/** The program of the tests' page: caches as a test asks for them, and a panel over them. */
import { type AutoRefresh, InMemoryAutoRefresh } from '@auto-refresh/core'
import { systemClock } from '@auto-refresh/core/adapter'
import {
  type AutoRefreshDevtoolsElement,
  createDevtools,
  simulate,
  type Simulation,
} from '@auto-refresh/devtools'
import { SharedAutoRefresh } from '@auto-refresh/share'
import { Bus } from '@auto-refresh/share/testing'

/** A render job. Its owner must not be seen unless somebody asks for it. */
interface Job {
  readonly state: 'running' | 'done'
  readonly progress: number
  readonly owner: string
}

/** What a test reads and does in the page. */
export interface DevtoolsPage {
  readonly jobs: AutoRefresh<Job>
  /** Has one item of a subscription that has left: nothing refreshes it. */
  readonly quiet: AutoRefresh<number>
  readonly simulation: Simulation
  readonly panel: AutoRefreshDevtoolsElement
  readonly calls: { jobs: number; quiet: number }
}

declare global {
  interface Window {
    /** Makes the caches, the first with `count` items, and the panel. */
    openPanel: (count: number, interval: number) => void
    devtools: DevtoolsPage
  }
}

const OWNER = 'ada@example.org'

window.openPanel = (count, interval) => {
  const calls = { jobs: 0, quiet: 0 }
  const { jobs, simulation } = makeJobs(count, interval, calls)
  const quiet = new InMemoryAutoRefresh<number>({
    interval: 100,
    sync(batch) {
      calls.quiet += 1
      return batch.map(({ id, item = 0 }) => ({ id, item: item + 1 }))
    },
  }).start()
  const leave = quiet.subscribe('unwatched', () => undefined, { initialItem: 1 })
  leave()
  const shared = new SharedAutoRefresh<number>({
    interval: 1000,
    group: 'me',
    transport: new Bus(systemClock).transport('a'),
    sync: (batch) => batch.map(({ id, item = 0 }) => ({ id, item: item + 1 })),
  }).start()
  shared.getOrCreate('one')
  const panel = createDevtools({ jobs: { cache: jobs, simulation }, quiet, shared })
  panel.style.height = '100vh'
  document.body.style.margin = '0'
  document.body.append(panel)
  window.devtools = { jobs, quiet, simulation, panel, calls }
}

function makeJobs(count: number, interval: number, calls: { jobs: number }) {
  const options = simulate<Job>({
    interval,
    isTerminal: ({ state }) => state === 'done',
    async sync(batch) {
      calls.jobs += 1
      await new Promise((resolve) => setTimeout(resolve, 40 + 2 * batch.length))
      if (batch.some(({ id }) => id === 'job-13')) throw new Error('HTTP 500')
      return batch.map(({ id, item }) => {
        const progress = Math.min(100, (item?.progress ?? 0) + 1)
        return { id, item: { state: progress === 100 ? 'done' : 'running', progress, owner: OWNER } }
      })
    },
  })
  const jobs = new InMemoryAutoRefresh(options).start()
  for (let number = 0; number < count; number++) {
    const progress = (number * 17) % 101
    jobs.getOrCreate(`job-${number}`, { state: progress > 85 ? 'done' : 'running', progress, owner: OWNER })
  }
  return { jobs, simulation: options.simulation }
}
