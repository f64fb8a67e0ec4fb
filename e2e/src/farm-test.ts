import { expect, test as base, type TestInfo } from '@playwright/test'
import { startFarmProcess } from '@auto-refresh/demo-server/testing'
import { Browsers } from './browsers.ts'
import { FarmApi } from './farm-api.ts'
import { FarmWire } from './farm-wire.ts'
import type { ChromiumTab, Look, NetworkTab, Tab, WindowTab } from './tab.ts'

/** Milliseconds that a busy machine may take for anything that has no bound in the contract. */
const PATIENCE = 90_000

/** Milliseconds that a busy machine may take to render a dozen pictures. */
export const RENDERED = 180_000

interface TestFixtures {
  /** Other options of `tab` (except in WebKit) and of `networkTab`. */
  readonly look: Look
  /** ms that a row of a picture takes at least, so that a long render costs the processor nothing. */
  readonly rowTime: number
  readonly farmUrl: string
  /** A farm for this test alone, with its operator's methods. */
  readonly farm: FarmApi
  /** The connection between the farm and the browser. */
  readonly wire: FarmWire
  /** A tab in front. */
  readonly tab: Tab
  /** A tab with a keyboard, whose network can be cut. */
  readonly networkTab: NetworkTab
  /** A tab that can be hidden. */
  readonly windowTab: WindowTab
  /** A tab that can be frozen and can go back. */
  readonly chromiumTab: ChromiumTab
}

interface WorkerFixtures {
  readonly browsers: Browsers
}

/** A test with a farm and a page of its own, in its project's browser. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  browsers: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the parameter's text
    async ({}, use, { project }) => {
      const browsers = new Browsers(project.name)
      await use(browsers)
      await browsers.close()
    },
    { scope: 'worker' },
  ],
  look: [{ width: 1200, height: 900, scheme: 'light' }, { option: true }],
  rowTime: [3, { option: true }],
  farmUrl: async ({ rowTime }, use) => {
    const farm = await startFarmProcess({ rowTime })
    await use(farm.url)
    await farm.stop()
  },
  farm: async ({ farmUrl }, use) => {
    await use(new FarmApi(farmUrl))
  },
  wire: async ({ farmUrl }, use) => {
    const wire = await FarmWire.lay(farmUrl)
    await use(wire)
    await wire.cut()
  },
  tab: async ({ browsers, look }, use, info) => lend(await browsers.openTab(look), use, info),
  networkTab: async ({ browsers, look }, use, info) => lend(await browsers.openNetworkTab(look), use, info),
  windowTab: async ({ browsers }, use, info) => lend(await browsers.openWindowTab(), use, info),
  chromiumTab: async ({ browsers }, use, info) => lend(await browsers.openChromiumTab(), use, info),
})

async function lend<Kind extends Tab>(
  tab: Kind,
  use: (tab: Kind) => Promise<void>,
  info: TestInfo,
): Promise<void> {
  await use(tab)
  if (info.status !== info.expectedStatus) {
    await info.attach('page', { body: await tab.screenshot(), contentType: 'image/png' })
  }
  await tab.close()
}

/** Asserts a condition that must hold within `timeout` ms. */
export function soon<Value>(
  actual: () => Value | Promise<Value>,
  timeout = PATIENCE,
): ReturnType<typeof expect.poll<Value>> {
  return expect.poll(actual, { intervals: [50, 100, 200], timeout })
}
