import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { launchChromium } from '@auto-refresh/browsers'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sidebar } from '../../.vitepress/sidebar.ts'
import { dist } from './build.ts'
import { serve } from './serve.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const PAGES = ['/', ...sidebar.flatMap(({ items }) => items.map(({ link }) => link))]

let site: Awaited<ReturnType<typeof serve>>
let browser: Browser

beforeAll(async () => {
  site = await serve(dist)
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  site.server.close()
})

async function openTab(colorScheme: 'light' | 'dark', width: number): Promise<Page> {
  const context = await browser.newContext({
    colorScheme,
    viewport: { width, height: 900 },
    reducedMotion: 'reduce',
  })
  return context.newPage()
}

/** Returns what axe finds serious or critical in the page. */
async function barriersOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate<AxeResults>('axe.run()')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${page.url()} ${id}: ${target.join(' ')}`))
}

describe('in Chromium', () => {
  it.each([
    ['light', 1440],
    ['dark', 360],
  ] as const)('axe finds nothing serious, and nothing is too wide: %s, %i px', async (colorScheme, width) => {
    const page = await openTab(colorScheme, width)
    const errors: string[] = []
    page.on('pageerror', ({ message }) => errors.push(`${page.url()} ${message}`))
    const barriers: string[] = []
    const wide: string[] = []
    for (const link of PAGES) {
      await page.goto(site.origin + link)
      await page.waitForFunction('document.querySelector("#app")?.__vue_app__ !== undefined')
      barriers.push(...(await barriersOf(page)))
      if ((await page.evaluate<number>('document.documentElement.scrollWidth')) > width) wide.push(link)
    }
    expect({ barriers, wide, errors }).toEqual({ barriers: [], wide: [], errors: [] })
  })
})

describe('live examples', () => {
  it('Batching: forty jobs cost one request per interval', async () => {
    const page = await openTab('light', 1440)
    await page.goto(`${site.origin}/live`)
    const example = page.getByRole('region', { name: 'Batching' })
    await example.getByText(/auto-refresh: [3-6] requests in the last 20 s/).waitFor()
    await example.getByRole('checkbox').check()
    await example.getByText(/one timer per item: \d{2,} requests in the last 20 s/).waitFor()
  })

  it('A poison id: some requests fail, and the others go on', async () => {
    const page = await openTab('light', 1440)
    await page.goto(`${site.origin}/live`)
    const example = page.getByRole('region', { name: 'A poison id' })
    await example.getByRole('button', { name: 'Poison job-7', exact: true }).click()
    await example.getByText(/requests in the last 20 s, \d+ of them failed/).waitFor()
  })

  it('An outage: the page says so, and when it is over', async () => {
    const page = await openTab('light', 1440)
    await page.goto(`${site.origin}/live`)
    const example = page.getByRole('region', { name: 'An outage' })
    await example.getByText('Connected.').waitFor()
    await example.getByRole('checkbox').check()
    await example.getByText('Connection lost.').waitFor()
    await example.getByRole('checkbox').uncheck()
    await example.getByText('Connected.').waitFor()
  })

  it('An optimistic cancel: a poll brings the old state back, unless mutate holds it', async () => {
    const page = await openTab('light', 1440)
    await page.goto(`${site.origin}/live`)
    const example = page.getByRole('region', { name: 'An optimistic cancel' })
    const states = example.locator('.live-row strong')
    await example.getByText('running').nth(1).waitFor()
    await example.getByRole('button', { name: 'Cancel both' }).click()
    await expect.poll(() => states.allTextContents()).toEqual(['cancelled', 'cancelled'])
    await expect.poll(() => states.allTextContents(), { timeout: 2000 }).toEqual(['cancelled', 'running'])
    await example.getByText('The backend has cancelled both.').waitFor()
  })

  it('A hidden page: its state says so', async () => {
    const page = await openTab('light', 1440)
    await page.goto(`${site.origin}/live`)
    const example = page.getByRole('region', { name: 'A hidden page' })
    await example.getByText('“running”').waitFor()
    await example.getByRole('checkbox', { name: 'the page is hidden' }).check()
    await example.getByText('“hidden”').waitFor()
  })
})
