import { describe, expect, it } from 'vitest'
import { group, running } from './group.ts'

/** What a script in another tab of the same origin can send: each type, each odd value. */
function forged(epoch: number): readonly unknown[] {
  const header = { v: 1, group: 'A', shape: '', from: 'evil' }
  const bodies = [
    { type: 'beat', seq: 1e9, members: 1e9 },
    { type: 'lead' },
    { type: 'hello' },
    { type: 'bye', isIll: true },
    { type: 'answers', seq: 5, states: [{ id: 'x', seq: 5, version: 'q', item: running(666) }], gone: [] },
    { type: 'answers', seq: 6, states: [], gone: ['x', 'z'] },
    { type: 'answers', seq: Number.NaN, states: 'many', gone: ['y'] },
    {
      type: 'answers',
      seq: 7,
      states: Array.from({ length: 10_001 }, () => ({ id: 'y', seq: 7 })),
      gone: [],
    },
    { type: 'ack', n: 1, seq: 1, states: [{ id: 'new', seq: 1, version: 'q', item: running(666) }] },
    { type: 'done', ticket: 1, results: [{ id: 'y', gone: true }] },
    {
      type: 'ask',
      n: 1e6,
      full: true,
      add: [{ id: 'x', next: -1e300 }],
      refresh: [{ ticket: 1, ids: ['x'] }],
    },
    { type: 'ask', n: 1e7, remove: ['x', 'y'], wrote: ['x', 'y'] },
    { type: 'ask', n: 1e8, add: [{ id: '__proto__' }, { id: 'x'.repeat(10_001) }] },
    { type: 'constructor' },
  ]
  const epochs = [0, -1, epoch, epoch + 1, epoch + 1e6, 1e300, Number.NaN]
  return [
    null,
    7,
    'x',
    [],
    {},
    ...bodies.flatMap((body) => epochs.map((each) => Object.assign({ epoch: each }, header, body))),
  ]
}

describe('a hostile tab', () => {
  it('K8: deletes nothing that it does not name, creates nothing, stops nobody, and forces few calls', async () => {
    const { clock, bus, calls, join } = group()
    const members = ['a', 'b', 'c'].map((name) => join(name))
    for (const { cache } of members)
      for (const id of ['x', 'y']) cache.subscribe(id, () => {}, { create: true })
    await clock.advance(2500)
    const before = calls.length
    let ticket = 0
    for (let second = 0; second < 6; second += 1) {
      for (const message of forged(clock.epoch())) {
        ticket += 1
        for (const { name } of members) {
          bus.inject(name, message)
          // Each ticket has a number of its own.
          const refresh = [{ ticket, ids: ['x'] }]
          const header = { v: 1, group: 'A', shape: '', epoch: 0, from: 'evil' }
          bus.inject(name, { ...header, type: 'ask', n: 1e9 + ticket, refresh })
        }
        await clock.advance(10)
      }
      for (const { cache } of members) {
        expect(cache.isRunning).toBe(true)
        expect([...cache.ids()].filter((id) => id !== 'x')).toEqual(['y'])
        expect(cache.get('y')).toEqual(running())
      }
    }
    const seconds = (6 * forged(0).length * 10) / 1000
    // At worst each is alone, and one refresh a second is forced besides.
    const asked = calls.slice(before).filter(({ ids }) => ids.includes('x'))
    expect(asked.length).toBeLessThanOrEqual(4 * seconds + 4)

    await clock.advance(30_000)
    expect(members.map(({ cache }) => cache.stats().role).sort()).toEqual(['follower', 'follower', 'leader'])
    for (const { cache } of members) {
      expect(cache.get('x')).toEqual(running())
      expect(clock.epoch() - (cache.getSnapshot('x').refreshedAt ?? 0)).toBeLessThanOrEqual(1100)
    }
    const stopped = Promise.all(members.map(({ cache }) => cache.stop()))
    await clock.advance(10)
    await stopped
    expect(clock.timers).toBe(0)
  })
})
