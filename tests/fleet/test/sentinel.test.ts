import { expect, it } from 'vitest'
import { Running } from '../src/running.ts'
import { until } from '../src/until.ts'
import { Server } from '../src/server.ts'

const FAIL_OVER = (5000 * 4) / 3

it(
  'V6: the group goes on after a failover by Sentinel, with a higher fence',
  { timeout: 120_000 },
  async () => {
    await using replica = await Server.start()
    await using fleet = await Running.start({
      lease: 5000,
      commandTimeout: 1000,
      interval: 1000,
      sentinelOf: async (server) => {
        await replica.command('REPLICAOF', '127.0.0.1', String(server.port))
        await until(async () =>
          String(await replica.command('INFO', 'replication')).includes('link_status:up'),
        )
        return Server.start(
          [
            `sentinel monitor shop 127.0.0.1 ${server.port} 1`,
            'sentinel down-after-milliseconds shop 2000',
            'sentinel failover-timeout shop 5000',
          ],
          'sentinel',
        )
      },
    })
    await fleet.settled(['x'])
    const { epoch } = await (await fleet.leader()).see()
    await fleet.server.kill()
    const step = fleet.source.change('x')
    const at = performance.now()
    // Sentinel ends all connections of a replica that it promotes, this one included.
    const role = (): Promise<unknown> => replica.command('INFO', 'replication').catch(() => undefined)
    await fleet.until(async () => String(await role()).includes('role:master'))
    const promotedAt = performance.now()
    await fleet.until(async () => (await fleet.see()).every(({ items }) => items['x'] === step))
    await fleet.settled(['x'])
    process.stderr.write(
      `failover by Sentinel: promoted after ${Math.round(promotedAt - at)} ms, shared again ${Math.round(performance.now() - promotedAt)} ms later\n`,
    )
    expect(performance.now() - promotedAt).toBeLessThanOrEqual(2 * FAIL_OVER)
    expect((await (await fleet.leader()).see()).epoch).toBeGreaterThan(epoch)
  },
)
