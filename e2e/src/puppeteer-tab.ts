import type { Browser, BrowserContext, Page } from 'puppeteer-core'
import { realTime } from './real-time.ts'
import { TASK_CATEGORIES, tasksIn, type Task } from '@auto-refresh/browsers'
import type { ChromiumTab } from './tab.ts'

/** Milliseconds that a busy machine may take for one step. */
const DEADLINE = 120_000

/** A tab that is hidden when another one comes to the front, as for a user. Freezing needs Chromium's own protocol. */
export class PuppeteerTab implements ChromiumTab {
  readonly #context: BrowserContext
  readonly #page: Page
  #inFront: Page | undefined

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context
    this.#page = page
  }

  static async open(browser: Browser): Promise<PuppeteerTab> {
    const context = await browser.createBrowserContext()
    const page = await context.newPage()
    page.setDefaultTimeout(DEADLINE)
    await page.bringToFront()
    return new PuppeteerTab(context, page)
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

  async screenshot(): Promise<Buffer> {
    return Buffer.from(await this.#page.screenshot())
  }

  async hide(): Promise<void> {
    this.#inFront = await this.#context.newPage()
    await this.#inFront.bringToFront()
  }

  async show(): Promise<void> {
    await this.#page.bringToFront()
    await this.#inFront?.close()
    this.#inFront = undefined
  }

  freeze(): Promise<void> {
    return this.#setLifecycle('frozen')
  }

  resume(): Promise<void> {
    return this.#setLifecycle('active')
  }

  async goBack(): Promise<void> {
    await this.#page.goBack()
  }

  async tasksWithin(ms: number): Promise<Task[]> {
    await this.#page.tracing.start({ categories: TASK_CATEGORIES })
    await realTime(ms)
    const trace = await this.#page.tracing.stop()
    if (trace === undefined) throw new Error('Chromium kept no trace')
    return tasksIn(new TextDecoder().decode(trace))
  }

  async close(): Promise<void> {
    await this.#context.close()
  }

  async #setLifecycle(state: 'frozen' | 'active'): Promise<void> {
    const session = await this.#page.createCDPSession()
    await session.send('Page.setWebLifecycleState', { state })
    await session.detach()
  }
}
