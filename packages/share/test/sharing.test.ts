import { describe, expect, it } from 'vitest'
import { group, running } from './group.ts'

describe('a group', () => {
  it('K2: the source is asked once an interval for all members', async () => {
    const { clock, calls, join } = group()
    const members = ['a', 'b', 'c'].map((name) => join(name))
    await clock.advance(10)
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(10_000)
    expect(members.map(({ cache }) => cache.stats().role)).toEqual(['leader', 'follower', 'follower'])
    expect(members.map(({ cache }) => cache.get('x'))).toEqual([running(), running(), running()])
    expect(calls.length).toBe(11)
  })
})
