import { expect } from '@playwright/test'
import { startFarmProcess, type FarmProcess } from '@auto-refresh/demo-server/testing'
import { ensureServer } from '../../tests/fleet/src/find-server.ts'
import { FarmApi } from '../src/farm-api.ts'
import { FarmPage } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'
import { INTERVAL } from '../src/job-cache-contract.ts'
import { shownProgress, watchProgress } from '../src/progress.ts'
import { realTime } from '../src/real-time.ts'
import { LONG_RENDER } from '../src/scenes.ts'
import { Sharing } from '../src/sharing.ts'

const LOOK = { width: 1000, height: 900, scheme: 'light' } as const
const JOBS = 40
const SERVERS = 3
const TABS = 2

test('14: one of two tabs asks for both, and the other one takes over @everywhere @chromium', async ({
  browsers,
  wire,
  farm,
}) => {
  await farm.submit(JOBS, LONG_RENDER)
  const tabs = await browsers.openTabs(LOOK, 2)
  const sharing = tabs.map((tab) => new Sharing(tab))
  for (const tab of tabs) await FarmPage.visit(tab, `${wire.url}/?quiet&by=tabs`, JOBS)
  const roles = (): Promise<string[]> => Promise.all(sharing.map((each) => each.role()))
  await soon(async () => (await roles()).sort()).toEqual(['follower', 'leader'])
  await soon(async () => Promise.all(sharing.map((each) => each.badge()))).toContain('Follows · 2 tabs')
  const follower = (await roles()).indexOf('follower')
  // A tab that found no other one for 300 ms has asked for itself, on a busy machine.
  const [ownBefore] = (await sharing[follower]?.savings()) ?? []

  const since = Date.now()
  await realTime(5 * INTERVAL)
  const calls = wire.callsSince(since).length
  expect(calls).toBeLessThanOrEqual((Date.now() - since) / INTERVAL + 1)
  expect(calls).toBeGreaterThan(0)
  const [own, all, apart] = (await sharing[follower]?.savings()) ?? []
  expect(own).toBe(ownBefore)
  expect(apart).toBeGreaterThan(4 * (all ?? Infinity))

  await tabs[1 - follower]?.goto('about:blank')
  await soon(() => sharing[follower]?.role()).toBe('leader')
  await soon(async () => (await sharing[follower]?.savings())?.[0]).toBeGreaterThan(0)
  await tabs[0]?.close()
})

/** Three servers before one farm. */
const stacked = test.extend<{ readonly backend: FarmProcess }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the parameter's text
  backend: async ({}, use) => {
    ensureServer()
    const backend = await startFarmProcess({ rowTime: 3, servers: SERVERS })
    await use(backend)
    await backend.stop()
  },
})

stacked(
  '14: six tabs over three servers and one farm: K4, K5, and one call an interval in all @everywhere @chromium',
  async ({ browsers, backend }) => {
    const farm = new FarmApi(backend.url)
    await farm.submit(JOBS, LONG_RENDER)
    const all = await Promise.all(
      backend.serverUrls.map(async (url) => {
        const tabs = await browsers.openTabs(LOOK, TABS)
        return Promise.all(
          tabs.map(async (tab) => ({
            tab,
            page: await FarmPage.visit(tab, `${url}/?quiet`, JOBS),
            sharing: new Sharing(tab),
          })),
        )
      }),
    )
    const tabs = all.flat()
    for (const [leads, follows] of all) {
      await soon(async () => [await leads?.sharing.role(), await follows?.sharing.role()].sort()).toEqual([
        'follower',
        'leader',
      ])
    }
    // Of the servers, one asks the farm.
    const who = async (): Promise<string[]> => Promise.all(tabs.map(({ sharing }) => sharing.who()))
    await soon(
      async () => (await who()).filter((text) => text.includes('asks the farm for all 3 servers')).length,
    ).toBe(TABS)
    for (const { tab } of tabs) await watchProgress(tab)
    // A tab that found no other one for 300 ms has asked for itself, on a busy machine.
    const sent = (): Promise<number[]> =>
      Promise.all(tabs.map(async ({ sharing }) => (await sharing.savings())[0]))
    const sentBefore = await sent()

    // K2: one call an interval.
    const before = await farm.statusRequests()
    const since = Date.now()
    await realTime(10 * INTERVAL)
    const calls = (await farm.statusRequests()) - before
    expect(calls).toBeLessThanOrEqual((Date.now() - since) / INTERVAL + 1)
    expect(calls).toBeGreaterThanOrEqual(5)

    // K4: what a tab writes stays, at that tab at once, and reaches the others by the farm.
    const queued = (await farm.jobs()).filter(({ state }) => state === 'queued').map(({ id }) => id)
    const written = queued.slice(-tabs.length)
    const asked = queued.slice(-2 * tabs.length, -tabs.length)
    for (const [index, { page }] of tabs.entries()) await page.cancel(written[index] ?? '')
    for (const { page } of tabs) {
      await soon(() => page.unfinished(written)).toEqual([])
      expect(await page.countIn('cancelled', written)).toBe(tabs.length)
    }

    // K5: when a refresh is over, the tab shows what the farm had when it was asked for.
    for (const [index, { tab, page }] of tabs.entries()) {
      const id = asked[index] ?? ''
      await farm.cancel(id)
      await tab.evaluate("document.querySelector('#notices').textContent = ''")
      await page.refreshNow()
      await soon(async () =>
        String(await tab.evaluate("document.querySelector('#notices').textContent")),
      ).toMatch(/jobs refreshed; this tab sent no request/)
      expect(await page.countIn('cancelled', [id])).toBe(1)
    }

    expect(await sent()).toEqual(sentBefore)

    // No client has seen a state that is older than one that it had seen.
    for (const { tab } of tabs) {
      const { steps, backwards } = await shownProgress(tab)
      expect(backwards).toEqual([])
      expect(steps).toBeGreaterThan(5)
    }
    for (const [first] of all) await first?.tab.close()
  },
)
