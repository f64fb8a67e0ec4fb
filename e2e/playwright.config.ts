import { defineConfig, type Project } from '@playwright/test'
import { hasWebKit } from '@auto-refresh/browsers'

// 5 to 7 are about what the cache does by itself: they pass everywhere, but take a minute and a half of each browser.
const testIgnore = process.env['E2E_ALL'] === '1' ? [] : /\/[5-7]-[^/]*$/

// Its driver neither cuts the network nor narrows the window.
const webkit: Project = { name: 'webkit', grepInvert: /@chromium|@not-webkit/, testIgnore }

export default defineConfig({
  testDir: 'test',
  outputDir: 'test-results/artifacts',
  // Most tests wait for time to pass: two at a time, each with a farm and a page of its own.
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  // The longest takes 40 s; where the machine has more to do, several times that.
  timeout: 360_000,
  reporter: [['list'], ['json', { outputFile: 'test-results/report.json' }]],
  projects: [
    { name: 'chromium' },
    { name: 'firefox', grepInvert: /@chromium/, testIgnore },
    ...(hasWebKit() ? [webkit] : []),
  ],
})
