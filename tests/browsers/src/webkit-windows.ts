import { property } from './property.ts'
import type { WebKitDriver } from './webkit-driver.ts'
import { startWebKit } from './webkit-session.ts'

/** A window, or a tab, of a WebKit. */
export interface WebKitWindow {
  goto(url: string): Promise<void>
  evaluate(expression: string): Promise<unknown>
  close(): Promise<void>
}

/**
 * Several windows of one WebKit, with its own driver. All of them are visible; a tab behind another is hidden. The driver
 * speaks to one window at a time, so that no two calls may run at once. It cannot freeze, crash or bring to the front.
 */
export class WebKitWindows {
  readonly #driver: WebKitDriver
  readonly #session: string
  /** Handle of the first window, which stays empty. The driver speaks to it after another one was closed. */
  readonly #first: unknown

  private constructor(driver: WebKitDriver, session: string, first: unknown) {
    this.#driver = driver
    this.#session = session
    this.#first = first
  }

  /** @throws AggregateError with the error of each attempt. */
  static start(): Promise<WebKitWindows> {
    return startWebKit(
      async (driver, session) =>
        new WebKitWindows(driver, session, await driver.send('GET', `${session}/window`)),
    )
  }

  /** Opens a window, or a tab behind the first window's own. */
  async open(url: string, type: 'window' | 'tab' = 'window'): Promise<WebKitWindow> {
    const handle = property(await this.#post('/window/new', { type }), 'handle')
    const send = async (command: string, body: object): Promise<unknown> => {
      await this.#post('/window', { handle })
      return this.#post(command, body)
    }
    const opened: WebKitWindow = {
      goto: async (next) => void (await send('/url', { url: next })),
      evaluate: (expression) => send('/execute/sync', { script: `return ${expression}`, args: [] }),
      close: async () => {
        await this.#post('/window', { handle })
        await this.#driver.send('DELETE', `${this.#session}/window`)
        await this.#post('/window', { handle: this.#first })
      },
    }
    await opened.goto(url)
    return opened
  }

  /** Ends the browser with its driver. */
  async close(): Promise<void> {
    await this.#driver.stop()
  }

  #post(command: string, body: object): Promise<unknown> {
    return this.#driver.send('POST', this.#session + command, { body })
  }
}
