import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Backend } from '../backend.ts'
import { listen, type RunningServer } from '../listen.ts'
import { stopAtSignals } from '../stop-at-signals.ts'
import { isTold, type MemberOptions } from './member-options.ts'
import { openStore, type Store } from './store.ts'

export interface ServersOptions {
  readonly count: number
  readonly backend: Backend
  readonly host: string
  /** Of the first server; the others have the next ones. 0: any that are free. */
  readonly port: number
  readonly pageFolder: string | undefined
}

const PROGRAM = fileURLToPath(new URL('./member.js', import.meta.url))

/**
 * Starts servers before the farm, which share one poller, and prints their addresses. The first signal stops all that was
 * started. If something is missing, that is printed, nothing is left running, and the exit code is 1.
 */
export async function startServers(options: ServersOptions): Promise<void> {
  const { backend, count, host, pageFolder, port } = options
  const children: ChildProcess[] = []
  let store: Store | undefined
  let farm: RunningServer | undefined
  let isStopping = false

  const start = async (): Promise<void> => {
    store = await openStore(process.env)
    farm = await listen(backend.app, { host: '127.0.0.1', port: 0 })
    const common = {
      of: count,
      farmUrl: farm.url,
      storeUrl: store.url,
      namespace: `auto-refresh-demo:${randomUUID()}`,
      host,
      pageFolder,
    }
    const lines = [`Render farm: ${farm.url}`, `Shared by: ${store.name}`]
    if (isStopping) return
    const numbers = Array.from({ length: count }, (_, index) => index + 1)
    children.push(
      ...numbers.map((number) =>
        startMember({ ...common, number, port: port === 0 ? 0 : port + number - 1 }),
      ),
    )
    const urls = await Promise.all(children.map(urlOf))
    children.forEach((child, index) => {
      child.once('exit', () => {
        if (!isStopping) console.log(`Server ${index + 1} has ended. The others go on.`)
      })
    })
    lines.push(...urls.map((url, index) => `Server ${index + 1} of ${count}: ${url}`))
    if (!isStopping) console.log(lines.join('\n'))
  }
  /** The servers first, so that each gives the lead up while the store is still there. */
  const endAll = async (): Promise<void> => {
    isStopping = true
    await Promise.all(children.map(endChild))
    await Promise.all([store?.close(), farm?.close(), backend.close()])
  }

  const started = start()
  stopAtSignals(async () => {
    isStopping = true
    // A server that is being started has to be there to be ended.
    await started.catch(() => undefined)
    await endAll()
  })
  try {
    await started
  } catch (error) {
    if (!isStopping) console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
    await endAll()
  }
}

function startMember(options: MemberOptions): ChildProcess {
  return fork(PROGRAM, [JSON.stringify(options)])
}

/** The address of a server that was started. @throws {Error} that says why it has none */
async function urlOf(child: ChildProcess): Promise<string> {
  const ended = once(child, 'exit').then((): never => {
    throw new Error('A server ended before it had an address')
  })
  const message = once(child, 'message').then(([told]): unknown => told)
  const told = await Promise.race([message, ended])
  ended.catch(() => undefined)
  if (!isTold(told)) throw new Error(`A server said ${JSON.stringify(told)}`)
  if ('failure' in told) throw new Error(told.failure)
  return told.url
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
