import { setTimeout as sleep } from 'node:timers/promises'
import { FaultyProxy } from '../../reliability/src/faults/faulty-proxy.ts'
import type { NetworkFault } from '../../reliability/src/faults/network-fault.ts'
import { FleetProcess } from './fleet-process.ts'
import type { ProcessOptions, Seen } from './job.ts'
import { Server } from './server.ts'
import { Source } from './source.ts'
import { until } from './until.ts'

/** The rights that the guide names, for the user `shop` and the namespace `shop:test`. */
export const RIGHTS =
  'user shop on >secret resetkeys ~shop:test:* resetchannels &shop:test:* -@all +evalsha +eval +publish +subscribe +unsubscribe +get +set +del +pexpire +pttl +time +ping +hello'

export type RunningOptions = Pick<ProcessOptions, 'lease' | 'commandTimeout' | 'interval'> & {
  /** True if each process reaches the server through a proxy of its own. */
  readonly hasProxies?: boolean
  /** Starts a Sentinel, by which the processes find the server. Then they have all rights. */
  readonly sentinelOf?: (server: Server) => Promise<Server>
}

/** Three processes over one server and one source. */
export class Running implements AsyncDisposable {
  readonly server: Server
  readonly source: Source
  readonly all: FleetProcess[] = []
  readonly #options: RunningOptions
  readonly #proxies: FaultyProxy[] = []
  #sentinel: Server | undefined

  private constructor(server: Server, source: Source, options: RunningOptions) {
    this.server = server
    this.source = source
    this.#options = options
  }

  static async start(options: RunningOptions): Promise<Running> {
    const server = await Server.start([RIGHTS])
    const running = new Running(server, await Source.start(), options)
    running.#sentinel = await options.sentinelOf?.(server)
    for (let index = 0; index < 3 && options.hasProxies === true; index++) {
      running.#proxies.push(await FaultyProxy.before(`http://127.0.0.1:${server.port}`))
    }
    running.all.push(
      ...(await Promise.all(['a', 'b', 'c'].map((name, index) => running.#process(name, index)))),
    )
    return running
  }

  /** Starts a process again that has ended. */
  async restart(process: FleetProcess): Promise<void> {
    const index = this.all.indexOf(process)
    this.all[index] = await this.#process(process.name, index)
  }

  /** Waits until one leads, the others follow, and all show the source's states of these ids. */
  async settled(ids: readonly string[]): Promise<void> {
    await Promise.all(this.all.map((each) => each.add(...ids)))
    await this.until(async () => {
      const seen = await this.see()
      const roles = seen.map(({ role }) => role).sort()
      const isWell = roles.join() === ['follower', 'follower', 'leader'].join()
      return isWell && seen.every(({ items }) => ids.every((id) => items[id] === this.source.stepOf(id)))
    })
  }

  async see(): Promise<readonly (Seen & { readonly name: string })[]> {
    return Promise.all(this.all.map(async (each) => ({ name: each.name, ...(await each.see()) })))
  }

  /** Observes all processes for a while. */
  async seenUntil(ms: number): Promise<readonly (Seen & { readonly name: string })[]> {
    const all: (Seen & { readonly name: string })[] = []
    for (const end = performance.now() + ms; performance.now() < end; await sleep(30))
      all.push(...(await this.see()))
    return all
  }

  async leader(): Promise<FleetProcess> {
    let found: FleetProcess | undefined
    await this.until(async () => {
      const seen = await this.see()
      found = this.all[seen.findIndex(({ role }) => role === 'leader')]
      return found !== undefined
    })
    if (found === undefined) throw new Error('nobody leads')
    return found
  }

  /** Waits for the next call to the source. */
  async nextCall(): Promise<void> {
    const count = this.source.calls.length
    await this.until(async () => this.source.calls.length > count)
  }

  async until(isTrue: () => Promise<boolean>): Promise<void> {
    try {
      await until(isTrue)
    } catch (error) {
      throw new Error(`${String(error)} ${JSON.stringify(await this.see())}`, { cause: error })
    }
  }

  /** From now on the network of one process, or of all, has this fault and no other. */
  async network(fault: NetworkFault, index?: number): Promise<void> {
    const proxies = this.#proxies.filter((_, each) => index === undefined || each === index)
    await Promise.all(proxies.map((proxy) => proxy.set(fault)))
  }

  wait(ms: number): Promise<void> {
    return sleep(ms)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.all.map((each) => each[Symbol.asyncDispose]()))
    await this.source[Symbol.asyncDispose]()
    await Promise.all(this.#proxies.map((proxy) => proxy[Symbol.asyncDispose]()))
    await this.#sentinel?.[Symbol.asyncDispose]()
    await this.server[Symbol.asyncDispose]()
  }

  #process(name: string, index: number): Promise<FleetProcess> {
    const { lease, commandTimeout, interval } = this.#options
    const url = new URL(this.#proxies[index]?.url ?? this.server.url)
    const address = `redis://shop:secret@${url.host}`
    const sentinel = this.#sentinel && { port: this.#sentinel.port, name: 'shop' }
    const common = { name, url: address, source: this.source.url, lease, commandTimeout, interval }
    return FleetProcess.start({ ...common, ...(sentinel && { sentinel }) })
  }
}
