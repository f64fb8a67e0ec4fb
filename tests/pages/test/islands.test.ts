import { launchChromium } from '@auto-refresh/browsers'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDevPage } from '../src/dev-page.ts'
import { FRAMEWORKS } from '../src/frameworks.ts'
import { jobsApi, type Call } from '../src/jobs-api.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})

afterAll(() => browser.close())

/** Text, attributes and properties, in the browser, of the island that is hydrated late. */
function lookAtIsland(): unknown {
  const badges = [...document.querySelectorAll('p')].map((badge) => ({
    class: badge.className,
    title: badge.title,
    text: badge.textContent,
    progress: badge.querySelector('progress')?.value,
    isDisabled: badge.querySelector('button')?.disabled,
    markup: badge.querySelector('button')?.hasAttribute('disabled'),
  }))
  const list = document.querySelector('ul')
  return { badges, list: [list?.title, list?.textContent] }
}

const badge = (state: string): unknown => ({
  class: state,
  title: 'active',
  text: state + state,
  progress: state === 'done' ? 1 : 0,
  isDisabled: state !== 'done',
  markup: state !== 'done',
})

describe.each(FRAMEWORKS.filter(({ framework }) => framework !== 'solid'))(
  'islands in Chromium: $framework',
  ({ framework, plugins }) => {
    it('A13: one that is hydrated when the cache is ahead of its markup agrees with it, then shows what the cache has', async () => {
      const calls: Call[] = []
      await using dev = await openDevPage(browser, {
        folder: 'islands',
        framework,
        plugins: [...plugins(), jobsApi(calls, () => ({ state: 'done' }))],
        server: ['vue', 'svelte'].includes(framework) ? '/server.ts' : '/server.tsx',
      })
      const { page, complaints } = dev
      // The first island is hydrated, and its cache has moved on.
      await page.waitForSelector('h1.done[title="done"]')
      expect(await page.evaluate(lookAtIsland)).toEqual({
        badges: [badge('queued'), badge('queued')],
        list: ['queued', 'queued'],
      })
      await page.evaluate('hydrateLate()')
      await page.waitForSelector('p.done')
      expect(await page.evaluate(lookAtIsland)).toEqual({
        badges: [badge('done'), badge('done')],
        list: ['done', 'done'],
      })
      expect(complaints).toEqual([])
    })
  },
)
