import { defineBrowserProvider } from '@vitest/browser'
import type { BrowserProvider, BrowserProviderOption } from 'vitest/node'
import { WebKitTab } from '@auto-refresh/browsers'

/** The system's WebKit with its own driver, because neither of vitest's providers drives it. */
export function webKit(): BrowserProviderOption {
  return defineBrowserProvider({
    name: 'webkit-driver',
    options: {},
    supportedBrowser: ['webkit'],
    providerFactory: () => new WebKitProvider(),
  })
}

class WebKitProvider implements BrowserProvider {
  readonly name = 'webkit-driver'
  readonly supportsParallelism = false
  #tab: WebKitTab | undefined = undefined

  getCommandsContext(): Record<string, unknown> {
    return {}
  }

  async openPage(_session: string, url: string): Promise<void> {
    this.#tab ??= await WebKitTab.open()
    await this.#tab.goto(url)
  }

  async close(): Promise<void> {
    await this.#tab?.close()
  }
}
