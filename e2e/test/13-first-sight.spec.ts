import { readFileSync } from 'node:fs'
import { expect } from '@playwright/test'
import { realTime } from '../src/real-time.ts'
import { FarmPage } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'
import { FirstSight } from '../src/first-sight.ts'
import { RETRY_DELAY } from '../src/job-cache-contract.ts'
import { layoutShift, watchLayout } from '../src/layout-shift.ts'
import { LONG_RENDER } from '../src/scenes.ts'

const SOURCE = new URL('../../apps/demo/src/job-cache.ts', import.meta.url)
const JOBS = 12

test('13: on first sight both rates run, a sentence says what is seen, the code stands beside it, and nothing moves @chromium', async ({
  networkTab: tab,
  wire,
}) => {
  const page = await FarmPage.visit(tab, wire.url, 60)
  const sight = new FirstSight(tab)
  await watchLayout(tab)
  // Both are sent: nobody pressed anything.
  await soon(async () => (await sight.rates())[0]).toBeGreaterThan(0)
  await soon(async () => (await sight.rates())[1]).toBeGreaterThan((await sight.rates())[0])
  expect(await sight.text('.sentence')).toMatch(/^The cache keeps \d+ jobs fresh/)

  const source = await sight.text('#source')
  expect(source).toBe(readFileSync(SOURCE, 'utf8').trim())
  expect(source.split('\n').length).toBeLessThanOrEqual(30)
  const [story = NaN, code, wall = NaN] = await sight.tops('.story', '.source', '.wall')
  expect(code).toBe(story)
  expect(wall).toBeGreaterThan(story)

  // What others did not switch on does not move the page, however the figures change.
  await tab.click('#pause')
  await soon(() => page.condition()).toBe('paused')
  await tab.click('#pause')
  await soon(() => page.condition()).toBe('running')
  expect(await layoutShift(tab)).toBeLessThan(0.01)

  // The developer tools come at a click, and look at this cache.
  expect(await sight.devtoolsText()).toBe('')
  await tab.click('#devtools')
  await soon(() => sight.devtoolsText()).toContain('jobs')
  await tab.click('#devtools')
  expect(await sight.text('#devtools-dock')).toBe('')
})

test.describe(() => {
  test.use({ look: { width: 360, height: 740, scheme: 'light' } })

  test('13: on a telephone the jobs come before the code and the faults @not-webkit', async ({
    networkTab: tab,
    wire,
    farm,
  }) => {
    await farm.submit(JOBS, LONG_RENDER)
    await FarmPage.open(tab, wire.url, JOBS)
    const sight = new FirstSight(tab)
    const [jobs = NaN, code = NaN, faults = NaN] = await sight.tops('[data-job-id]', '.source', '#faults')
    expect(jobs).toBeLessThan(740)
    expect(code).toBeGreaterThan(jobs)
    expect(faults).toBeGreaterThan(code)
  })
})

test('13: the badge tells what is wrong, and the next visitor what was left on', async ({
  tab,
  wire,
  farm,
}) => {
  await farm.submit(JOBS, LONG_RENDER)
  await farm.setFaults({ retryAfter: 3 })
  const page = await FarmPage.open(tab, wire.url, JOBS)
  const sight = new FirstSight(tab)
  await soon(() => sight.text('#left-faults')).toContain('429, Retry-After 3 s')
  await soon(() => page.condition()).toBe('rate-limited')

  await tab.click('#left-faults button')
  await soon(() => sight.text('#left-faults')).toBe('')
  await soon(() => page.condition()).toBe('running')
  expect(await page.failing()).toEqual([])

  await tab.click('#fault-hang')
  await soon(() => page.condition()).toBe('waiting')
  // Who switched it on is not told.
  expect(await sight.text('#left-faults')).toBe('')
  await tab.click('#fault-heal')
  await soon(() => page.condition()).toBe('running')

  // The culprit is marked, a job that failed is not one that could not be refreshed.
  await tab.click('#fault-poison')
  await soon(async () => (await page.failing()).length).toBe(1)
  expect(await page.condition()).toBe('backing-off')
  const [culprit = ''] = await page.failing()
  expect(await sight.text(`[data-job-id="${culprit}"].is-poisoned .card-error`)).toContain(
    'Could not refresh',
  )
  expect(await sight.text('#culprits')).toContain('Poisoned: Mandelbrot set')
})

test('13: "Refresh now" in an outage is one request', async ({ tab, wire, farm }) => {
  await farm.submit(JOBS, LONG_RENDER)
  await farm.setFaults({ errorRate: 1 })
  const page = await FarmPage.open(tab, wire.url, JOBS)
  const sight = new FirstSight(tab)
  // F14: after the call, the whole retry and two probes, the next probe by the clock is 4 s away.
  const probes = 4
  await soon(() => wire.calls.filter(({ answeredAt }) => answeredAt !== undefined).length).toBe(probes)
  expect(await page.condition()).toBe('outage')

  await page.refreshNow()
  await soon(() => sight.text('#notices')).toBe('Not refreshed, by 1 request: The farm answered 503')
  // That no further one follows is what is tested.
  await realTime(RETRY_DELAY)
  const [asked, ...more] = wire.calls.slice(probes)
  // G8: not of a single job as a probe, but of a batch of those that failed.
  expect(asked?.ids.length).toBeGreaterThan(1)
  expect(more).toEqual([])
})
