import { launchChromium, TASK_CATEGORIES, tasksIn } from '@auto-refresh/browsers'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundle, openPage } from './open-page.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

/** The most that a task of the page may work. ms. */
const MOST = 50

it('no task is above 50 ms with 10,000 items that are refreshed', async ({ annotate }) => {
  const page = await openPage(browser, await bundle('page.ts'), { viewport: { width: 1440, height: 900 } })
  // The first tasks are those of making the caches, not of the panel.
  await page.evaluate(() => window.openPanel(10_000, 3000))
  await page.evaluate(() => window.devtools.panel.remove())
  await page.waitForTimeout(3000)
  await browser.startTracing(page, { categories: TASK_CATEGORIES })
  await page.evaluate(() => document.body.append(window.devtools.panel))
  const grid = page.getByRole('grid', { name: 'Items' })
  await grid.hover()
  for (let turn = 0; turn < 20; turn++) {
    await page.mouse.wheel(0, 4000)
    await page.waitForTimeout(50)
  }
  await page.getByRole('searchbox').fill('9')
  await page.locator('label.option', { hasText: 'active' }).click()
  await page.waitForTimeout(1500)
  await page.getByRole('tab', { name: 'Calls' }).click()
  await page.waitForTimeout(1500)
  await page.getByRole('tab', { name: 'Events' }).click()
  await page.waitForTimeout(1500)
  const trace = await browser.stopTracing()
  const tasks = tasksIn(trace.toString('utf8'))
  const longest = tasks.map(({ worked }) => worked).sort((left, right) => right - left)
  await annotate(
    `${tasks.length} tasks, the longest ${longest
      .slice(0, 5)
      .map((ms) => ms.toFixed(1))
      .join(', ')} ms`,
  )
  expect(tasks.length).toBeGreaterThan(100)
  expect(longest[0]).toBeLessThan(MOST)
  await page.context().close()
})
