/** The program of the tests' page: caches as a test asks for them, and a panel over them. */
import { type AutoRefresh, InMemoryAutoRefresh } from '@auto-refresh/core'
import {
  type AutoRefreshDevtoolsElement,
  createDevtools,
  simulate,
  type Simulation,
} from '@auto-refresh/devtools'

/** A render job. Its owner must not be seen unless somebody asks for it. */
interface Job {
  readonly state: 'running' | 'done'
  readonly progress: number
  readonly owner: string
}

/** What a test reads and does in the page. */
export interface DevtoolsPage {
  readonly jobs: AutoRefresh<Job>
  readonly simulation: Simulation
  readonly panel: AutoRefreshDevtoolsElement
  readonly calls: number
}

declare global {
  interface Window {
    /** Makes two caches, the first with `count` items. */
    openPanel: (count: number, interval: number) => DevtoolsPage
    devtools: DevtoolsPage
  }
}

const OWNER = 'ada@example.org'

window.openPanel = (count, interval) => {
  let calls = 0
  const options = simulate<Job>({
    interval,
    isTerminal: ({ state }) => state === 'done',
    async sync(batch) {
      calls += 1
      await new Promise((resolve) => setTimeout(resolve, 40 + 8 * batch.length))
      if (batch.some(({ id }) => id === 'job-13')) throw new Error('HTTP 500')
      return batch.map(({ id, item }) => {
        const progress = Math.min(100, (item?.progress ?? 0) + 3)
        return { id, item: { state: progress === 100 ? 'done' : 'running', progress, owner: OWNER } }
      })
    },
  })
  const jobs = new InMemoryAutoRefresh(options).start()
  for (let number = 0; number < count; number++) {
    const progress = (number * 17) % 101
    jobs.getOrCreate(`job-${number}`, { state: progress > 85 ? 'done' : 'running', progress, owner: OWNER })
  }
  const builds = new InMemoryAutoRefresh<string>({
    interval: 5000,
    sync: async (batch) => batch.map(({ id }) => ({ id, item: 'green' })),
  })
  builds.getOrCreate('build-1')
  const panel = createDevtools({ jobs: { cache: jobs, simulation: options.simulation }, builds })
  panel.style.height = '100vh'
  document.body.append(panel)
  window.devtools = {
    jobs,
    simulation: options.simulation,
    panel,
    get calls() {
      return calls
    },
  }
  return window.devtools
}
