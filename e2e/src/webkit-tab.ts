import { findBrowsers } from '../../scripts/browsers.mjs'
import { eventually } from './deadline.ts'
import { property } from './property.ts'
import type { WindowTab } from './tab.ts'
import { WebDriverError, WebKitDriver } from './webkit-driver.ts'

/** The window's size and place; the screen is larger. */
const WINDOW = { x: 0, y: 0, width: 1200, height: 960 }

const CLICK_DEADLINE = 30_000

/**
 * ms for a browser to be there, and how many may be tried. The driver answers never, once in some hundred times, when
 * the browser that it started ended before it was reached: two at a time on a busy machine showed it.
 */
const BROWSER_DEADLINE = 30_000
const BROWSERS_TRIED = 3

const NOT_YET_CLICKABLE: ReadonlySet<string> = new Set([
  'no such element',
  'stale element reference',
  'element not interactable',
  'element click intercepted',
])

/** The one tab of a browser of its own, with a driver of its own. It is hidden by minimising its window. */
export class WebKitTab implements WindowTab {
  readonly #driver: WebKitDriver
  readonly #session: string

  private constructor(driver: WebKitDriver, session: string) {
    this.#driver = driver
    this.#session = session
  }

  /** Throws an `AggregateError` of what went wrong each time. */
  static async open(): Promise<WebKitTab> {
    const errors: unknown[] = []
    while (errors.length < BROWSERS_TRIED) {
      const driver = await WebKitDriver.start()
      try {
        return await WebKitTab.#begin(driver)
      } catch (error) {
        errors.push(error)
        await driver.stop()
      }
    }
    throw new AggregateError(
      errors,
      `WebKit was not there after ${BROWSERS_TRIED} tries: ${errors.join('; ')}`,
    )
  }

  static async #begin(driver: WebKitDriver): Promise<WebKitTab> {
    const browserOptions = { binary: findBrowsers().webkit, args: ['--automation'] }
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': browserOptions } }
    const signal = AbortSignal.timeout(BROWSER_DEADLINE)
    const session = property(
      await driver.send('POST', '/session', { body: { capabilities }, signal }),
      'sessionId',
    )
    if (typeof session !== 'string') throw new Error('WebKit began no session')
    const tab = new WebKitTab(driver, `/session/${session}`)
    await tab.show()
    return tab
  }

  async goto(url: string): Promise<void> {
    await this.#send('/url', { url })
  }

  /** Waits for what is to be clicked, as Playwright does: until it is there, in view, and nothing is over it. */
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

  /** The browser ends with its driver, even one that does not answer any more. */
  async close(): Promise<void> {
    await this.#driver.stop()
  }

  /** Undefined where it may go better in a moment. */
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
