import { customBatches, lru, type Policy } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, log, oneEach, untyped } from './scheduling.ts'
import { running, world, type Job } from './world.ts'

describe('policies that are wrong or combined', () => {
  it.each([
    ['null', () => null],
    ['undefined', () => undefined],
    ['1', () => 1],
  ])('L7: a policy that returns %s is named by the TypeError', (value, policy) => {
    expect(() => world({ policies: [lru(3), untyped(policy)] })).toThrow(
      new TypeError(`policies[1] must return an object of hooks, got ${value}`),
    )
  })

  it('C3: the batches of a policy count beside other policies, wherever it stands', async () => {
    const { cache, clock, calls } = world({ policies: [lru(3), customBatches(oneEach)] })
    createAll(cache.start(), ['a', 'b'])
    await clock.advance(0)
    expect(log(calls).sort()).toEqual(['0 a', '0 b'])
  })

  it("W9, W14: `ingest` with `create` is no use of an item that is the application's already", () => {
    const changed: string[] = []
    const policy: Policy = () => ({ changed: ({ id }) => void changed.push(id) })
    const { cache } = world<Job>({ policies: [policy] })
    cache.start().getOrCreate('a', running())
    cache.subscribe('b', () => {}, { initialItem: running() })
    changed.length = 0
    cache.ingest(
      ['a', 'b'].map((id) => ({ id, item: running(1) })),
      { create: true },
    )
    expect(changed).toEqual(['b'])
  })
})
