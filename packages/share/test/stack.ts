import { VirtualEnvironment } from '@auto-refresh/core/testing'
import { SharedAutoRefresh } from '@auto-refresh/share'
import { Hub } from '@auto-refresh/share/hub'
import { hubClient } from '@auto-refresh/share/hub-client'
import { Bus } from '@auto-refresh/share/testing'
import { type Fleet, processes } from './fleet/processes.ts'
import { isTerminal, type Job } from './group.ts'
import { Network } from './hub/network.ts'
import { type User } from './hub/site.ts'

export interface Tab {
  readonly cache: SharedAutoRefresh<Job>
  readonly network: Network
}

export interface Stack extends Fleet {
  /** Opens tabs of one browser, which reach one of the servers. */
  readonly browse: (server: number, tabs: number) => Tab[]
  /** ms that a request takes to its server. */
  latency: () => number
}

/** Browsers with tabs, whose leaders ask hubs of a fleet of three servers (H8). @param answer of the source */
export function stack(answer?: NonNullable<Parameters<typeof processes>[0]>['answer']): Stack {
  const fleet = processes(answer && { answer })
  const { clock } = fleet
  const hubs = ['one', 'two', 'three'].map(
    (name) =>
      new Hub<Job, User>(fleet.start(name).cache, {
        authorize: () => ({ id: 'me' }),
        mayRead: () => true,
        clock,
        random: () => 0.5,
      }),
  )
  const browse: Stack['browse'] = (server, tabs) => {
    const bus = new Bus(clock, { latency: 1 })
    return Array.from({ length: tabs }, (_, index) => {
      const network = new Network(
        clock,
        async (request) => hubs[server]?.fetch(request) ?? Response.error(),
        {},
      )
      const { transport, ...client } = hubClient<Job>({
        url: 'https://hub.test/jobs',
        fetch: async (url, init) => {
          const latency = world.latency()
          if (latency > 0) await new Promise<void>((arrive) => clock.setTimeout(arrive, latency))
          return network.fetch(url, init)
        },
        clock,
        random: () => 0,
      })
      const cache = new SharedAutoRefresh<Job>({
        ...client,
        transport: bus.transport(String(index)),
        upstream: transport,
        interval: 1000,
        jitter: 0,
        random: () => 0,
        isTerminal,
        clock,
        environment: new VirtualEnvironment(),
        group: 'me',
      }).start()
      return { cache, network }
    })
  }
  const world: Stack = { ...fleet, browse, latency: () => 0 }
  return world
}
