import { bundlePage } from '../browser/bundle-page.ts'
import { launchChromium } from '@auto-refresh/browsers'
import { servePage } from '../browser/serve-page.ts'
import type { Subject } from './subject.ts'

export async function chromiumSubject(size: number, isLeaky: boolean): Promise<Subject> {
  const served = await servePage(await bundlePage(new URL('page.ts', import.meta.url)))
  const browser = await launchChromium('--js-flags=--expose-gc', '--enable-precise-memory-info')
  const page = await browser.newPage()
  const errors: Error[] = []
  page.on('pageerror', (error) => errors.push(error))
  await page.goto(served.url)
  return {
    name: `Chromium ${browser.version()}`,
    start: () => page.evaluate(([items, leak]) => soak.begin(items, leak), [size, isLeaky] as const),
    heap: () => page.evaluate(() => soak.heap()),
    async report(grace) {
      if (errors.length > 0) throw new AggregateError(errors, 'The page has failed')
      const report = await page.evaluate((ms) => soak.turnover?.report(ms ?? undefined), grace ?? null)
      if (report === undefined) throw new Error('The page has not begun')
      return report
    },
    stop: () => page.evaluate(() => soak.turnover?.stop()),
    async [Symbol.asyncDispose]() {
      await browser.close()
      await served[Symbol.asyncDispose]()
    },
  }
}
