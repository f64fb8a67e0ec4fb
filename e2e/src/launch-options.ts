import { findBrowsers } from '../../scripts/browsers.mjs'

/** Nothing of Chromium's own may be on the network or on the processor beside the page. */
const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface LaunchOptions {
  readonly executablePath?: string
  readonly channel?: string
  readonly args?: string[]
}

/** How Chromium is launched: the system's, else Playwright's own. */
export function chromiumOptions(): LaunchOptions {
  const { chromium } = findBrowsers()
  return { args: [...CHROMIUM_ARGS], ...(chromium === undefined ? {} : { executablePath: chromium }) }
}

/** How Firefox is launched: the system's, which speaks WebDriver BiDi, else Playwright's own. */
export function firefoxOptions(): LaunchOptions {
  const { firefox } = findBrowsers()
  return firefox === undefined ? {} : { channel: 'moz-firefox', executablePath: firefox }
}
