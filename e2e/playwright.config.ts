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
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/report.json' }]],
  projects: [
    { name: 'chromium' },
    { name: 'firefox', grepInvert: /@chromium/ },
    // Its driver cannot cut the network.
    { name: 'webkit', grepInvert: /@chromium|@offline/ },
  ],
})
