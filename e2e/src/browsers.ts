import { BROWSERS, launchChromium, launchFirefox, launchPuppeteer, WebKitTab } from '@auto-refresh/browsers'
import type { BrowserName } from '@auto-refresh/browsers'
import type { Browser } from '@playwright/test'
import type { Browser as PuppeteerBrowser } from 'puppeteer-core'
import { PlaywrightTab } from './playwright-tab.ts'
import { PuppeteerTab } from './puppeteer-tab.ts'
import type { ChromiumTab, Look, NetworkTab, Tab, WindowTab } from './tab.ts'

/** The running browsers of one kind. Each starts when its first tab is opened; WebKit starts anew for every tab. */
export class Browsers {
  readonly #name: BrowserName
  #playwright: Promise<Browser> | undefined
  #puppeteer: Promise<PuppeteerBrowser> | undefined

  /** @param name the name of a Playwright project */
  constructor(name: string) {
    const known = BROWSERS.find((one) => one === name)
    if (known === undefined) throw new Error(`There is no browser ${name}`)
    this.#name = known
  }

  openTab(look: Look): Promise<Tab> {
    return this.#name === 'webkit' ? WebKitTab.open() : this.openNetworkTab(look)
  }

  /** Opens tabs of one browser, all of them visible. Closing one closes all. */
  async openTabs(look: Look, count: number): Promise<NetworkTab[]> {
    const first = await this.openNetworkTab(look)
    const others: NetworkTab[] = []
    while (others.length < count - 1) others.push(await first.beside())
    return [first, ...others]
  }

  async openNetworkTab(look: Look): Promise<PlaywrightTab> {
    if (this.#name === 'webkit') throw new Error("WebKit's driver can't cut the network")
    this.#playwright ??= this.#name === 'chromium' ? launchChromium() : launchFirefox()
    return PlaywrightTab.open(await this.#playwright, look)
  }

  openWindowTab(): Promise<WindowTab> {
    return this.#name === 'webkit' ? WebKitTab.open() : this.#openPuppeteer(this.#name)
  }

  openChromiumTab(): Promise<ChromiumTab> {
    if (this.#name !== 'chromium') throw new Error(`${this.#name} can't be frozen`)
    return this.#openPuppeteer(this.#name)
  }

  async close(): Promise<void> {
    await (await this.#playwright)?.close()
    await (await this.#puppeteer)?.close()
  }

  async #openPuppeteer(name: 'chromium' | 'firefox'): Promise<PuppeteerTab> {
    this.#puppeteer ??= launchPuppeteer(name)
    return PuppeteerTab.open(await this.#puppeteer)
  }
}
