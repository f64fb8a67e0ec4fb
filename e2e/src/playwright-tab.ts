import type { Browser, BrowserContext, Page } from '@playwright/test'
import type { Look, NetworkTab } from './tab.ts'

/** Milliseconds that a busy machine may take for one step. */
const DEADLINE = 120_000

/** A tab in a browser context of its own. Playwright keeps it visible, whatever is in front of it. */
export class PlaywrightTab implements NetworkTab {
  readonly #context: BrowserContext
  readonly #page: Page

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context
    this.#page = page
  }

  static async open(browser: Browser, { width, height, scheme }: Look): Promise<PlaywrightTab> {
    // Motion that is drawn by the processor would be most of what a page costs.
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: scheme,
      reducedMotion: 'reduce',
    })
    context.setDefaultTimeout(DEADLINE)
    return new PlaywrightTab(context, await context.newPage())
  }

  /** Opens another tab of the same browser: it shares storage, locks and channels with this one, and is closed with it. */
  async beside(): Promise<PlaywrightTab> {
    return new PlaywrightTab(this.#context, await this.#context.newPage())
  }

  async goto(url: string): Promise<void> {
    await this.#page.goto(url)
  }

  async click(selector: string): Promise<void> {
    await this.#page.click(selector)
  }

  evaluate(expression: string): Promise<unknown> {
    return this.#page.evaluate(expression)
  }

  screenshot(): Promise<Buffer> {
    return this.#page.screenshot({ fullPage: true })
  }

  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key)
  }

  async setOffline(isOffline: boolean): Promise<void> {
    await this.#context.setOffline(isOffline)
  }

  async close(): Promise<void> {
    await this.#context.close()
  }
}
