import { lru, type InMemoryAutoRefresh } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, untyped } from './scheduling.ts'
import { captureReports, done, endOfTurn, isTerminal, running, stepped, world, type Job } from './world.ts'

type Cache = InMemoryAutoRefresh<Job>

/** Returns the number of calls of a listener of the ids `a` and `b` that `act` causes. */
async function told(act: (cache: Cache) => unknown): Promise<number> {
  const { cache } = world<Job>({ isTerminal, policies: [lru(3)] })
  createAll(cache.start(), ['a', 'b'])
  await endOfTurn()
  let count = 0
  cache.subscribeIds(() => (count += 1))
  act(cache)
  expect(count).toBe(0)
  await endOfTurn()
  return count
}

describe('a listener of the ids', () => {
  it.each<[string, (cache: Cache) => unknown]>([
    ['getOrCreate', (cache) => cache.getOrCreate('c', running())],
    ['a pending item', (cache) => cache.getOrCreate('c')],
    ['a subscription that creates', (cache) => cache.subscribe('c', () => {}, { create: true })],
    ['ingest that creates', (cache) => cache.ingest([{ id: 'c', item: running() }], { create: true })],
    ['delete', (cache) => cache.delete('a')],
    ['a pushed deletion', (cache) => cache.ingest([{ id: 'a', action: 'delete' }])],
    ['clear', (cache) => cache.clear()],
    ['an eviction', (cache) => createAll(cache, ['c', 'd'])],
    ['many in one turn', (cache) => createAll(cache, ['c', 'd', 'e', 'f'])],
    ['an id that comes and goes in one turn', (cache) => [cache.getOrCreate('c'), cache.delete('c')]],
  ])('G3: it is told in a microtask, once: %s', async (_, act) => {
    expect(await told(act)).toBe(1)
  })

  it.each<[string, (cache: Cache) => unknown]>([
    ['another value', (cache) => cache.update('a', running(1))],
    ['another status', (cache) => cache.update('a', done())],
    ['a failure', (cache) => cache.ingest([{ id: 'a', action: 'fail', error: 'busy' }])],
    ['a mark', (cache) => cache.deleteDelayed('a')],
    ['a present item', (cache) => cache.getOrCreate('a', running(1))],
    ['an absent id that stays absent', (cache) => [cache.delete('x'), cache.update('x', running())]],
    ['a stop and a start', (cache) => [cache.stop(), cache.start()]],
    ['a subscription', (cache) => cache.subscribe('x', () => {})],
  ])('G3: it is not told of %s', async (_, act) => {
    expect(await told(act)).toBe(0)
  })

  it('G3: it is told of ids that go by a call, a mark or gcTime, and not of refreshes', async () => {
    const { cache, clock } = world({
      gcTime: 5500,
      answer: (batch) =>
        batch.map(({ id }) => (id === 'gone' ? { id, action: 'delete' } : { id, item: running(1) })),
    })
    cache.start()
    createAll(cache, ['marked'])
    cache.subscribe('left', () => {}, { create: true })()
    const at: number[] = []
    await clock.advance(100)
    cache.subscribeIds(() => at.push(clock.now()))
    cache.deleteDelayed('marked')
    await clock.advance(2000)
    cache.getOrCreate('gone')
    await clock.advance(0)
    expect(at).toEqual([1000, 2100, 2100])
    await clock.advance(10_000)
    expect(at).toEqual([1000, 2100, 2100, 5500])
  })

  it('G3: it is called without arguments, in the order of the subscriptions', async () => {
    const { cache } = world()
    const heard: unknown[][] = []
    for (const n of [1, 2, 3]) cache.subscribeIds((...given: unknown[]) => heard.push([n, ...given]))
    cache.getOrCreate('a', running())
    await endOfTurn()
    expect(heard).toEqual([[1], [2], [3]])
  })

  it('G3: it is never called after its unsubscribe returned', async () => {
    const { cache } = world()
    let count = 0
    const listener = (): number => (count += 1)
    const leave = [cache.subscribeIds(listener), cache.subscribeIds(listener)]
    cache.getOrCreate('a', running())
    leave[0]?.()
    leave[0]?.()
    await endOfTurn()
    expect(count).toBe(1)
    cache.getOrCreate('b', running())
    leave[1]?.()
    await endOfTurn()
    expect(count).toBe(1)
  })

  it('G3: it is not called if an earlier listener ended it in the same turn', async () => {
    const { cache } = world()
    const heard: string[] = []
    cache.subscribeIds(() => {
      heard.push('first')
      leave()
    })
    const leave = cache.subscribeIds(() => heard.push('second'))
    cache.subscribeIds(() => heard.push('third'))
    cache.getOrCreate('a', running())
    await endOfTurn()
    expect(heard).toEqual(['first', 'third'])
  })

  it('G3: when it is called, `ids` and `size` show what changed, and it may write', async () => {
    const { cache } = world()
    const seen: number[] = []
    cache.subscribeIds(() => {
      seen.push(cache.size)
      if (cache.size < 3) cache.getOrCreate(`new ${cache.size}`, running())
    })
    cache.getOrCreate('a', running())
    await endOfTurn()
    expect(seen).toEqual([1, 2, 3])
  })

  it('G3, F7: a listener that throws or rejects is reported once each time, and the others are called', async () => {
    const captured = captureReports()
    try {
      const { cache, events } = world({ answer: stepped })
      let count = 0
      cache.subscribeIds(() => {
        throw new Error('thrown')
      })
      cache.subscribeIds(() => Promise.reject(new Error('rejected')) as unknown as undefined)
      cache.subscribeIds(() => (count += 1))
      cache.getOrCreate('a', running())
      await endOfTurn()
      expect(count).toBe(1)
      expect(captured.reports.map(String).sort()).toEqual(['Error: rejected', 'Error: thrown'])
      expect(events.filter(({ type }) => type === 'callback-error')).toHaveLength(2)
    } finally {
      captured.restore()
    }
  })

  it('G3: a listener that is no function is a TypeError', () => {
    expect(() => world().cache.subscribeIds(untyped(undefined))).toThrow(TypeError)
  })
})
