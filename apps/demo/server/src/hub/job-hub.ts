import type { AutoRefresh, AutoRefreshOptions, SyncFunction } from '@auto-refresh/core'
import { Hub, type Principal } from '@auto-refresh/share/hub'
import { LIMITS, type HubReport, type Job, type ServerReport } from '../api.ts'
import { INTERVAL, isFinished } from '../job.ts'

/** Everybody may see every job. */
const VISITOR: Principal = { id: 'visitor' }

/** Options of a server's cache: those of the page's own (`src/job-cache.ts`), but for the size of a batch. */
export function jobOptions(sync: SyncFunction<Job>): AutoRefreshOptions<Job> {
  return {
    name: 'jobs',
    sync,
    interval: INTERVAL,
    batchSize: LIMITS.idsPerStatusRequest,
    isTerminal: isFinished,
    missing: 'fail',
    timeout: 5000,
    retry: { maxDelay: 15_000 },
  }
}

/** Pushes jobs to pages: one cache asks the farm for all of them. */
export class JobHub {
  readonly #cache: AutoRefresh<Job>
  readonly #hub: Hub<Job, Principal>
  readonly #server: () => ServerReport | undefined

  /**
   * Starts the cache.
   *
   * @param server tells of this server, if it is one of several
   */
  constructor(cache: AutoRefresh<Job>, server: () => ServerReport | undefined = () => undefined) {
    this.#cache = cache.start()
    this.#hub = new Hub<Job, Principal>(cache, { authorize: () => VISITOR, mayRead: () => true })
    this.#server = server
  }

  readonly fetch = (request: Request): Promise<Response> => this.#hub.fetch(request)

  report(): HubReport {
    return { browsers: this.#hub.stats().clients, server: this.#server() }
  }

  /** Ends the streams, and stops the cache. */
  async close(): Promise<void> {
    this.#hub.close()
    await this.#cache.stop()
  }
}
