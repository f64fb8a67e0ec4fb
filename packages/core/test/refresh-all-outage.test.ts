import { describe, expect, it } from 'vitest'
import { createAll, failed, outcomeOf } from './scheduling.ts'
import { running, unchanged, world, type Job, type World } from './world.ts'

const down = new Error('down')

/** The ids of each call that was asked for. */
const asked = (w: World<Job>): string[][] =>
  w.events.flatMap((event) =>
    event.type === 'sync-started' && event.kind === 'asked' ? [[...event.ids]] : [],
  )

describe('a page of one item, while the source is down', () => {
  /** The item is isolated, so that no outage begins; one is told of all the same (F12). The next retry is due at 72,000. */
  async function lone() {
    const source = { isDown: false }
    const w = world({
      interval: 5000,
      answer: (batch) => (source.isDown ? Promise.reject(down) : unchanged(batch)),
    })
    w.cache.start().getOrCreate('job', running())
    await w.clock.advance(1)
    source.isDown = true
    await w.clock.advance(40_000)
    expect(w.cache.getStatus().isOutage).toBe(true)
    return { ...w, source }
  }

  it('G8: refreshAll is one call of it', async () => {
    const w = await lone()
    w.source.isDown = false
    const outcome = outcomeOf(w.cache.refreshAll())
    await w.clock.advance(0)
    expect(asked(w)).toEqual([['job']])
    expect(outcome.state).toBe('resolved')
    expect(w.cache.getStatus().isOutage).toBe(false)
  })

  it('S15: whatever is asked for is at most one call a second', async () => {
    const w = await lone()
    for (let at = 0; at < 9900; at += 100) {
      outcomeOf(w.cache.refresh('job'))
      await w.clock.advance(100)
    }
    expect(asked(w)).toHaveLength(10)
  })
})

describe('refreshAll beside healthy items, while the source is down', () => {
  it.each<[string, boolean]>([
    ['if the group that failed last is gone', false],
    ['if it is gone, and the rest was asked for already', true],
  ])('G8: %s, it is one call of another group, not of healthy items', async (_, isAsked) => {
    const w = world({
      interval: 60_000,
      batchSize: 2,
      answer: (_batch, { at }) => (at === 0 ? [failed('x')] : Promise.reject(down)),
    })
    createAll(w.cache.start(), ['x', 'healthy'])
    await w.clock.advance(2000)
    createAll(w.cache, ['a', 'b', 'c', 'd'])
    await w.clock.advance(100)
    for (const id of ['c', 'd']) w.cache.delete(id)
    const refreshes = isAsked ? ['a', 'b'].map((id) => outcomeOf(w.cache.refresh(id))) : []
    const outcome = outcomeOf(w.cache.refreshAll())
    await w.clock.advance(900)
    expect(asked(w)).toHaveLength(1)
    expect(asked(w)[0]).not.toContain('healthy')
    expect(asked(w)[0]).toContain(isAsked ? 'x' : 'a')
    expect(outcome.state).toBe('resolved')
    expect(refreshes.map(({ state }) => state)).toEqual(isAsked ? ['rejected', 'rejected'] : [])
  })

  it('G8: if the items of all failed calls are gone, it is one call of an item that failed by itself', async () => {
    const w = world({
      interval: 60_000,
      batchSize: 2,
      answer: (_batch, { at }) => (at === 0 ? [failed('x')] : 'wait'),
    })
    createAll(w.cache.start(), ['x', 'healthy'])
    await w.clock.advance(2000)
    createAll(w.cache, ['e', 'f'])
    await w.clock.advance(0)
    for (const id of ['e', 'f']) w.cache.delete(id)
    w.lastCall().fail(Object.assign(new Error('429'), { retryAfter: 20_000 }))
    await w.clock.advance(0)
    const outcome = outcomeOf(w.cache.refreshAll())
    await w.clock.advance(1000)
    expect(asked(w)).toEqual([['x']])
    w.lastCall().fail(down)
    await w.clock.advance(0)
    expect(outcome.state).toBe('resolved')
  })

  it('G8: only one batch of the group goes first; after its success the rest waits for nothing', async () => {
    const w = world({
      interval: 60_000,
      batchSize: 4,
      answer: (batch, { at }) => {
        if (at === 0) return unchanged(batch)
        return at < 3000 ? Promise.reject(down) : 'wait'
      },
    })
    createAll(w.cache.start(), ['healthy'])
    await w.clock.advance(1000)
    createAll(w.cache, ['a', 'b', 'c', 'd'])
    await w.clock.advance(1100)
    const outcome = outcomeOf(w.cache.refreshAll())
    await w.clock.advance(900)
    expect(asked(w)).toEqual([['a', 'b']])
    w.lastCall().answer([])
    await w.clock.advance(0)
    expect(
      asked(w)
        .map((ids) => ids.join(' '))
        .sort(),
    ).toEqual(['a b', 'c d', 'healthy'])
    expect(outcome.state).toBe('pending')
  })
})
