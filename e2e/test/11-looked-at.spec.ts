import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect } from '@playwright/test'
import { findBarriers } from '../src/accessibility.ts'
import { FarmPage } from '../src/farm-page.ts'
import { RENDERED, soon, test } from '../src/farm-test.ts'
import { LONG_RENDER, PICTURE } from '../src/scenes.ts'
import type { Look } from '../src/tab.ts'

const SCREENSHOTS = fileURLToPath(new URL('../test-results/screenshots', import.meta.url))
const PICTURES = 4
const JOBS = PICTURES + 8
const ROWS = 10_000

/** One of them in all browsers that can be made narrow; colours are the same in all. */
const LOOKS: readonly { readonly look: Look; readonly tag: string }[] = [
  { look: { width: 1280, height: 900, scheme: 'light' }, tag: '@chromium' },
  { look: { width: 1280, height: 900, scheme: 'dark' }, tag: '@chromium' },
  { look: { width: 360, height: 740, scheme: 'light' }, tag: '@not-webkit' },
  { look: { width: 360, height: 740, scheme: 'dark' }, tag: '@chromium' },
]

for (const { look, tag } of LOOKS) {
  test.describe(() => {
    test.use({ look })

    test(
      `11: axe finds nothing serious, and nothing scrolls sideways: ${look.scheme}, ${look.width} px`,
      { tag },
      async ({ networkTab: tab, wire, farm }, info) => {
        await mkdir(SCREENSHOTS, { recursive: true })
        const inspect = async (route: string): Promise<void> => {
          const file = `${route}-${look.scheme}-${look.width}-${info.project.name}.png`
          await writeFile(`${SCREENSHOTS}/${file}`, await tab.screenshot())
          const barriers = await findBarriers(tab)
          expect(barriers.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
          expect(await page.scrollsSideways()).toBe(false)
        }

        // Jobs of every kind: with a picture, running, queued, cancelled, not refreshable.
        await farm.submit(PICTURES, PICTURE)
        const long = await farm.submit(JOBS - PICTURES, LONG_RENDER)
        await farm.cancel(long.at(-1)?.id ?? '')
        const page = await FarmPage.open(tab, wire.url, JOBS)
        await soon(() => page.countIn('succeeded'), RENDERED).toBeGreaterThanOrEqual(PICTURES)
        await farm.setFaults({ poisonedIds: [long.at(-2)?.id ?? ''] })
        await soon(() => page.failing()).not.toEqual([])
        await inspect('jobs')

        await page.go('rows')
        await soon(() => page.stat('size')).toBe(ROWS)
        await inspect('rows')
      },
    )
  })
}
