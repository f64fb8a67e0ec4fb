import { InMemoryAutoRefresh, type ItemId, type SyncResponse } from '@auto-refresh/core'
import { VirtualClock, VirtualEnvironment } from '@auto-refresh/core/testing'
import { SharedAutoRefresh, type SharedOptions } from '@auto-refresh/share'
import { Hub, type HubOptions, type Principal } from '@auto-refresh/share/hub'
import { hubClient, type HubClientOptions } from '@auto-refresh/share/hub-client'
import { isTerminal, type Job, running } from '../group.ts'
import { Network } from './network.ts'

export interface User extends Principal {
  readonly id: string
}

export interface Client {
  readonly cache: SharedAutoRefresh<Job>
  readonly environment: VirtualEnvironment
  readonly network: Network
}

type Source = (ids: readonly ItemId[]) => readonly SyncResponse<Job>[] | Promise<readonly SyncResponse<Job>[]>

/** A server whose cache polls a source, its hub, and clients of it. */
export interface Site {
  readonly clock: VirtualClock
  readonly jobs: InMemoryAutoRefresh<Job>
  /** Ids of each call to the source. */
  readonly calls: (readonly ItemId[])[]
  readonly source: Map<ItemId, Job>
  hub: Hub<Job, User>
  /** Starts another hub in place of this one, with another cache, as a new process would. */
  readonly restart: () => void
  /** Requests go to `site.hub`, by a network of the client's own. */
  readonly join: (
    user?: string,
    options?: Partial<SharedOptions<Job>>,
    client?: Partial<HubClientOptions<Job>>,
  ) => Client
}

export function site(
  given: {
    readonly options?: Partial<HubOptions<Job, User>>
    readonly answer?: Source
    readonly interval?: number
  } = {},
): Site {
  const clock = new VirtualClock(1_000_000)
  const source = new Map<ItemId, Job>()
  const calls: (readonly ItemId[])[] = []
  const answer: Source =
    given.answer ?? ((ids) => ids.map((id) => ({ id, item: source.get(id) ?? running() })))
  const open = (): Pick<Site, 'jobs' | 'hub'> => {
    const jobs = new InMemoryAutoRefresh<Job>({
      sync: (batch) => {
        const ids = batch.map(({ id }) => id)
        calls.push(ids)
        return answer(ids)
      },
      interval: given.interval ?? 1000,
      jitter: 0,
      random: () => 0,
      isTerminal,
      clock,
      environment: new VirtualEnvironment(),
      gcTime: 30_000,
    }).start()
    const hub = new Hub<Job, User>(jobs, {
      authorize: (request) => {
        const id = request.headers.get('user')
        return id === null ? undefined : { id }
      },
      mayRead: () => true,
      clock,
      random: () => 0.5,
      ...given.options,
    })
    return { jobs, hub }
  }
  const join: Site['join'] = (user = 'me', options = {}, client = {}) => {
    const environment = new VirtualEnvironment()
    const network = new Network(clock, (request) => made.hub.fetch(request), { user })
    const cache = new SharedAutoRefresh<Job>({
      ...hubClient<Job>({
        url: 'https://hub.test/jobs',
        fetch: (url, init) => network.fetch(url, init),
        clock,
        random: () => 0,
        ...client,
      }),
      interval: 1000,
      jitter: 0,
      random: () => 0,
      isTerminal,
      clock,
      environment,
      group: user,
      ...options,
    }).start()
    return { cache, environment, network }
  }
  const made: Site = {
    clock,
    calls,
    source,
    join,
    restart: () => {
      made.hub.close()
      void made.jobs.stop()
      Object.assign(made, open())
    },
    ...open(),
  }
  return made
}
