import { describe, expect, it } from 'vitest'
import { running, world } from './world.ts'

/** What was looked at through a `WeakRef` is kept until the task ends. The clock is virtual; its turns need not be tasks. */
const taskEnd = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

/** Makes more and more garbage until the collector has run, and says how many of the watched are still there. */
async function survivors(watched: readonly WeakRef<object>[]): Promise<number> {
  const alive = (): number => watched.filter((reference) => reference.deref() !== undefined).length
  for (let rounds = 20; rounds <= 160; rounds *= 2) {
    // Much of it is held for a while: what dies young does not make a collector look at what is old.
    const garbage: object[][] = []
    for (let round = 0; round < rounds; round++) {
      garbage[round % (rounds / 2)] = Array.from({ length: 50_000 }, (_, index) => ({ index }))
      await taskEnd()
    }
    if (alive() <= watched.length / 10) break
  }
  return alive()
}

/**
 * The part of what was watched that outlives its use. JavaScriptCore takes for a pointer whatever looks like one on the
 * stack, so it keeps something by accident now and then; a leak keeps it every time.
 */
async function leaked(use: () => Promise<readonly WeakRef<object>[]>): Promise<number> {
  let least = 1
  for (let tries = 0; tries < 3 && least > 0.1; tries++) {
    const watched = await use()
    least = Math.min(least, (await survivors(watched)) / watched.length)
  }
  return least
}

describe('memory', () => {
  it('O6: listeners that left, and items that were deleted, are free to be collected', async () => {
    const { cache, clock, calls, events } = world<object>({
      answer: (batch) => batch.map(({ id }) => ({ id, item: {} })),
    })
    cache.start()
    const live = async (name: string, watched: WeakRef<object>[]): Promise<void> => {
      const item = { name }
      const listener = (): string => item.name
      watched.push(new WeakRef(item), new WeakRef(listener))
      const early = cache.subscribe(name, listener)
      cache.getOrCreate(name, item)
      const late = cache.subscribe(name, listener, { activity: true })
      if (watched.length % 3 === 0) await clock.advance(1000)
      early()
      cache.delete(name)
      late()
    }
    const left = await leaked(async () => {
      const watched: WeakRef<object>[] = []
      for (let index = 0; index < 100; index++) await live(`i${index}`, watched)
      await clock.advance(5000)
      calls.length = 0
      events.length = 0
      return watched
    })
    expect(left).toBeLessThanOrEqual(0.1)
    expect(cache.size).toBe(0)
  }, 60_000)

  it('O6: listeners of ids that were never created are free to be collected', async () => {
    const { cache, clock } = world()
    const visit = (id: string): WeakRef<object> => {
      const listener = (): string => id
      cache.subscribe(id, listener)()
      return new WeakRef(listener)
    }
    const left = await leaked(async () => {
      const watched = Array.from({ length: 200 }, (_, index) => visit(`i${index}`))
      await clock.advance(0)
      return watched
    })
    expect(left).toBeLessThanOrEqual(0.1)
    expect(cache.stats().subscribers).toBe(0)
  }, 60_000)
})

describe('many items', () => {
  it('S4: a batch of 200,000 is one', async () => {
    const w = world({ batchSize: Infinity, syncOnCreate: false })
    w.cache.start().getOrCreate('first', running())
    await w.clock.advance(1)
    for (let index = 0; index < 200_000; index++) w.cache.getOrCreate(`${index}`, running())
    await w.clock.advance(1000)
    expect(w.calls.map((call) => call.ids.length)).toEqual([200_001])
  })
})
