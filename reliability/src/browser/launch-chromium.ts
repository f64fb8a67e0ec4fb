import { chromium, type Browser } from '@playwright/test'
import { ensureBrowsers } from '../../../scripts/browsers.mjs'

/** The system's Chromium, installed where it can be, else Playwright's own. @param flags further ones */
export async function launchChromium(...flags: readonly string[]): Promise<Browser> {
  const { chromium: executablePath } = ensureBrowsers()
  return chromium.launch({
    args: [
      ...flags,
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
    ],
    ...(executablePath === undefined ? {} : { executablePath }),
  })
}
