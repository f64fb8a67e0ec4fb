import { defineConfig, type Project } from '@playwright/test'
import { hasWebKit } from '@auto-refresh/browsers'

// Scenarios 5 to 7 are about the cache and not about the browser: they pass in every browser, but take 90 s in each.
const testIgnore = process.env['E2E_ALL'] === '1' ? [] : /\/[5-7]-[^/]*$/

/** Playwright empties the folder of the projects that run, so that each has its own. */
const outputDir = (name: string): string => `test-results/${name}`

const webkit: Project = {
  name: 'webkit',
  outputDir: outputDir('webkit'),
  // WebKit's driver cannot take a page offline or change its size.
  grepInvert: /@chromium|@not-webkit/,
  testIgnore,
}

export default defineConfig({
  testDir: 'test',
  // Two at a time, each with its own farm and page, because most tests wait for time to pass.
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  // Milliseconds. The longest test takes 40 s on a quiet machine.
  timeout: 360_000,
  reporter: 'list',
  projects: [
    { name: 'chromium', outputDir: outputDir('chromium') },
    { name: 'firefox', outputDir: outputDir('firefox'), grepInvert: /@chromium/, testIgnore },
    ...(hasWebKit() ? [webkit] : []),
  ],
})
