import { existsSync } from 'node:fs'

export type BrowserName = 'chromium' | 'firefox' | 'webkit'

export const BROWSERS: readonly BrowserName[] = ['chromium', 'firefox', 'webkit']

/** A program that a browser needs. */
export interface Part {
  readonly browser: BrowserName
  /** Debian packages that contain the program. */
  readonly packages: readonly string[]
  /** Playwright's name for its own download, which replaces the package on systems other than Debian. */
  readonly download?: string
  /** The environment variable that overrides the path. */
  readonly variable: string
  /** Paths where the package puts the program. */
  readonly files: readonly string[]
}

export const PARTS: Readonly<Record<keyof SystemBrowsers, Part>> = {
  chromium: {
    browser: 'chromium',
    packages: ['chromium'],
    download: 'chromium',
    variable: 'E2E_CHROMIUM',
    files: ['/usr/bin/chromium'],
  },
  firefox: {
    browser: 'firefox',
    packages: ['firefox-esr'],
    download: 'firefox',
    variable: 'E2E_FIREFOX',
    files: ['/usr/bin/firefox-esr'],
  },
  webkitDriver: {
    browser: 'webkit',
    packages: ['webkit2gtk-driver', 'xvfb', 'xauth'],
    variable: 'E2E_WEBKIT_DRIVER',
    files: ['/usr/bin/WebKitWebDriver'],
  },
  webkit: {
    browser: 'webkit',
    packages: ['webkit2gtk-driver'],
    variable: 'E2E_WEBKIT',
    files: [
      '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser',
      '/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser',
    ],
  },
  xvfb: {
    browser: 'webkit',
    packages: ['xvfb', 'xauth'],
    variable: 'E2E_XVFB_RUN',
    files: ['/usr/bin/xvfb-run'],
  },
}

/** Paths of the browsers that the system has; `undefined` if one is missing, so that Playwright's own is used. */
export interface SystemBrowsers {
  readonly chromium: string | undefined
  readonly firefox: string | undefined
  /** WebKitGTK's MiniBrowser. */
  readonly webkit: string | undefined
  /** WebKitGTK's WebDriver. */
  readonly webkitDriver: string | undefined
  /** `xvfb-run`, which gives WebKit an invisible display. */
  readonly xvfb: string | undefined
}

/** Returns the path of each browser, and of each program that drives WebKit. */
export function findBrowsers(): SystemBrowsers {
  return {
    chromium: find(PARTS.chromium),
    firefox: find(PARTS.firefox),
    webkit: find(PARTS.webkit),
    webkitDriver: find(PARTS.webkitDriver),
    xvfb: find(PARTS.xvfb),
  }
}

/** Returns the path of a part, or `undefined` if it is not installed. */
export function find({ variable, files }: Part): string | undefined {
  return process.env[variable] ?? files.find((file) => existsSync(file))
}

/** True if every program that WebKit needs is installed; they exist on Linux only. */
export function hasWebKit(): boolean {
  const { webkit, webkitDriver, xvfb } = findBrowsers()
  return webkit !== undefined && webkitDriver !== undefined && xvfb !== undefined
}
