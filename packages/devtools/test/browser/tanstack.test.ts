import { launchChromium } from '@auto-refresh/browsers'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundle, openPage } from './open-page.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

it.each(['light', 'dark'] as const)('is a plugin of TanStack Devtools, in its theme: %s', async (theme) => {
  // TanStack Devtools writes styles into the page.
  const page = await openPage(browser, await bundle('tanstack-page.ts'), {
    policy: "script-src 'self'; style-src 'unsafe-inline'",
    viewport: { width: 1200, height: 900 },
    colorScheme: theme === 'light' ? 'dark' : 'light',
  })
  const unmount = await page.evaluateHandle((wanted) => window.openTanStack(wanted), theme)
  const panel = page.locator('auto-refresh-devtools')
  await panel.getByRole('row').filter({ hasText: 'build-1' }).waitFor()
  expect(await panel.getAttribute('theme')).toBe(theme)
  expect(await panel.evaluate((element) => getComputedStyle(element).colorScheme)).toBe(theme)
  expect(await page.getByText('Auto-refresh').count()).toBeGreaterThan(0)
  await unmount.evaluate((leave) => leave())
  await expect.poll(() => panel.count()).toBe(0)
  await page.context().close()
})
