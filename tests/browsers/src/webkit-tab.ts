import { findBrowsers } from './find.ts'
import { eventually } from './eventually.ts'
import { property } from './property.ts'
import { WebDriverError, WebKitDriver } from './webkit-driver.ts'

/** The window's position and size in pixels; the screen is larger. */
const WINDOW = { x: 0, y: 0, width: 1200, height: 960 }

/** Deadline for an element to be clickable, in milliseconds. */
const CLICK_DEADLINE = 120_000

/**
 * Deadline for a browser to be ready, in milliseconds, and the number of attempts. On a busy machine about one start in
 * a few hundred hangs: the driver never answers if the browser ended before the driver reached it.
 */
const BROWSER_DEADLINE = 30_000
const BROWSER_ATTEMPTS = 3

const NOT_YET_CLICKABLE: ReadonlySet<string> = new Set([
  'no such element',
  'stale element reference',
  'element not interactable',
  'element click intercepted',
])

/** The only tab of its own WebKit, with its own driver. `hide` minimises the window. */
export class WebKitTab {
  readonly #driver: WebKitDriver
  readonly #session: string

  private constructor(driver: WebKitDriver, session: string) {
    this.#driver = driver
    this.#session = session
  }

  /** @throws AggregateError with the error of each attempt. */
  static async open(): Promise<WebKitTab> {
    const errors: unknown[] = []
    while (errors.length < BROWSER_ATTEMPTS) {
      try {
        return await WebKitTab.#begin(await WebKitDriver.start())
      } catch (error) {
        errors.push(error)
      }
    }
    throw new AggregateError(
      errors,
      `WebKit did not start in ${BROWSER_ATTEMPTS} attempts: ${errors.join('; ')}`,
    )
  }

  static async #begin(driver: WebKitDriver): Promise<WebKitTab> {
    try {
      const tab = new WebKitTab(driver, await WebKitTab.#createSession(driver))
      await tab.show()
      return tab
    } catch (error) {
      await driver.stop()
      throw error
    }
  }

  static async #createSession(driver: WebKitDriver): Promise<string> {
    const browserOptions = { binary: findBrowsers().webkit, args: ['--automation'] }
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': browserOptions } }
    const signal = AbortSignal.timeout(BROWSER_DEADLINE)
    const session = property(
      await driver.send('POST', '/session', { body: { capabilities }, signal }),
      'sessionId',
    )
    if (typeof session !== 'string') throw new Error('WebKit returned no session id')
    return `/session/${session}`
  }

  async goto(url: string): Promise<void> {
    await this.#send('/url', { url })
  }

  /** Clicks an element as soon as it exists, is in view and is not covered, as Playwright does. */
  async click(selector: string): Promise<void> {
    await eventually(() => this.#tryClick(selector), {
      within: CLICK_DEADLINE,
      awaited: `${selector} to be clickable`,
    })
  }

  evaluate(expression: string): Promise<unknown> {
    return this.#send('/execute/sync', { script: `return ${expression}`, args: [] })
  }

  async screenshot(): Promise<Buffer> {
    const png = await this.#driver.send('GET', `${this.#session}/screenshot`)
    return Buffer.from(String(png), 'base64')
  }

  async hide(): Promise<void> {
    await this.#send('/window/minimize')
  }

  async show(): Promise<void> {
    await this.#send('/window/rect', WINDOW)
  }

  /** Ends the browser with its driver, even if it no longer answers. */
  async close(): Promise<void> {
    await this.#driver.stop()
  }

  /** Returns `undefined` if the click may succeed later. */
  async #tryClick(selector: string): Promise<true | undefined> {
    try {
      const found = await this.#send('/element', { using: 'css selector', value: selector })
      // WebDriver's own name for a reference to an element.
      const element = property(found, 'element-6066-11e4-a52e-4f735466cecf')
      await this.#send(`/element/${String(element)}/click`)
      return true
    } catch (error) {
      if (error instanceof WebDriverError && NOT_YET_CLICKABLE.has(error.code)) return undefined
      throw error
    }
  }

  #send(path: string, body: object = {}): Promise<unknown> {
    return this.#driver.send('POST', this.#session + path, { body })
  }
}
