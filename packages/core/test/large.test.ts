import { describe, expect, it } from 'vitest'
import { running, world } from './world.ts'

/** What was looked at through a `WeakRef` is kept until the task ends. The clock is virtual; its turns need not be tasks. */
const taskEnd = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

/** Makes garbage until the collector has run, and says how many of the watched are still there. */
async function survivors(watched: readonly WeakRef<object>[]): Promise<number> {
  const alive = (): number => watched.filter((reference) => reference.deref() !== undefined).length
  const garbage: object[][] = []
  for (let rounds = 20; rounds <= 320; rounds *= 2) {
    for (let round = 0; round < rounds; round++) {
      garbage[round % 10] = Array.from({ length: 50_000 }, (_, index) => ({ index }))
      await taskEnd()
    }
    if (alive() <= watched.length / 10) break
  }
  return alive()
}

describe('memory', () => {
  it('O6: listeners that left, and items that were deleted, are free to be collected', async () => {
    const watched: WeakRef<object>[] = []
    const { cache, clock, calls, events } = world<object>({
      answer: (batch) => batch.map(({ id }) => ({ id, item: {} })),
    })
    cache.start()
    const live = async (name: string): Promise<void> => {
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
    for (let index = 0; index < 100; index++) await live(`i${index}`)
    await clock.advance(5000)
    calls.length = 0
    events.length = 0
    expect(await survivors(watched)).toBeLessThanOrEqual(watched.length / 10)
    expect(cache.size).toBe(0)
  }, 30_000)

  it('O6: listeners of ids that were never created are free to be collected', async () => {
    const watched: WeakRef<object>[] = []
    const { cache, clock } = world()
    const visit = (id: string): void => {
      const listener = (): string => id
      watched.push(new WeakRef(listener))
      cache.subscribe(id, listener)()
    }
    for (let index = 0; index < 200; index++) visit(`i${index}`)
    await clock.advance(0)
    expect(await survivors(watched)).toBeLessThanOrEqual(watched.length / 10)
    expect(cache.stats().subscribers).toBe(0)
  }, 30_000)
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
