import { chromium, firefox, type Browser } from '@playwright/test'
import puppeteer, { type Browser as PuppeteerBrowser } from 'puppeteer-core'
import { findBrowsers } from '../../scripts/browsers.mjs'
import { chromiumOptions, firefoxOptions } from './launch-options.ts'
import { PlaywrightTab } from './playwright-tab.ts'
import { PuppeteerTab } from './puppeteer-tab.ts'
import type { ChromiumTab, Look, NetworkTab, Tab, WindowTab } from './tab.ts'
import { WebKitTab } from './webkit-tab.ts'

export type BrowserKind = 'chromium' | 'firefox' | 'webkit'

/** The browsers of one kind that run: each is launched when the first tab of it is opened; WebKit for every tab. */
export class Browsers {
  readonly #kind: BrowserKind
  #playwright: Promise<Browser> | undefined
  #puppeteer: Promise<PuppeteerBrowser> | undefined

  constructor(kind: string) {
    const known = (['chromium', 'firefox', 'webkit'] as const).find((one) => one === kind)
    if (known === undefined) throw new Error(`There is no browser ${kind}`)
    this.#kind = known
  }

  openTab(look: Look): Promise<Tab> {
    return this.#kind === 'webkit' ? WebKitTab.open() : this.openNetworkTab(look)
  }

  async openNetworkTab(look: Look): Promise<NetworkTab> {
    if (this.#kind === 'webkit') throw new Error("WebKit's driver can't cut the network")
    this.#playwright ??=
      this.#kind === 'chromium' ? chromium.launch(chromiumOptions()) : firefox.launch(firefoxOptions())
    return PlaywrightTab.open(await this.#playwright, look)
  }

  openWindowTab(): Promise<WindowTab> {
    return this.#kind === 'webkit' ? WebKitTab.open() : this.#openPuppeteer()
  }

  openChromiumTab(): Promise<ChromiumTab> {
    if (this.#kind !== 'chromium') throw new Error(`${this.#kind} can't be frozen`)
    return this.#openPuppeteer()
  }

  async close(): Promise<void> {
    await (await this.#playwright)?.close()
    await (await this.#puppeteer)?.close()
  }

  async #openPuppeteer(): Promise<PuppeteerTab> {
    this.#puppeteer ??= this.#launchPuppeteer()
    return PuppeteerTab.open(await this.#puppeteer)
  }

  #launchPuppeteer(): Promise<PuppeteerBrowser> {
    const system = findBrowsers()
    const isChromium = this.#kind === 'chromium'
    const executablePath = isChromium
      ? (system.chromium ?? chromium.executablePath())
      : (system.firefox ?? firefox.executablePath())
    const { args = [] } = isChromium ? chromiumOptions() : {}
    return puppeteer.launch({
      browser: isChromium ? 'chrome' : 'firefox',
      executablePath,
      args,
      headless: true,
      defaultViewport: { width: 1200, height: 900 },
    })
  }
}
