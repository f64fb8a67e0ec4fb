import { defineConfig, type Project } from '@playwright/test'
import { hasWebKit } from '@auto-refresh/browsers'

/** Playwright empties the folder of the projects that run, so that each has its own. */
const outputDir = (name: string): string => `test-results/${name}`

const webkit: Project = {
  name: 'webkit',
  outputDir: outputDir('webkit'),
  // WebKit's driver cannot take a page offline or change its size.
  grepInvert: /@chromium|@not-webkit/,
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
    { name: 'firefox', outputDir: outputDir('firefox'), grepInvert: /@chromium/ },
    ...(hasWebKit() ? [webkit] : []),
  ],
})
