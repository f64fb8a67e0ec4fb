import { expect } from '@playwright/test'
import type { Job, StatusAnswer } from '@auto-refresh/demo-server/api'
import { eventually } from '@auto-refresh/browsers'
import { realTime } from '../src/real-time.ts'
import { FarmPage, type SeenState } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'
import { RandomDelays } from '../src/random-delays.ts'
import { LONG_RENDER } from '../src/scenes.ts'

/** Number of tries in Chromium. Other engines make fewer, because each takes time and the library is the same. */
const TRIES = 50
const TRIES_ELSEWHERE = 20
/** ms. The test is about random delays in real time. */
const LONGEST_DELAY = 50

test(`4: in ${TRIES} tries (${TRIES_ELSEWHERE} beside Chromium), a job that a user cancels during a refresh stays cancelled when the older answer comes`, async ({
  tab,
  wire,
  farm,
}, info) => {
  const tries = info.project.name === 'chromium' ? TRIES : TRIES_ELSEWHERE
  const delays = new RandomDelays()
  info.annotations.push({ type: 'seed', description: String(delays.seed) })
  await farm.submit(tries + 1, LONG_RENDER)
  const page = await FarmPage.open(tab, wire.url, tries + 1)
  await page.watchStates()

  const cancelled: string[] = []
  while (cancelled.length < tries) {
    // Only the running job changes in every answer. For the others an old answer would change nothing.
    const id = await eventually(async () => nextRunning(await farm.jobs(), cancelled), {
      within: 90_000,
      awaited: 'a job that runs',
    })
    const answered = wire.holdNextAnswer()
    await page.refreshNow()
    const old = await answered
    if (!isOlderNews(old.answers, id)) {
      await old.deliver()
      continue
    }
    await realTime(delays.next(LONGEST_DELAY))
    await page.cancel(id)
    await soon(() => page.countIn('cancelled', [id])).toBe(1)
    await realTime(delays.next(LONGEST_DELAY))
    await old.deliver()
    cancelled.push(id)
  }

  // Waits until the last answer has been applied, and another one after it.
  const since = Date.now()
  await soon(() => wire.callsSince(since).filter(({ answeredAt }) => answeredAt !== undefined).length).toBe(2)
  expect(await page.countIn('cancelled', cancelled)).toBe(tries)
  expect(revived(await page.seenStates())).toEqual([])
})

/** Returns a running job that was not cancelled before. The page shows a job as cancelled before the farm has cancelled it. */
function nextRunning(jobs: readonly Job[], cancelled: readonly string[]): string | undefined {
  return jobs.find(({ id, state }) => state === 'running' && !cancelled.includes(id))?.id
}

/** True if accepting this answer would bring the cancelled job back to life. */
function isOlderNews(answers: readonly StatusAnswer[], id: string): boolean {
  return answers.some(
    (answer) => answer.id === id && answer.status === 'changed' && answer.job.state === 'running',
  )
}

/** States that the page showed of a job after it had shown it as cancelled. */
function revived(seen: readonly SeenState[]): SeenState[] {
  const cancelled = new Set<string>()
  return seen.filter(({ panel, id, state }) => {
    const card = `${panel} ${id}`
    if (state === 'cancelled') cancelled.add(card)
    return state !== 'cancelled' && cancelled.has(card)
  })
}
