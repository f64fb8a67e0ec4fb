import { defineConfig, type Project } from '@playwright/test'
import { hasWebKit } from '../scripts/browsers.mjs'

// Its driver neither cuts the network nor narrows the window. 5 to 7 are about what the cache does by itself: they pass
// here, too, but take a minute that Chromium and Firefox have spent on them already.
const webkit: Project = {
  name: 'webkit',
  grepInvert: /@chromium|@not-webkit/,
  testIgnore: process.env['E2E_ALL'] === '1' ? [] : /\/[5-7]-[^/]*$/,
}

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
    { name: 'firefox', grepInvert: /@chromium/ },
    ...(hasWebKit() ? [webkit] : []),
  ],
})
