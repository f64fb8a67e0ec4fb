import { describe, expect, it } from 'vitest'
import { faultyWorld } from './faulty-source.ts'
import { createAll, manyIds } from './scheduling.ts'
import { running, unchanged, world, type Job, type World } from './world.ts'

/** Returns the settlements of `count` refreshes of one id. */
const spam = ({ cache }: World<Job>, count: number): Promise<unknown>[] =>
  Array.from({ length: count }, () => cache.refresh('a').catch((error: unknown) => error))

/** Real ms of the work, the least of three. */
async function cost(work: () => Promise<() => Promise<void>>): Promise<number> {
  const all: number[] = []
  for (let run = 0; run < 3; run++) {
    const prepared = await work()
    const start = performance.now()
    await prepared()
    all.push(performance.now() - start)
  }
  return Math.min(...all)
}

/** States in which a cache is asked very often, and the event that lets it answer. */
const situations: readonly (readonly [string, (count: number) => Promise<() => Promise<void>>])[] = [
  [
    'before its call starts',
    async (count) => {
      const w = world({ interval: Infinity })
      w.cache.start().getOrCreate('a', running())
      await w.clock.advance(0)
      return async () => {
        const all = spam(w, count)
        await w.clock.advance(0)
        expect(await Promise.all(all)).toHaveLength(count)
        expect(w.calls).toHaveLength(2)
      }
    },
  ],
  [
    'while its call runs',
    async (count) => {
      const w = world({
        interval: Infinity,
        answer: (batch, { at }) => (at === 0 ? 'wait' : unchanged(batch)),
      })
      w.cache.start().getOrCreate('a', running())
      await w.clock.advance(1)
      return async () => {
        const all = spam(w, count)
        w.calls[0]?.answer([])
        await w.clock.advance(0)
        expect(await Promise.all(all)).toHaveLength(count)
        expect(w.calls).toHaveLength(2)
      }
    },
  ],
  [
    'in an outage',
    async (count) => {
      const w = faultyWorld()
      w.source.isDown = true
      w.cache.start()
      createAll(w.cache, ['a', ...manyIds(3)])
      await w.clock.advance(1500)
      return async () => {
        const all = spam(w, count)
        await w.clock.advance(500)
        expect(new Set(await Promise.all(all))).toEqual(new Set([w.source.error]))
        const started = w.events.filter((event) => event.type === 'sync-started' && event.kind === 'asked')
        expect(started).toHaveLength(1)
      }
    },
  ],
]

/** As many promises with a handler each, settled one by one: the least cost of the refreshes. */
function promises(count: number): Promise<() => Promise<void>> {
  return Promise.resolve(async () => {
    const settle: ((error: unknown) => void)[] = []
    const all = Array.from({ length: count }, () =>
      new Promise((_, reject) => settle.push(reject)).catch((error: unknown) => error),
    )
    settle.forEach((reject) => reject('settled'))
    expect(await Promise.all(all)).toHaveLength(count)
  })
}

describe('64,000 refreshes of one id', () => {
  // Measured: about 4 times the promises alone. If every refresh looked at all before it, it would be hundreds of times.
  it.each(situations)('S8: cost in proportion to their number, and one call: %s', async (_, prepare) => {
    const least = await cost(() => promises(64_000))
    const spent = await cost(() => prepare(64_000))
    expect(spent / least).toBeLessThan(40)
  })
})
