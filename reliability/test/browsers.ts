import { ensureBrowsers } from '../../scripts/browsers.mjs'

/** Before all tests, for what has to be installed takes longer than any of them. */
export default function setUp(): void {
  ensureBrowsers()
}
