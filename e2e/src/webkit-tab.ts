import { findBrowsers } from '../../scripts/browsers.mjs'
import type { WindowTab } from './tab.ts'
import { property, type WebKitDriver } from './webkit-driver.ts'

/** The window's size and place; the screen is larger. */
const WINDOW = { x: 0, y: 0, width: 1200, height: 960 }

/** The one tab of a browser of its own. It is hidden by minimising its window. */
export class WebKitTab implements WindowTab {
  readonly #driver: WebKitDriver
  readonly #session: string

  private constructor(driver: WebKitDriver, session: string) {
    this.#driver = driver
    this.#session = session
  }

  static async open(driver: WebKitDriver): Promise<WebKitTab> {
    const browserOptions = { binary: findBrowsers().webkit, args: ['--automation'] }
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': browserOptions } }
    const session = property(await driver.send('POST', '/session', { capabilities }), 'sessionId')
    if (typeof session !== 'string') throw new Error('WebKit began no session')
    const tab = new WebKitTab(driver, `/session/${session}`)
    await tab.show()
    return tab
  }

  async goto(url: string): Promise<void> {
    await this.#send('/url', { url })
  }

  async click(selector: string): Promise<void> {
    const found = await this.#send('/element', { using: 'css selector', value: selector })
    // WebDriver's own name for a reference to an element.
    const element = property(found, 'element-6066-11e4-a52e-4f735466cecf')
    await this.#send(`/element/${String(element)}/click`)
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

  async close(): Promise<void> {
    await this.#driver.send('DELETE', this.#session)
  }

  #send(path: string, body: object = {}): Promise<unknown> {
    return this.#driver.send('POST', this.#session + path, body)
  }
}
