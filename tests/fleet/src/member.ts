/** A process of the fleet. The test starts it, and exchanges messages with it. */
import { SharedAutoRefresh } from '@auto-refresh/share'
import { fleet, redisStore, type RedisClient } from '@auto-refresh/share/fleet'
import { createClient, createSentinel } from 'redis'
import { type Job, parseAnswers, parseOptions, type Seen } from './job.ts'

const options = parseOptions(process.argv[2] ?? '')
const { name, interval, lease, commandTimeout, source } = options

const client = await connect()
const cache = new SharedAutoRefresh<Job>({
  interval,
  jitter: 0,
  timeout: 5000,
  group: 'jobs',
  transport: fleet({
    store: redisStore(client),
    namespace: 'shop:test',
    lease,
    commandTimeout,
    expectedMembers: 3,
  }),
  sync: async (batch, { signal }) => {
    const body = JSON.stringify({ by: name, ids: batch.map(({ id }) => id) })
    const response = await fetch(source, { method: 'POST', body, signal })
    if (!response.ok) throw Object.assign(new Error(`HTTP ${response.status}`), { status: response.status })
    return parseAnswers(await response.text())
  },
})
const roles: string[] = []
cache.onEvent((event) => {
  if (event.type === 'role') roles.push(event.role)
})
cache.start()

const commands: Readonly<Record<string, (...args: readonly never[]) => unknown>> = {
  add: (...ids: readonly string[]) => {
    for (const id of ids) cache.getOrCreate(id)
  },
  update: (id: string, step: number) => cache.update(id, { step }),
  refresh: (id: string) => cache.refresh(id),
  stop: () => cache.stop(),
  see: (): Seen => {
    const { role, alone, epoch, members, syncCalls } = cache.stats()
    const items = Object.fromEntries([...cache.ids()].map((id) => [id, cache.get(id)?.step]))
    return { role, alone, epoch, members, syncCalls, items, failing: failing(), roles }
  },
}

function failing(): readonly string[] {
  return [...cache.ids()].filter((id) => cache.getSnapshot(id).error !== undefined)
}

process.on(
  'message',
  (message: { readonly id: number; readonly command: string; readonly args: never[] }) => {
    const run = async (): Promise<unknown> => commands[message.command]?.(...message.args)
    run().then(
      (result) => process.send?.({ id: message.id, result }),
      (error: unknown) => process.send?.({ id: message.id, error: String(error) }),
    )
  },
)
// The test has ended.
process.on('disconnect', () => process.exit())
process.send?.({ id: 0 })

async function connect(): Promise<RedisClient> {
  // A half-open connection is detected by a ping, and ended if no answer comes.
  const socket = { socketTimeout: 3000, reconnectStrategy: () => 100 + Math.random() * 200 }
  const common = { pingInterval: 1000, socket }
  if (options.sentinel === undefined) {
    const own = createClient({ url: options.url, ...common }).on('error', () => undefined)
    await own.connect()
    return own
  }
  const sentinelRootNodes = [{ host: '127.0.0.1', port: options.sentinel.port }]
  const sentinel = createSentinel({
    name: options.sentinel.name,
    sentinelRootNodes,
    nodeClientOptions: common,
    scanInterval: 500,
  }).on('error', () => undefined)
  await sentinel.connect()
  return sentinel
}
