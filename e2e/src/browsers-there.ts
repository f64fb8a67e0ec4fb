import { ensureBrowsers } from '../../scripts/browsers.mjs'

/** Before all tests: no browser, no suite. */
export default function browsersThere(): void {
  ensureBrowsers()
}
