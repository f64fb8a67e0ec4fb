import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { launchChromium } from '@auto-refresh/browsers'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BuildsApi, CANCELLING } from '../src/builds-api.ts'
import { openDevPage, type DevPage } from '../src/dev-page.ts'
import { FRAMEWORKS } from '../src/frameworks.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})

afterAll(() => browser.close())

const pictures = fileURLToPath(new URL('../test-results', import.meta.url))

describe.each(FRAMEWORKS.filter(({ framework }) => ['react', 'vue'].includes(framework)))(
  'a page of 200 builds that was written from the README: $framework',
  ({ framework, plugins }) => {
    const open = async (): Promise<DevPage & { readonly api: BuildsApi }> => {
      const api = new BuildsApi()
      const dev = await openDevPage(browser, {
        folder: 'builds',
        framework,
        plugins: [...plugins(), api.plugin()],
      })
      await dev.page.setViewportSize({ width: 1500, height: 1100 })
      await dev.page.getByText('Log in').click()
      await shows(dev.page, 200)
      return { ...dev, api }
    }

    const shows = (page: Page, count: number): Promise<unknown> =>
      page.waitForFunction(
        (wanted) =>
          document.querySelector('span')?.textContent === `${wanted} builds` &&
          document.querySelectorAll('li output').length === wanted,
        count,
      )

    const picture = (page: Page, name: string): Promise<unknown> => {
      mkdirSync(pictures, { recursive: true })
      return page.screenshot({ path: `${pictures}/builds-${framework}-${name}.png` })
    }

    it('adds, removes and filters', async () => {
      await using dev = await open()
      const { page } = dev
      await page.getByText('Add', { exact: true }).click()
      await shows(page, 201)
      await page.locator('#build-3').getByText('Remove').click()
      await shows(page, 200)
      await page.locator('select').selectOption('failed')
      await shows(page, 20)
      await page.locator('select').selectOption('')
      await shows(page, 200)
      await picture(page, 'list')
      expect(dev.complaints).toEqual([])
    })

    it('W13: cancels without a flicker, however long the server takes', async () => {
      await using dev = await open()
      const { page, api } = dev
      await page.evaluate(() => {
        const states: string[] = []
        const row = document.querySelector('#build-2')
        const note = (): void => {
          const state = row?.querySelector('output')?.textContent ?? 'nothing'
          if (states.at(-1) !== state) states.push(state)
        }
        note()
        if (row)
          new MutationObserver(note).observe(row, { subtree: true, childList: true, characterData: true })
        Object.assign(globalThis, { states })
      })
      const before = api.statusCalls
      await page.locator('#build-2').getByText('Cancel').click()
      await page.waitForTimeout(CANCELLING + 2000)
      expect(api.statusCalls).toBeGreaterThan(before + 4)
      expect(await page.evaluate((): unknown => Reflect.get(globalThis, 'states'))).toEqual([
        'running',
        'cancelled',
      ])
      expect(await page.locator('#build-2 progress, #build-2 button').allTextContents()).toEqual(['Remove'])
      expect(dev.complaints).toEqual([])
    })

    it('G1, G4: tells of an outage, and retries all when asked to', async () => {
      await using dev = await open()
      const { page, api } = dev
      api.isDown = true
      await page.waitForSelector('.banner')
      await picture(page, 'outage')
      api.isDown = false
      await page.getByText('Retry all').click()
      await page.waitForSelector('.banner', { state: 'detached' })
    })

    it('G2: logs out, polls nothing, and logs in again', async () => {
      await using dev = await open()
      const { page, api } = dev
      await page.getByText('Log out').click()
      await page.getByText('Log in').waitFor()
      const before = api.statusCalls
      await page.waitForTimeout(3000)
      expect(api.statusCalls).toBe(before)
      await page.getByText('Log in').click()
      await shows(page, 200)
      await page.waitForFunction(() => document.querySelector('#build-0')?.textContent?.includes('3 %'))
      expect(api.statusCalls).toBeGreaterThan(before)
      expect(dev.complaints).toEqual([])
    })
  },
)
