import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { describe, expect, it } from 'vitest'

/** A clock that counts the tasks that its timers begin. */
class TaskClock extends VirtualClock {
  task = 0

  override setTimeout(callback: () => void, delay: number): unknown {
    return super.setTimeout(() => {
      this.task += 1
      callback()
    }, delay)
  }
}

/** Returns the number of items that go in each task, of items that are all due at once; the source answers at once. */
async function slices(items: number, concurrency?: number): Promise<number[]> {
  const clock = new TaskClock()
  const sent = new Map<number, number>()
  const cache = new InMemoryAutoRefresh<number>({
    interval: 1000,
    clock,
    concurrency,
    sync(batch) {
      sent.set(clock.task, (sent.get(clock.task) ?? 0) + batch.length)
      return []
    },
  })
  for (let index = 0; index < items; index++) cache.getOrCreate(`i${index}`, index)
  cache.start()
  await clock.advance(0)
  await cache.stop()
  return [...sent.values()]
}

describe('items that are due at once', () => {
  it('S12: up to 5,000 go in one task', async () => {
    expect(await slices(5000)).toEqual([5000])
  })

  it('S12: more go in slices, without any time that passes', async () => {
    expect(await slices(12_000)).toEqual([5000, 5000, 2000])
  })

  it('S12: they go in slices whatever the number of slots', async () => {
    expect(await slices(12_000, 1)).toEqual([5000, 5000, 2000])
    expect(await slices(12_000, Infinity)).toEqual([5000, 5000, 2000])
  })

  it('S12: items that went longer ago than 100 ms are not counted', async () => {
    const clock = new TaskClock()
    let sent = 0
    const cache = new InMemoryAutoRefresh<number>({
      interval: 1000,
      jitter: 0,
      clock,
      concurrency: 100,
      async sync(batch) {
        sent += batch.length
        // An answer that comes in a task of its own.
        await new Promise<void>((resolve) => void clock.setTimeout(resolve, 150))
        return []
      },
    })
    for (let index = 0; index < 5000; index++) cache.getOrCreate(`i${index}`, index)
    cache.start()
    await clock.advance(200)
    expect(sent).toBe(5000)
    const { task } = clock
    for (let index = 5000; index < 10_000; index++) cache.getOrCreate(`i${index}`, index)
    await clock.advance(0)
    expect(sent).toBe(10_000)
    expect(clock.task).toBe(task)
    const stopped = cache.stop()
    await clock.advance(150)
    await stopped
  })
})
