import { expect } from '@playwright/test'
import { FarmPage } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'
import { LONG_RENDER } from '../src/scenes.ts'

const JOBS = 3
const SUBMITTED = 12
/** Subscriptions of one panel: the card of a job, and the summary above the cards. */
const SUBSCRIBERS = 2 * (JOBS + SUBMITTED)
const ROWS = 10_000

/** More than the number of focusable elements. */
const MOST_STEPS = 100

// The keyboard takes seconds to reach a button, and the first job must not be done by then.
test.use({ rowTime: 100 })

test(
  '12: jobs are submitted and cancelled, a panel and the route switched, by keyboard alone',
  { tag: '@not-webkit' },
  async ({ networkTab: tab, wire, farm }) => {
    const [first] = await farm.submit(JOBS, LONG_RENDER)
    const page = await FarmPage.open(tab, wire.url, JOBS)

    await moveTo(`button[value="${SUBMITTED}"]`, 'Tab')
    await tab.press('Enter')
    await soon(() => page.jobIds()).toHaveProperty('size', JOBS + SUBMITTED)
    await soon(() => page.stat('subscribers')).toBe(3 * SUBSCRIBERS)

    const ofFirst = `[data-panel="react"] [data-job-id="${first?.id}"]`
    await moveTo(`${ofFirst} button`, 'Tab')
    await tab.press('Enter')
    await soon(() => page.countIn('cancelled')).toBe(1)
    // The focus stays on the button that cancelled.
    expect(await page.hasFocus(`${ofFirst} button`)).toBe(true)

    await moveTo('[data-panel="vue"] [data-mount]', 'Tab')
    await tab.press('Space')
    await soon(() => page.stat('subscribers')).toBe(2 * SUBSCRIBERS)
    expect(await page.hasFocus('[data-panel="vue"] [aria-pressed="false"]')).toBe(true)
    await tab.press('Space')
    await soon(() => page.stat('subscribers')).toBe(3 * SUBSCRIBERS)

    await moveTo('nav a[href="#/rows"]', 'Shift+Tab')
    await tab.press('Enter')
    await soon(() => page.stat('size')).toBe(ROWS)
    expect(await page.hasFocus('[data-route="rows"] h1')).toBe(true)

    await moveTo('.nodes-scroll', 'Tab')
    await tab.press('End')
    await soon(() => page.shownRows()).toContain(ROWS + 1)

    async function moveTo(selector: string, key: 'Tab' | 'Shift+Tab'): Promise<void> {
      for (let step = 0; step < MOST_STEPS; step++) {
        await tab.press(key)
        if (await page.hasFocus(selector)) return
      }
      throw new Error(`By ${key}, nobody comes to ${selector}`)
    }
  },
)
