import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findBrowsers } from '../../scripts/browsers.mjs'
import { eventually } from './deadline.ts'
import { property } from './property.ts'

/** ms that the driver, and a display for it, may take to be there. */
const START_DEADLINE = 30_000

/**
 * Root has no sandbox. And there is no GPU: the threads with which WebKit paints on one crash, once in a while, on the
 * software that stands in for it.
 */
const ENVIRONMENT = { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', WEBKIT_SKIA_ENABLE_CPU_RENDERING: '1' }

/** What the driver says is wrong. */
export class WebDriverError extends Error {
  override readonly name = 'WebDriverError'
  /** Of WebDriver's own list: 'stale element reference', say. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** WebKit's own WebDriver, on a display that nobody sees. */
export class WebKitDriver {
  readonly #process: ChildProcess
  readonly #url: string
  /** For what they leave behind: xvfb-run, ended by a signal, does not tidy up. */
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
      // A group of its own: xvfb-run does not pass signals on to what it started.
      detached: true,
    })
    const driver = new WebKitDriver(running, `http://127.0.0.1:${port}`, folder)
    await eventually(() => driver.#isReady(), { within: START_DEADLINE, awaited: 'the driver of WebKit' })
    return driver
  }

  /** One command of WebDriver. Returns its value; throws what the driver says is wrong, and what fetch does. */
  async send(
    method: 'GET' | 'POST',
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

  /** Ends it, its browsers and their display. */
  async stop(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process
    if (pid !== undefined && exitCode === null && signalCode === null) {
      const exit = once(this.#process, 'exit')
      process.kill(-pid, 'SIGTERM')
      await exit
    }
    // What was ended with it may still write there for a moment.
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port')
  return address.port
}
