/**
 * `npm run bench:browser`: 10,000 rows on a page in Chromium and Firefox, on real timers, for a minute per competitor. Writes
 * `browser-results.json` and `RESULTS.md`. With `--seconds=5` it takes less time, and only prints. With `--contained` rows out
 * of sight are laid out like the others (no `content-visibility: auto`), and it only prints, too.
 */
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBrowsers, launchChromium, launchFirefox } from '@auto-refresh/browsers'
import { build } from 'esbuild'
import type { Browser } from 'playwright'
import type { BrowserCompetitor } from './browser/competitors.ts'
import { measureInBrowser } from './browser/measure.ts'
import type { BrowserResults, BrowserRun } from './browser/results.ts'
import { browserTable } from './report/browser-table.ts'
import { readResults, writeBrowserResults, writeReport } from './results-files.ts'

const SECONDS = 60
const NAMES: readonly BrowserCompetitor[] = ['nobody', 'auto-refresh', 'tanstack-list', 'tanstack']

const launchers: Readonly<Record<string, () => Promise<Browser>>> = {
  Chromium: launchChromium,
  Firefox: launchFirefox,
}

ensureBrowsers(['chromium', 'firefox'])
const { values: flags } = parseArgs({
  options: { seconds: { type: 'string' }, contained: { type: 'boolean', default: false } },
})
const seconds = Number(flags.seconds ?? SECONDS)
const code = await bundlePage()
const browsers: Record<string, string> = {}
const runs: BrowserRun[] = []
for (const [name, launch] of Object.entries(launchers)) {
  for (const competitor of NAMES) {
    const browser = await launch()
    browsers[name] = browser.version()
    const run = await measureInBrowser(browser, competitor, code, {
      seconds,
      skips: !flags.contained,
    })
    runs.push({ browser: name, ...run })
    await browser.close()
  }
}
const results: BrowserResults = { date: new Date().toISOString(), seconds, browsers, runs }
console.log(browserTable(results))
if (flags.seconds === undefined && !flags.contained) {
  writeBrowserResults(results)
  writeReport(readResults())
}

async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, 'browser', 'page.js')],
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'bench',
    write: false,
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  const [page] = outputFiles
  if (page === undefined) throw new Error('esbuild built nothing')
  return page.text
}
