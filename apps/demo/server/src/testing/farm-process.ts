/** Starts the farm in a process of its own, on a free port, for the tests of other workspaces. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Traffic } from '../api.ts'

export interface FarmProcess {
  readonly url: string
  /** Addresses of the servers before the farm, if there are several. */
  readonly serverUrls: readonly string[]
  /** Requests to the farm so far. */
  traffic(): Promise<Traffic>
  /** Ends the process as Ctrl+C does. Rejects if its exit code is not 0. */
  stop(): Promise<void>
}

/**
 * Starts the built farm, and waits for its address. Its errors are part of the errors of this function and of `stop`.
 *
 * @param rowTime ms that a row of a picture takes at least; 0 renders as fast as the machine can.
 * @param servers Servers before the farm. More than 1 need Valkey or Redis.
 */
export async function startFarmProcess({
  rowTime = 0,
  servers = 1,
}: { readonly rowTime?: number; readonly servers?: number } = {}): Promise<FarmProcess> {
  // Resolves to the built file from `src` as well as from `dist`.
  const main = new URL('../../dist/main.js', import.meta.url)
  const farm = spawn(process.execPath, [fileURLToPath(main), '--servers', String(servers)], {
    env: { ...process.env, PORT: '0', ROW_TIME: String(rowTime) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  farm.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const exit: Promise<unknown[]> = once(farm, 'exit')
  let url: string | undefined
  const serverUrls: string[] = []
  for await (const line of createInterface(farm.stdout)) {
    url ??= /^Render farm: (\S+)$/.exec(line)?.[1]
    const serverUrl = /^Server \d+ of \d+: (\S+)$/.exec(line)?.[1]
    if (serverUrl !== undefined) serverUrls.push(serverUrl)
    if (url === undefined || serverUrls.length < (servers === 1 ? 0 : servers)) continue
    return {
      url,
      serverUrls,
      async traffic() {
        const body: unknown = await (await fetch(`${url}/api/traffic`)).json()
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is the farm's own
        return body as Traffic
      },
      async stop() {
        farm.kill('SIGINT')
        const [code] = await exit
        if (code !== 0) throw new Error(`The farm ended with ${String(code)}\n${errors}`)
      },
    }
  }
  await exit
  throw new Error(`The farm ended before it had an address. Is it built?\n${errors}`)
}
