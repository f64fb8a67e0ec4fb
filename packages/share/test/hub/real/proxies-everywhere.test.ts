import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@auto-refresh/browsers'
import { SharedAutoRefresh } from '@auto-refresh/share'
import { hubClient } from '@auto-refresh/share/hub-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { printFigures } from '../../figures.ts'
import { bufferingProxy, type Proxy } from './buffering-proxy.ts'
import { type Nginx, nginxBefore } from './nginx.ts'
import { serve, type Served } from './serve.ts'

interface Job {
  readonly step: number
}

/** Of the server's cache and of the clients, ms. */
const INTERVAL = 1000

class Client {
  readonly cache: SharedAutoRefresh<Job>
  /** Actions of the requests so far. */
  readonly requests: string[] = []
  encoding: string | null = null

  constructor(url: string) {
    this.cache = new SharedAutoRefresh<Job>({
      ...hubClient<Job>({
        url,
        fetch: async (to, init) => {
          const action = to.split('/').at(-1) ?? ''
          this.requests.push(action)
          const headers = { ...Object.fromEntries(new Headers(init.headers)), user: 'me' }
          const response = await fetch(to, { ...init, headers })
          if (action === 'stream') this.encoding = response.headers.get('content-encoding')
          return response
        },
      }),
      interval: INTERVAL,
      group: 'me',
    }).start()
    this.cache.getOrCreate('x')
  }

  get step(): number | undefined {
    return this.cache.get('x')?.step
  }
}

describe('a hub behind a proxy that buffers', () => {
  let server: Served
  let nginx: Nginx
  const proxies: Proxy[] = []
  beforeAll(async () => {
    server = await serve('node')
    await server.control(`set?interval=${INTERVAL}`)
    nginx = await nginxBefore(server.port)
    proxies.push(
      await bufferingProxy(server.port, 4096, Infinity),
      await bufferingProxy(server.port, Infinity, 10_000),
    )
  })
  afterAll(async () => {
    await Promise.all(proxies.map((proxy) => proxy.close()))
    await nginx.close()
    await server.kill()
  })

  it('H5: nginx with its defaults, and gzip, passes a stream on at once', async () => {
    const client = new Client(nginx.heeding)
    await eventually(() => (client.step === undefined ? undefined : true), {
      within: 20_000,
      awaited: 'a value',
    })
    const late: number[] = []
    for (let step = 1; step <= 5; step += 1) {
      await server.control(`set?step=${step}`)
      const at = performance.now()
      await eventually(() => (client.step === step ? true : undefined), {
        within: 20_000,
        awaited: `step ${step}`,
      })
      late.push(performance.now() - at)
    }
    printFigures('a change arrived behind nginx (the interval is 1 s)', late)
    expect(client.encoding).toBe('gzip')
    expect(client.requests).toEqual(['stream'])
    expect(client.cache.stats()).toMatchObject({ role: 'follower', alone: undefined })
    await client.cache.stop()
    await eventually(async () => ((await server.stats()).clients === 0 ? true : undefined), {
      within: 20_000,
      awaited: 'the end of the stream',
    })
  })

  it('H4, K11: a client notices that its stream is held back, says so, and asks by status', async () => {
    const urls = [nginx.ignoring, ...proxies.map(({ url }) => url)]
    const clients = urls.map((url) => new Client(url))
    const start = performance.now()
    for (const client of clients) {
      await eventually(() => (client.step === undefined ? undefined : true), {
        within: 10_000,
        awaited: 'a value, which comes by status meanwhile',
      })
    }
    const noticed = await Promise.all(
      clients.map((client) =>
        eventually(
          () => (client.cache.stats().alone === 'stream-held' ? performance.now() - start : undefined),
          { within: 60_000, awaited: 'stream-held' },
        ),
      ),
    )
    printFigures('noticed behind nginx that ignores the header, a proxy of 4 kB, and one of 10 s', noticed)
    await server.control('set?step=100')
    await sleep(2.5 * INTERVAL)
    expect(clients.map(({ step }) => step)).toEqual(clients.map(() => 100))
    const before = clients.map(({ requests }) => requests.length)
    await sleep(4 * INTERVAL)
    for (const [index, { requests }] of clients.entries()) {
      // Four by status, and at most one stream.
      expect(requests.length - (before[index] ?? 0)).toBeLessThanOrEqual(6)
    }
    await Promise.all(clients.map(({ cache }) => cache.stop()))
  })
})
