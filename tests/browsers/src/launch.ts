import { chromium, firefox, type Browser } from 'playwright'
import type { Browser as PuppeteerBrowser } from 'puppeteer-core'
import { findBrowsers, type BrowserName } from './find.ts'

/** Chromium's own services must use neither the network nor the processor beside the page. */
const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Milliseconds that a busy machine may take to start a browser. */
const START_DEADLINE = 120_000

/** Launch options of Playwright. */
export interface LaunchOptions {
  /** Milliseconds. */
  readonly timeout: number
  readonly executablePath?: string
  readonly channel?: string
  readonly args?: string[]
}

/** Launch options of the system's Chromium, or of Playwright's own if the system has none. */
export function chromiumOptions(...flags: readonly string[]): LaunchOptions {
  const { chromium: executablePath } = findBrowsers()
  return {
    timeout: START_DEADLINE,
    args: [...CHROMIUM_ARGS, ...flags],
    ...(executablePath === undefined ? {} : { executablePath }),
  }
}

/** Launch options of the system's Firefox, which speaks WebDriver BiDi, or of Playwright's own if the system has none. */
export function firefoxOptions(): LaunchOptions {
  const { firefox: executablePath } = findBrowsers()
  return {
    timeout: START_DEADLINE,
    ...(executablePath === undefined ? {} : { channel: 'moz-firefox', executablePath }),
  }
}

/** Starts Chromium. @param flags further command-line flags */
export function launchChromium(...flags: readonly string[]): Promise<Browser> {
  return chromium.launch(chromiumOptions(...flags))
}

/** Starts Firefox. */
export function launchFirefox(): Promise<Browser> {
  return firefox.launch(firefoxOptions())
}

/** Starts a browser whose tabs can be hidden: Playwright keeps every page visible, Puppeteer does not. */
export async function launchPuppeteer(name: 'chromium' | 'firefox'): Promise<PuppeteerBrowser> {
  // Loaded on demand because few callers need it.
  const { default: puppeteer } = await import('puppeteer-core')
  const args = name === 'chromium' ? [...CHROMIUM_ARGS] : []
  return puppeteer.launch({
    browser: name === 'chromium' ? 'chrome' : 'firefox',
    executablePath: executableOf(name),
    args,
    headless: true,
    timeout: START_DEADLINE,
    defaultViewport: { width: 1200, height: 900 },
  })
}

/** The command that starts a browser, for example with `--version`; empty if the browser is missing. */
export function browserCommand(name: BrowserName): readonly string[] {
  if (name !== 'webkit') return [executableOf(name)]
  const { webkit, xvfb } = findBrowsers()
  // WebKit needs a display even to print its version.
  return webkit === undefined || xvfb === undefined ? [] : [xvfb, '-a', webkit]
}

function executableOf(name: 'chromium' | 'firefox'): string {
  return name === 'chromium'
    ? (findBrowsers().chromium ?? chromium.executablePath())
    : (findBrowsers().firefox ?? firefox.executablePath())
}
