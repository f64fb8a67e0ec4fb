import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { launchChromium, launchFirefox } from '@auto-refresh/browsers'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bundle, openPage, type PageOptions } from './open-page.ts'
import type { DevtoolsPage } from './page.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Fast enough that a test waits for little, slow enough that rows stand still. ms. */
const INTERVAL = 4000

let script: string

beforeAll(async () => {
  script = await bundle('page.ts')
})

describe.each([
  { name: 'Chromium', launch: () => launchChromium() },
  { name: 'Firefox', launch: launchFirefox },
])('the panel in $name', ({ launch }) => {
  let browser: Browser
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())
  afterEach(async () => {
    await page.context().close()
    const found = problems.splice(0)
    if (found.length > 0) throw new Error(found.join('\n'))
  })

  async function open(count: number, options: PageOptions = {}): Promise<void> {
    page = await openPage(browser, script, { viewport: { width: 1440, height: 800 }, ...options })
    page.on('pageerror', ({ message }) => problems.push(message))
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text())
    })
    await page.evaluate(([items, interval]) => window.openPanel(items, interval), [count, INTERVAL] as const)
    await page.getByRole('grid', { name: 'Items' }).waitFor()
  }

  /** Reads something of the page's caches. */
  const read = <Result>(look: (devtools: DevtoolsPage) => Result): Promise<Result> =>
    page.evaluate<Result>(`(${look.toString()})(window.devtools)`)
  const row = (text: string) => page.getByRole('row').filter({ hasText: text }).first()
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const tab = (name: string) => page.getByRole('tab', { name })
  /** Everything that is written in the panel, attributes included. */
  const markup = (): Promise<string> => read(({ panel }) => panel.shadowRoot?.innerHTML ?? '')

  it('shows items with status, value, age, next refresh, failures and observers', async () => {
    await open(60)
    await row('job-13').getByText('failing').waitFor()
    const cells = await row('job-13').getByRole('gridcell').allTextContents()
    expect(cells[0]).toBe('job-13')
    expect(cells[2]).toBe('object')
    expect(cells[4]).toMatch(/^(\d+ s|due|refreshing)$/)
    expect(Number(cells[5])).toBeGreaterThan(0)
    expect(cells[6]).toBe('0')
    await row('job-0').getByText('active').waitFor()
    await expect.poll(() => row('job-0').getByRole('gridcell').nth(3).textContent()).toMatch(/^\d+ s$/)
    await row('job-11').getByText('terminal').waitFor()
    expect(await row('job-11').getByRole('gridcell').nth(4).textContent()).toBe('–')
  })

  it('counts down, and says how many observe', async () => {
    await open(3)
    await read(({ jobs }) => void jobs.subscribe('job-0', () => undefined))
    await expect.poll(() => row('job-0').getByRole('gridcell').nth(6).textContent()).toBe('1')
    const seen = new Set<string | null>()
    await expect
      .poll(async () => seen.add(await row('job-0').getByRole('gridcell').nth(4).textContent()).size, {
        timeout: 15_000,
      })
      .toBeGreaterThan(2)
  })

  it('refreshes nothing by looking', async () => {
    await open(5)
    await page.getByRole('radio', { name: /^quiet/ }).check()
    await row('unwatched').click()
    for (const name of ['Calls', 'Events', 'Items']) await tab(name).click()
    await button('Show values').first().click()
    const before = await read(({ calls }) => calls.quiet)
    await page.waitForTimeout(1500)
    expect(await read(({ calls }) => calls.quiet)).toBe(before)
    expect(await read(({ quiet }) => quiet.adapterSeam?.observerCount('unwatched'))).toBe(0)
    expect(await read(({ quiet }) => quiet.stats())).toMatchObject({ subscribers: 0, hits: 0 })
    expect(await read(({ jobs }) => jobs.stats().subscribers)).toBe(0)
  })

  it('redacts values until somebody asks for them', async () => {
    await open(30)
    await row('job-3').click()
    for (const name of ['Calls', 'Events', 'Items']) {
      await tab(name).click()
      await page.waitForTimeout(400)
      expect(await markup()).not.toContain('ada@example.org')
    }
    await button('Show values').first().click()
    await row('job-3').getByText('ada@example.org').waitFor()
    await button('Hide values').click()
    await expect.poll(markup).not.toContain('ada@example.org')
  })

  it('has few rows for 10,000 items, and keys that reach each of them', async () => {
    await open(10_000)
    const grid = page.getByRole('grid', { name: 'Items' })
    expect(await grid.getAttribute('aria-rowcount')).toBe('10001')
    expect(await grid.getByRole('row').count()).toBeLessThan(60)
    await grid.focus()
    await page.keyboard.press('End')
    await row('job-9999').waitFor()
    await page.keyboard.press('PageUp')
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowDown')
    const active = await grid.getAttribute('aria-activedescendant')
    expect(await page.locator(`#${active}`).getAttribute('aria-rowindex')).toBe('3')
    await page.keyboard.press('Enter')
    const title = page.getByRole('region', { name: 'Item' }).getByRole('heading', { name: 'job-1' })
    await title.waitFor()
    expect(await title.evaluate((element) => element.matches(':focus'))).toBe(true)
    await page.keyboard.press('Escape')
    expect(await grid.evaluate((element) => element.matches(':focus'))).toBe(true)
    await page.getByRole('searchbox', { name: 'Filter by id' }).fill('JOB-77')
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('112')
    await page.locator('label.option', { hasText: 'terminal' }).click()
    await expect.poll(async () => Number(await grid.getAttribute('aria-rowcount'))).toBeLessThan(60)
  })

  it('tabs and choices are moved through by the arrow keys', async () => {
    await open(3)
    await tab('Items').focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => tab('Calls').getAttribute('aria-selected')).toBe('true')
    expect(await tab('Calls').evaluate((element) => element.matches(':focus'))).toBe(true)
    await page.keyboard.press('End')
    await page.getByRole('switch', { name: 'Offline' }).waitFor()
    await page.getByRole('radio', { name: /jobs/ }).focus()
    await page.keyboard.press('ArrowRight')
    await row('unwatched').waitFor()
  })

  it('refreshes, refreshes all, pauses and resumes', async () => {
    await open(4)
    await expect.poll(() => read(({ jobs }) => jobs.stats().refreshedItems)).toBeGreaterThan(3)
    const before = await read(({ jobs }) => jobs.stats().syncCalls)
    await button('Refresh all').click()
    await page.getByRole('status').getByText('Every item has settled').waitFor({ state: 'attached' })
    expect(await read(({ jobs }) => jobs.stats().syncCalls)).toBeGreaterThan(before)
    await button('Pause').click()
    expect(await read(({ jobs }) => jobs.getStatus().state)).toBe('paused')
    await page.locator('.chip', { hasText: 'paused' }).waitFor()
    await row('job-1').click()
    await button('Refresh').click()
    await page.getByRole('status').getByText('Refreshed job-1').waitFor({ state: 'attached' })
    await button('Resume').click()
    expect(await read(({ jobs }) => jobs.getStatus().state)).toBe('running')
  })

  it('edits and deletes an item', async () => {
    await open(4)
    await button('Pause').click()
    await row('job-2').click()
    expect(await button('Edit').isDisabled()).toBe(true)
    await button('Show values').last().click()
    await button('Edit').click()
    const field = page.getByRole('textbox', { name: 'Value of job-2 as JSON' })
    await field.fill('{ "state": ')
    await button('Save').click()
    await page.getByRole('alert').getByText('Not saved').waitFor()
    await field.fill('{ "state": "running", "progress": 55, "owner": "me" }')
    await button('Save').click()
    expect(await read(({ jobs }) => jobs.get('job-2'))).toEqual({
      state: 'running',
      progress: 55,
      owner: 'me',
    })
    await button('Edit').click()
    await page.keyboard.press('Escape')
    expect(await button('Edit').isEnabled()).toBe(true)
    await button('Delete').click()
    expect(await read(({ jobs }) => jobs.has('job-2'))).toBe(false)
    await page.getByRole('status').getByText('Deleted job-2').waitFor({ state: 'attached' })
  })

  it('shows the calls with ids, duration, outcome and kind, and leads from a call to an item', async () => {
    await open(30)
    await tab('Calls').click()
    await row('failed: HTTP 500').waitFor()
    expect(await page.locator('.strip .mark.is-failed').count()).toBeGreaterThan(0)
    expect(await page.getByRole('img', { name: /Timeline: \d+ calls? in/ }).count()).toBe(1)
    const first = page
      .getByRole('row')
      .filter({ has: page.getByRole('gridcell', { name: '1', exact: true }) })
      .last()
    expect(await first.getByRole('gridcell').nth(2).textContent()).toBe('clock')
    expect(await first.getByRole('gridcell').nth(5).textContent()).toMatch(/^\d+ ms$/)
    await first.click()
    await page.getByRole('region', { name: 'Call' }).getByRole('button', { name: 'job-13' }).click()
    await page.getByRole('region', { name: 'Item' }).getByRole('heading', { name: 'job-13' }).waitFor()
  })

  it('shows the events, filtered by group and by text', async () => {
    await open(30)
    await row('job-13').getByText('failing').waitFor()
    await tab('Events').click()
    await row('sync-started').waitFor()
    await page.locator('label.option', { hasText: 'problems' }).click()
    await row('failed: HTTP 500').waitFor()
    expect(await page.getByRole('row').filter({ hasText: 'sync-started' }).count()).toBe(0)
    await page.locator('label.option', { hasText: /^All/ }).click()
    await page.getByRole('searchbox', { name: 'Filter events' }).fill('job-7')
    await row('updated').waitFor()
    expect(await page.getByRole('row').filter({ hasText: 'sync-' }).count()).toBe(0)
  })

  it('simulates faults, and says so', async () => {
    await open(4)
    await tab('Simulate').click()
    for (const [name, fault] of [
      ['Offline', { offline: true }],
      ['Hidden', { hidden: true }],
      ['Slow', { delay: 2000 }],
      ['Failing', { failing: true }],
      ['One poisonous id', { poisonousId: 'job-0' }],
    ] as const) {
      await page.getByRole('switch', { name }).check()
      expect(await read(({ simulation }) => simulation.faults)).toMatchObject(fault)
    }
    await page.getByText('simulated: offline, hidden, slow, failing, one poisonous id').waitFor()
    await page.locator('.chip', { hasText: 'hidden' }).first().waitFor()
    await button('Switch all off').click()
    expect(await read(({ simulation }) => simulation.faults)).toEqual({
      offline: false,
      hidden: false,
      delay: 0,
      failing: false,
      poisonousId: undefined,
    })
  })

  it('shows the role in a group', async () => {
    await open(1)
    await page.getByRole('radio', { name: /^shared/ }).check()
    await page.locator('.chip', { hasText: /^(alone|leader)$/ }).waitFor()
  })

  it('an outage says when the next attempt is', async () => {
    await open(20)
    await read(({ simulation, jobs }) => {
      simulation.set({ failing: true })
      void jobs.refreshAll()
    })
    await page.locator('.chip', { hasText: /^outage, next attempt in \d+ s$/ }).waitFor({ timeout: 30_000 })
  })

  it('takes properties that were set before it was defined, and leaves caches alone when it goes', async () => {
    await open(3)
    const counts = await read(({ jobs, panel }) => {
      let listeners = 0
      const counting = new Proxy(jobs, {
        get(target, name) {
          if (name !== 'onEvent') {
            const value: unknown = Reflect.get(target, name, target)
            return typeof value === 'function' ? (value.bind(target) as unknown) : value
          }
          return (listener: Parameters<typeof target.onEvent>[0]) => {
            listeners += 1
            const leave = target.onEvent(listener)
            return () => {
              listeners -= 1
              leave()
            }
          }
        },
      })
      panel.caches = { counting, again: counting }
      const during = listeners
      panel.remove()
      const after = listeners
      document.body.append(panel)
      const back = listeners
      panel.caches = {}
      return { during, after, back, end: listeners }
    })
    expect(counts).toEqual({ during: 2, after: 0, back: 2, end: 0 })
    await page.getByText('No cache to look at.').waitFor()
  })

  it('sends `close` if it is closable, and renders nothing while it is hidden', async () => {
    await open(3)
    expect(await button('Close').count()).toBe(0)
    await read(({ panel }) => {
      panel.closable = true
      panel.addEventListener('close', () => {
        panel.hidden = true
      })
    })
    await button('Close').click()
    expect(await page.getByRole('grid').count()).toBe(0)
    await read(({ panel }) => (panel.hidden = false))
    await row('job-0').waitFor()
  })

  it.each([
    ['light', 1440],
    ['dark', 1440],
    ['light', 360],
    ['dark', 360],
  ] as const)('axe finds nothing, and nothing is too wide: %s, %i px', async (colorScheme, width) => {
    // Few rows, because axe takes a minute for many in Firefox.
    await open(14, { colorScheme, viewport: { width, height: 520 }, reducedMotion: 'reduce' })
    await page.evaluate(AXE)
    const found: string[] = []
    const look = async (where: string): Promise<void> => {
      const { violations } = await page.evaluate<AxeResults>(
        'axe.run({ rules: { "page-has-heading-one": { enabled: false } } })',
      )
      for (const { id, nodes } of violations) {
        found.push(`${where} ${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`)
      }
      if ((await page.evaluate(() => document.documentElement.scrollWidth)) > width)
        found.push(`${where} too wide`)
    }
    await row('job-3').waitFor()
    await look('items')
    await row('job-3').click()
    await look('redacted details')
    await button('Show values').last().click()
    await button('Edit').click()
    await look('editing')
    await button('Cancel').click()
    await look('details')
    for (const name of ['Calls', 'Events', 'Simulate']) {
      await tab(name).click()
      await page.waitForTimeout(300)
      await look(name)
    }
    await page.getByRole('switch', { name: 'Failing' }).check()
    await look('failing')
    expect(found).toEqual([])
  })
})
