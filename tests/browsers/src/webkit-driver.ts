import { spawn, type ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findBrowsers } from './find.ts'
import { eventually } from './eventually.ts'
import { property } from './property.ts'

/** Deadline for the driver and its display to be ready, in milliseconds. */
const START_DEADLINE = 60_000

/**
 * Root has no sandbox. The CPU renders because WebKit's GPU threads crash now and then on a machine without a GPU.
 */
const ENVIRONMENT = { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', WEBKIT_SKIA_ENABLE_CPU_RENDERING: '1' }

/** An error that the driver reports. */
export class WebDriverError extends Error {
  override readonly name = 'WebDriverError'
  /** WebDriver's error code, for example 'stale element reference'. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** WebKit's own WebDriver, on an invisible display. */
export class WebKitDriver {
  readonly #process: ChildProcess
  readonly #url: string
  /** Temporary folder of the processes, removed by `stop` because xvfb-run does not tidy up after a signal. */
  readonly #folder: string

  private constructor(process: ChildProcess, url: string, folder: string) {
    this.#process = process
    this.#url = url
    this.#folder = folder
  }

  static async start(): Promise<WebKitDriver> {
    const { webkitDriver, xvfb } = findBrowsers()
    if (webkitDriver === undefined || xvfb === undefined) throw new Error('There is no driver of WebKit here')
    const port = await freePort()
    const folder = mkdtempSync(path.join(tmpdir(), 'auto-refresh-'))
    const screen = '-screen 0 1280x1024x24'
    const running = spawn(xvfb, ['-a', '-s', screen, webkitDriver, `--port=${port}`], {
      env: { ...process.env, ...ENVIRONMENT, TMPDIR: folder },
      stdio: 'ignore',
      // A process group of its own because xvfb-run does not pass signals on to its children.
      detached: true,
    })
    const driver = new WebKitDriver(running, `http://127.0.0.1:${port}`, folder)
    try {
      await eventually(() => driver.#isReady(), { within: START_DEADLINE, awaited: 'the driver of WebKit' })
      return driver
    } catch (error) {
      await driver.stop()
      throw error
    }
  }

  /**
   * Sends one WebDriver command and returns its value.
   *
   * @throws WebDriverError if the driver reports an error; whatever `fetch` throws.
   */
  async send(
    method: 'GET' | 'POST' | 'DELETE',
    command: string,
    { body = {}, signal }: { readonly body?: object; readonly signal?: AbortSignal } = {},
  ): Promise<unknown> {
    const init = method === 'POST' ? { method, body: JSON.stringify(body) } : { method }
    const answer: unknown = await (
      await fetch(this.#url + command, { ...init, ...(signal && { signal }) })
    ).json()
    const value = property(answer, 'value')
    const error = property(value, 'error')
    if (typeof error === 'string') {
      throw new WebDriverError(error, `${command}: ${error} ${String(property(value, 'message'))}`)
    }
    return value
  }

  /** Ends the driver, its browsers and their display. */
  async stop(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process
    if (pid !== undefined && exitCode === null && signalCode === null) {
      const exit = once(this.#process, 'exit')
      process.kill(-pid, 'SIGTERM')
      await exit
    }
    // Processes that are still ending may write there for a moment.
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }

  async #isReady(): Promise<true | undefined> {
    if (this.#process.exitCode !== null) throw new Error('The driver of WebKit ended')
    return this.send('GET', '/status').then(
      () => true,
      () => undefined,
    )
  }
}

/**
 * Returns a port that nobody listens on. It is below the ports that the system gives to outgoing connections: one of those
 * could take the port before the driver does.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer()
    try {
      const port = randomInt(10_000, 32_000)
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      return port
    } catch {
      // Somebody listens on this port.
    } finally {
      server.close()
    }
  }
}
