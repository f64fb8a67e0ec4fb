import { adopt } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { state } from './adopted-state.ts'
import { done, isTerminal, running, world } from './world.ts'

describe('fields of the state of a shared cache besides the age', () => {
  it('E5: a newer state is taken, whatever its age says', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    await clock.advance(100)
    cache.update('a', running(1))
    adopt(cache, [state({ age: 50 })])
    expect(cache.get('a')).toEqual(running(1))
    adopt(cache, [state({ age: 50, take: 'newer' })])
    expect(cache.get('a')).toEqual(running(5))
    expect(cache.getSnapshot('a').refreshedAt).toBe(1_000_050)
  })

  it('E5: neither value nor date of a failure is adopted', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    cache.update('a', running(1))
    const error = new Error('ill')
    adopt(cache, [state({ age: 5000, error, failureCount: 2, next: 300, take: 'failure' })])
    expect(cache.getSnapshot('a')).toMatchObject({
      item: running(1),
      error,
      failureCount: 2,
      refreshedAt: 1_000_000,
      nextRefreshAt: 1_000_400,
    })
    adopt(cache, [state({ next: 700, take: 'failure' })])
    expect(cache.getSnapshot('a')).toMatchObject({ error: undefined, failureCount: 0 })
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(1_000_800)
  })

  it('O1, E5: another error after as many failures is told', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running(5))
    adopt(cache, [state({ error: 'slow', failureCount: 1, take: 'failure' })])
    let told = 0
    cache.subscribe('a', () => (told += 1))
    await clock.advance(0)
    adopt(cache, [state({ error: 'ill', failureCount: 1, take: 'failure' })])
    await clock.advance(0)
    expect([told, cache.getSnapshot('a').error]).toEqual([1, 'ill'])
  })

  it('O2, E2: a state that changes nothing that is shown tells nobody but who wants activity', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running(5))
    const told: string[] = []
    cache.subscribe('a', () => told.push('shown'))
    cache.subscribe('a', () => told.push('activity'), { activity: true })
    await clock.advance(100)
    adopt(cache, [state({ next: 50 })])
    await clock.advance(0)
    expect(told).toEqual(['activity'])
    adopt(cache, [state({ error: 'ill', failureCount: 1, take: 'failure' })])
    await clock.advance(0)
    expect(told).toEqual(['activity', 'shown', 'activity'])
    adopt(cache, [state({ item: running(6) })])
    await clock.advance(0)
    expect(told).toEqual(['activity', 'shown', 'activity', 'shown', 'activity'])
  })

  it('W7, E5: only a state that reopens makes a terminal item active', () => {
    const { cache } = world({ isTerminal })
    cache.getOrCreate('a', done(1))
    adopt(cache, [state({ take: 'newer' })])
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'terminal', item: done(1) })
    adopt(cache, [state({ take: 'newer', reopens: true })])
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'active', item: running(5) })
  })

  it('G2, E5: recreate makes pending again what clear removed and a subscription creates', async () => {
    const { cache, calls, clock } = world({
      answer: (batch) => batch.map(({ id }) => ({ id, item: running(1) })),
    })
    cache.start().subscribe('a', () => {}, { create: true })
    cache.getOrCreate('b', running())
    await clock.advance(0)
    cache.clear()
    cache.adapterSeam.recreate?.()
    expect([...cache.ids()]).toEqual(['a'])
    await clock.advance(0)
    expect(cache.get('a')).toEqual(running(1))
    expect(calls.at(-1)?.ids).toEqual(['a'])
  })
})
