import { defineConfig } from 'vitest/config'

/** Pages in Chromium. */
export default defineConfig({
  test: {
    name: 'pages',
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['@auto-refresh/browsers/global-setup'],
    testTimeout: 120_000,
  },
})
