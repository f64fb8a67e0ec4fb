import { lru } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll } from './scheduling.ts'
import { running, world } from './world.ts'

const nothing = (): void => {}

describe('a cache whose items are all in a running call', () => {
  it('C1: evicts the least recently used item when the call has settled, whatever was tried before', async () => {
    const { cache, clock, batches, lastCall } = world({ policies: [lru(3)], answer: () => 'wait' })
    cache.start()
    createAll(cache, ['a', 'b', 'c'])
    await clock.advance(0)
    expect(batches()).toEqual([['a', 'b', 'c']])
    cache.get('a')
    expect(() => cache.getOrCreate('next', running())).toThrow(expect.objectContaining({ code: 'CAPACITY' }))
    lastCall().answer([])
    await clock.advance(0)
    cache.getOrCreate('next', running())
    expect([...cache.ids()]).toEqual(['a', 'c', 'next'])
  })
})

describe('an observed item', () => {
  it('C1, F7: may be used, deleted and left, and nothing is reported', async () => {
    const { cache, events } = world({ policies: [lru(2)] })
    cache.getOrCreate('a', running())
    const leave = cache.subscribe('a', nothing)
    expect(cache.get('a')).toEqual(running())
    expect(cache.get('absent')).toBeUndefined()
    cache.delete('a')
    leave()
    expect(events.map(({ type }) => type)).toEqual(['created', 'deleted'])
  })
})

describe('a policy that reads what it is told of', () => {
  it('C3, O3: is told of each use once, because its own reading is none', () => {
    const told: string[] = []
    const w = world({
      policies: [
        () => ({
          changed: ({ id }) => void told.push(`${id} ${String(w.cache.get(id)?.step)}`),
        }),
      ],
    })
    w.cache.getOrCreate('a', running(1))
    expect(told).toEqual(['a 1'])
    w.cache.get('a')
    w.cache.getOrThrow('a')
    expect(told).toEqual(['a 1', 'a 1', 'a 1'])
    expect(w.events.map(({ type }) => type)).toEqual(['created'])
  })
})

describe('a pending item', () => {
  it('P1, P3: that is asked for again without a value stays pending, and no question is asked', () => {
    const asked: unknown[] = []
    const { cache, events } = world({ isTerminal: (job) => asked.push(job) < 0 })
    expect(cache.getOrCreate('a')).toBeUndefined()
    expect(cache.getOrCreate('a')).toBeUndefined()
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'pending', changedAt: undefined })
    expect(events.map(({ type }) => type)).toEqual(['created'])
    expect(asked).toEqual([])
  })
})
