import { customBatches } from '@auto-refresh/core'
import { expect, it } from 'vitest'
import { createAll, log } from './scheduling.ts'
import { running, unchanged, world, type Job, type World } from './world.ts'

it.each([
  // The last call failed at 9000.
  { batchSize: 1, asked: 9200, due: 9500 },
  // The last probe failed at 6000.
  { batchSize: 10, asked: 6200, due: 6500 },
])(
  'S15: in an outage an item that falls due takes nothing along that was asked for less than 1 s after a failed call: batchSize $batchSize',
  async ({ batchSize, asked, due }) => {
    const intervals: Record<string, number> = { f1: 2000, f2: 2000, x1: 60_000, d: due }
    const { cache, clock, calls }: World<Job> = world<Job>({
      batchSize,
      jitter: 0,
      retry: { jitter: 0 },
      interval: (_, id) => intervals[id] ?? 11_000,
      answer(batch, { at, ids }) {
        if (at === 0) return unchanged(batch)
        return ids.some((id) => id.startsWith('f')) ? Promise.reject(new Error('down')) : 'wait'
      },
    })
    createAll(cache.start(), ['f1', 'f2', 'x1', 'd'])
    await clock.advance(asked)
    void cache.refresh('x1')
    await clock.advance(700)
    expect(log(calls.filter(({ at }) => at >= asked))).toEqual([`${due} d`])
  },
)

it("S7, G5: a pending item that `customBatches` left out is fetched in the user's pause, too, an interval later", async () => {
  let isOut = true
  const { cache, clock, calls } = world<Job>({
    policies: [customBatches((due) => (isOut ? [] : [due]))],
    answer: (batch) => batch.map(({ id }) => ({ id, item: running() })),
  })
  cache.start().pause()
  cache.getOrCreate('new')
  await clock.advance(500)
  isOut = false
  await clock.advance(5000)
  expect(log(calls)[0]).toBe('1000 new')
})
