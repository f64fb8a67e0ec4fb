/**
 * `npm run load:hub`: 1,000 real sockets on a hub, and on one that is written by hand; and what 10,000 clients cost the source.
 * `npm run load:hub -- 3 200` opens 200 sockets, three times, and does nothing else: for a machine that others use.
 */
import { spawn } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { Hub } from '@auto-refresh/share/hub'
import { median } from '../../figures.ts'

const IDS = Array.from({ length: 100 }, (_, index) => `job-${index}`)
const STEPS = 20
const [rounds = 1, count = 1000] = process.argv.slice(2).map(Number)

const body = (from: string, ids: readonly string[]): string =>
  JSON.stringify({
    v: 1,
    shape: '',
    from,
    asks: [{ type: 'ask', n: 1, full: true, add: ids.map((id) => ({ id })) }],
  })

const ratios: Measured[] = []
for (let round = 0; round < rounds; round += 1) {
  const [hub, byHand] = [await measureSockets('hub'), await measureSockets('by-hand')]
  ratios.push({ half: hub.half / byHand.half, cpu: hub.cpu / byHand.cpu, rss: hub.rss / byHand.rss })
}
const middle = (of: keyof Measured): string => median(ratios.map((ratio) => ratio[of])).toFixed(2)
say(
  `the hub's share of the other: ${middle('half')} of the delay, ${middle('cpu')} of the processor, ${middle('rss')} of the memory`,
)
if (rounds === 1) for (const clients of [1, 10_000]) say(await countCalls(clients, 1000))

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Of one run of a server. */
interface Measured {
  /** ms within which half of the changes arrived. */
  readonly half: number
  /** ms of processor a second. */
  readonly cpu: number
  /** MB */
  readonly rss: number
}

interface Figures {
  readonly calls: number
  /** ms of processor since the start. */
  readonly cpu: number
  /** MB */
  readonly rss: number
}

/** All sockets want the same items, all of which change once a second. */
async function measureSockets(kind: string): Promise<Measured> {
  const program = fileURLToPath(new URL('server.ts', import.meta.url))
  const server = spawn(process.execPath, [...process.execArgv, program, kind], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => String((await lines.next()).value)
  const port = Number(await next())
  const figures = async (): Promise<Figures> => {
    server.stdin.write('figures\n')
    const [calls = 0, cpu = 0, rss = 0] = (await next()).split(' ').map(Number)
    return { calls, cpu, rss }
  }
  let step = 0
  let changedAt = 0
  const delays: number[] = []
  let bytes = 0
  const sockets: Socket[] = []
  const open = async (index: number): Promise<void> => {
    const text = body(`client-${index}`, IDS)
    const socket = connect(port, '127.0.0.1')
    socket.write(
      `POST /stream?${new URLSearchParams(IDS.map((id) => ['id', id]))} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
    )
    let seen = 0
    socket.setEncoding('latin1').on('data', (data: string) => {
      bytes += data.length
      if (step > seen && data.includes(`"step":${step},`)) {
        seen = step
        delays.push(performance.now() - changedAt)
      }
    })
    sockets.push(socket)
    await new Promise<void>((resolve) => socket.once('data', () => resolve()))
  }
  for (let from = 0; from < count; from += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, index) => open(from + index)))
  }
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const before = await figures()
  bytes = 0
  for (step = 1; step <= STEPS; step += 1) {
    changedAt = performance.now()
    server.stdin.write('step\n')
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
  const after = await figures()
  for (const socket of sockets) socket.destroy()
  server.kill()
  delays.sort((a, b) => a - b)
  const quantile = (share: number): number => delays[Math.floor(delays.length * share)] ?? Infinity
  const cpu = (after.cpu - before.cpu) / STEPS
  const told = ((100 * delays.length) / (count * STEPS)).toFixed(1)
  say(
    `${kind}: ${count} sockets of ${IDS.length} items that change each second: ${told} % of changes arrived within it, ` +
      `half of them within ${quantile(0.5).toFixed(0)} ms, 99 % within ${quantile(0.99).toFixed(0)} ms; ${cpu.toFixed(0)} ms of ` +
      `processor a second, ${after.rss.toFixed(0)} MB, ${(bytes / STEPS / 2 ** 20).toFixed(1)} MB sent a second, ` +
      `${((after.calls - before.calls) / STEPS).toFixed(1)} calls to the source a second`,
  )
  return { half: quantile(0.5), cpu, rss: after.rss }
}

/** A minute of clients that want the same items, on a virtual clock. Nobody reads the streams: that takes two beats to be noticed. */
async function countCalls(clients: number, items: number): Promise<string> {
  const clock = new VirtualClock()
  let calls = 0
  let step = 0
  const cache = new InMemoryAutoRefresh<unknown>({
    interval: 1000,
    jitter: 0,
    clock,
    sync: (batch) => {
      calls += 1
      return batch.map(({ id }) => ({ id, item: { step } }))
    },
  }).start()
  const hub = new Hub(cache, { authorize: () => ({ id: 'all' }), mayRead: () => true, clock })
  const ids = Array.from({ length: items }, (_, index) => `job-${index}`)
  for (let index = 0; index < clients; index += 1) {
    const headers = { 'content-type': 'application/json' }
    await hub.fetch(
      new Request('http://hub/stream', { method: 'POST', headers, body: body(`client-${index}`, ids) }),
    )
  }
  const { heapUsed } = process.memoryUsage()
  const start = performance.now()
  await clock.advance(8000)
  step = 1
  await clock.advance(1000)
  const took = performance.now() - start
  hub.close()
  const stopped = cache.stop()
  await clock.advance(0)
  await stopped
  return (
    `${clients} clients of the same ${items} items: ${calls} calls to the source in 9 s, ` +
    `${((took * 1e6) / clients / items / 9).toFixed(0)} ns a client, item and round, ${(heapUsed / 2 ** 20).toFixed(0)} MB`
  )
}
