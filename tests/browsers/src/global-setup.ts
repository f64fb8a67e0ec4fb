import { ensureBrowsers } from './install.ts'

/** Vitest's global setup of suites that use Chromium: the installation must not count against a test's deadline. */
export default function setUp(): void {
  ensureBrowsers(['chromium'])
}
