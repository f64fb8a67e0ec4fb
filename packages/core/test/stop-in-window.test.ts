import { customBatches } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, log } from './scheduling.ts'
import { running, unchanged, world, type Job } from './world.ts'

describe('a stop and a start', () => {
  it('L4, S1: within batchWindow, the new items share the call that they would have shared', async () => {
    const { cache, clock, calls } = world({ batchWindow: 500 })
    createAll(cache.start(), ['a'])
    await clock.advance(100)
    await cache.stop()
    cache.start()
    createAll(cache, ['b'])
    await clock.advance(399)
    expect(calls).toEqual([])
    await clock.advance(1)
    expect(log(calls)).toEqual(['500 a b'])
  })

  it('L4, S17: a refresh that jitter put off is due when it was', async () => {
    const { cache, clock, calls } = world({ jitter: 0.4, random: () => 0.8 })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    const { nextRefreshAt } = cache.getSnapshot('a')
    await cache.stop()
    cache.start()
    expect(nextRefreshAt).toBeGreaterThan(1_001_000)
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(nextRefreshAt)
    await clock.advance(900)
    expect(log(calls)).toEqual(['0 a'])
  })
})

it('O1: an item whose batch a stop dissolves, and that is never due again, tells no time of a refresh', async () => {
  let isDown = false
  const { cache, clock } = world<Job>({
    policies: [customBatches((due) => due.map((each) => [each]))],
    concurrency: 1,
    answer: (batch) => (isDown ? 'wait' : unchanged(batch)),
  })
  cache.start()
  createAll(cache, ['a', 'b'])
  await clock.advance(0)
  isDown = true
  await clock.advance(1500)
  expect(cache.getSnapshot('b').nextRefreshAt).toBeLessThanOrEqual(clock.epoch())
  cache.setOptions({ interval: Infinity })
  void cache.stop()
  expect(cache.getSnapshot('b').nextRefreshAt).toBeUndefined()
})
