import { adopt, type ItemState } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { times } from './scheduling.ts'
import { running, world, type Job } from './world.ts'

const nothing = (): void => {}

const adopted: ItemState<Job> = {
  id: 'a',
  item: running(5),
  validator: undefined,
  error: undefined,
  failureCount: 0,
  unchangedCount: 0,
  age: 0,
  next: undefined,
}

describe('adopting an item and its subscribers', () => {
  it('E2, P7: an item that is subscribed to when it is adopted is not removed after gcTime', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    const leave = cache.start().subscribe('a', nothing, { create: false })
    adopt(cache, [{ ...adopted, next: 60_000 }])
    await clock.advance(5000)
    expect(cache.has('a')).toBe(true)
    leave()
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it("E2: the application's item that has no `next` is not scheduled by its first subscriber", async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    adopt(cache, [adopted])
    cache.subscribe('a', nothing)
    await clock.advance(5000)
    expect(times(calls)).toEqual([0])
    expect(cache.getSnapshot('a').nextRefreshAt).toBeUndefined()
  })
})
