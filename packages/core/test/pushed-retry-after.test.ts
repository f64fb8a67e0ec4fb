import { describe, expect, it } from 'vitest'
import { faultyWorld, linesOf, startWithPulse, type FaultyWorld } from './faulty-source.ts'
import { createAll, failed, outcomeOf } from './scheduling.ts'
import { running } from './world.ts'

const push = ({ cache }: FaultyWorld, id: string, retryAfter: number): void =>
  cache.ingest([failed(id, 'busy', retryAfter)])

/** `a`, `b` and `c` failed in one call at 100, and are due at 1100. It is 600. */
async function group(options: Parameters<typeof faultyWorld>[0] = {}): Promise<FaultyWorld> {
  const w = faultyWorld(options)
  await startWithPulse(w)
  w.source.poison.add('a')
  createAll(w.cache, ['a', 'b', 'c'])
  await w.clock.advance(500)
  w.source.poison.clear()
  return w
}

describe('a pushed failure with retryAfter for an item of a retry group', () => {
  it('F15, F19: delays the item by that, and not the others of its group', async () => {
    const w = await group()
    push(w, 'a', 5000)
    expect(w.cache.getSnapshot('a')).toMatchObject({ error: 'busy', failureCount: 2 })
    await w.clock.advance(4999)
    expect(linesOf(w)).toEqual(['100 a b c', '1100 b c'])
    await w.clock.advance(1)
    expect(linesOf(w)).toEqual(['100 a b c', '1100 b c', '5600 a'])
    expect(w.cache.getSnapshot('a')).toMatchObject({ error: undefined, failureCount: 0 })
  })

  it('F19: a shorter one leaves its due time', async () => {
    const w = await group()
    push(w, 'a', 200)
    await w.clock.advance(499)
    expect(linesOf(w)).toEqual(['100 a b c'])
    await w.clock.advance(1)
    expect(linesOf(w).slice(1).sort()).toEqual(['1100 a', '1100 b c'])
  })

  it('F19: without one it stays in its group', async () => {
    const w = await group()
    push(w, 'a', 0)
    await w.clock.advance(5000)
    expect(linesOf(w)).toEqual(['100 a b c', '1100 a b c'])
  })

  it('S8: refresh does not wait for it', async () => {
    const w = await group()
    push(w, 'a', 5000)
    const outcome = outcomeOf(w.cache.refresh('a'))
    await w.clock.advance(0)
    expect(linesOf(w)).toEqual(['100 a b c', '600 a'])
    expect(outcome.state).toBe('resolved')
  })

  it('F15, T8: a shorter one that comes later does not shorten it for a return', async () => {
    const w = await group()
    push(w, 'a', 5000)
    push(w, 'a', 200)
    w.environment.setOnline(false)
    await w.clock.advance(0)
    w.environment.setOnline(true)
    await w.clock.advance(4999)
    expect(linesOf(w).filter((line) => line.endsWith(' a'))).toEqual([])
    await w.clock.advance(1)
    expect(linesOf(w).at(-1)).toBe('5600 a')
  })

  it('T8: a return does not shorten it', async () => {
    const w = await group()
    push(w, 'a', 5000)
    w.environment.setOnline(false)
    await w.clock.advance(400)
    w.environment.setOnline(true)
    await w.clock.advance(4599)
    expect(linesOf(w)).toEqual(['100 a b c', '1100 b c'])
    await w.clock.advance(1)
    expect(linesOf(w).at(-1)).toBe('5600 a')
  })

  it('W5, W10: does not postpone the removal of a marked item', async () => {
    const w = await group()
    w.cache.deleteDelayed('a')
    push(w, 'a', 5000)
    await w.clock.advance(499)
    expect(w.cache.has('a')).toBe(true)
    await w.clock.advance(1)
    expect(w.cache.has('a')).toBe(false)
  })

  it('P7: does not postpone the removal of an unobserved item', async () => {
    const w = faultyWorld({ gcTime: 2000 })
    await startWithPulse(w)
    w.source.poison.add('s')
    const leave = w.cache.subscribe('s', () => {}, { initialItem: running() })
    createAll(w.cache, ['a'])
    await w.clock.advance(0)
    leave()
    push(w, 's', 5000)
    await w.clock.advance(1999)
    expect(w.cache.has('s')).toBe(true)
    await w.clock.advance(1)
    expect(w.cache.has('s')).toBe(false)
  })
})

describe('a pushed failure with retryAfter for an isolated item', () => {
  it('F15, F19: delays it by that, and it stays isolated', async () => {
    const w = faultyWorld()
    await startWithPulse(w)
    w.source.poison.add('bad')
    createAll(w.cache, ['bad'])
    await w.clock.advance(400)
    push(w, 'bad', 3000)
    await w.clock.advance(2999)
    expect(linesOf(w)).toEqual(['100 bad'])
    createAll(w.cache, ['h'])
    await w.clock.advance(1)
    expect(linesOf(w).slice(1).sort()).toEqual(['3499 h', '3500 bad'])
    await w.clock.advance(1999)
    expect(linesOf(w)).toHaveLength(3)
    await w.clock.advance(1)
    expect(linesOf(w).at(-1)).toBe('5500 bad')
  })
})
