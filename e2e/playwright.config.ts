import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'test',
  outputDir: 'test-results/artifacts',
  globalSetup: './src/browsers-there.ts',
  // One at a time: each test has a farm that renders, and times are what is tested.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  // The longest takes 40 s; where the machine has more to do, twice that.
  timeout: 150_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/report.json' }]],
  projects: [
    { name: 'chromium' },
    { name: 'firefox', grepInvert: /@chromium/ },
    // Its driver cannot cut the network. 5 to 7 are about what the cache does by itself: they pass here, too, but take
    // a minute that Chromium and Firefox have spent on them already.
    {
      name: 'webkit',
      grepInvert: /@chromium|@offline/,
      testIgnore: process.env['E2E_ALL'] === '1' ? [] : /\/[5-7]-[^/]*$/,
    },
  ],
})
