import { eventually } from './eventually.ts'
import { property } from './property.ts'
import { WebDriverError, type WebKitDriver } from './webkit-driver.ts'
import { startWebKit } from './webkit-session.ts'

/** The window's position and size in pixels; the screen is larger. */
const WINDOW = { x: 0, y: 0, width: 1200, height: 960 }

/** Deadline for an element to be clickable, in milliseconds. */
const CLICK_DEADLINE = 120_000

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
  static open(): Promise<WebKitTab> {
    return startWebKit(async (driver, session) => {
      const tab = new WebKitTab(driver, session)
      await tab.show()
      return tab
    })
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
