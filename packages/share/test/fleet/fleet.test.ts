import { describe, expect, it } from 'vitest'
import { running } from '../group.ts'
import { FAIL_OVER, processes } from './processes.ts'

const NAMES = ['a', 'b', 'c'] as const

describe('a fleet', () => {
  it('K2, V2: one of three processes asks the source, once an interval', async () => {
    const { clock, calls, start } = processes()
    const all = NAMES.map((name) => start(name))
    await clock.advance(500)
    for (const { cache } of all) cache.getOrCreate('x')
    await clock.advance(20_000)
    expect(all.map(({ cache }) => cache.stats().role)).toEqual(['leader', 'follower', 'follower'])
    expect(all.map(({ cache }) => cache.get('x'))).toEqual([running(), running(), running()])
    expect(calls.map(({ by }) => by)).toEqual(Array.from({ length: 20 }, () => 'a'))
  })

  it('V2: if the leader is killed, the next call is late by a lease and a third at most', async () => {
    const { clock, calls, start } = processes()
    const all = NAMES.map((name) => start(name))
    for (const { cache } of all) cache.getOrCreate('x')
    await clock.advance(10_500)
    all[0]?.kill()
    const killedAt = clock.now()
    await clock.advance(20_000)
    const later = calls.filter(({ at }) => at > killedAt)
    expect(later[0]?.at).toBeLessThanOrEqual(killedAt + FAIL_OVER)
    expect(new Set(later.map(({ by }) => by)).size).toBe(1)
    const seconds = Math.floor((killedAt + 20_000 - (later[0]?.at ?? 0)) / 1000) + 1
    expect(later.length).toBeLessThanOrEqual(seconds + 1)
  })

  it('K16: a leader that stops gives the lease up, another leads at once, and nothing is left of it', async () => {
    const { clock, calls, start } = processes()
    const all = NAMES.map((name) => start(name))
    for (const { cache } of all) cache.getOrCreate('x')
    await clock.advance(3500)
    const [first, second, third] = all
    void first?.cache.stop()
    expect(first?.client.subscriptions).toBe(0)
    await clock.advance(3000)
    expect([second?.cache.stats().role, third?.cache.stats().role].sort()).toEqual(['follower', 'leader'])
    const gaps = calls.map(({ at }, index) => at - (calls[index - 1]?.at ?? at))
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1500)
    void second?.cache.stop()
    void third?.cache.stop()
    await clock.advance(10)
    expect(clock.timers).toBe(0)
  })

  it('V2, K16: a process that stops while it takes the lease leaves none behind', async () => {
    const { clock, start } = processes({ options: { interval: 60_000 } })
    const first = start('a')
    // The subscription is confirmed after 2 ms; then the lease is taken.
    await clock.advance(2.5)
    void first.cache.stop()
    await clock.advance(100)
    const { cache } = start('b')
    await clock.advance(1000)
    expect(cache.stats().role).toBe('leader')
  })

  it('V2: a leader whose commands hang gives up at two thirds of the lease; its late writes are refused', async () => {
    const { clock, calls, source, start, server } = processes()
    const all = NAMES.map((name) => start(name))
    for (const { cache } of all) cache.getOrCreate('x')
    await clock.advance(10_100)
    const [first, second] = all
    if (first !== undefined) first.client.link = 'hung'
    const count = calls.length
    await clock.advance((5000 * 2) / 3 + 10)
    // It asks for itself once it has looked for a leader.
    expect(first?.cache.stats().role).toBe('joining')
    const own = calls.slice(count).filter(({ by }) => by === 'a')
    expect(own.length).toBeLessThanOrEqual(4)
    await clock.advance(3000)
    expect([first, second].map((each) => each?.cache.stats().role)).toEqual(['alone', 'leader'])
    source.set('x', running(7))
    await clock.advance(2000)
    expect(second?.cache.get('x')).toEqual(running(7))
    if (first !== undefined) first.client.link = 'well'
    await clock.advance(500)
    const stored = [...server.values].filter(([name]) => name.includes(':item:'))
    expect(stored.map(([, { text }]) => text.includes('"step":7'))).toEqual([true])
    await clock.advance(3000)
    expect(first?.cache.stats().role).toBe('follower')
    expect(first?.cache.get('x')).toEqual(running(7))
  })

  it.each(['mute', 'hung'] as const)(
    'The lease nobody knows of: a taking whose answer is lost (%s) is given up when the store answers',
    async (link) => {
      const { clock, calls, start } = processes({ options: { interval: 60_000 } })
      const first = start('a')
      first.cache.getOrCreate('x')
      // The subscription is confirmed after 2 ms; then the lease is taken.
      await clock.advance(2.5)
      first.client.link = link
      await clock.advance(3000)
      const second = start('b')
      second.cache.getOrCreate('x')
      first.client.link = 'well'
      const healedAt = clock.now()
      await clock.advance(1000)
      expect([first, second].map(({ cache }) => cache.stats().role).sort()).toEqual(['follower', 'leader'])
      await clock.advance(10_000)
      expect(calls.filter(({ at }) => at > healedAt).length).toBeLessThanOrEqual(1)
    },
  )

  it.each([
    { silence: 900, asked: [] },
    { silence: 1200, asked: ['b'] },
  ])(
    'K7: a process waits for commandTimeout before it asks for itself: its store is silent for $silence ms',
    async ({ silence, asked }) => {
      const { clock, calls, start } = processes({ options: { interval: 60_000 } })
      const first = start('a')
      await clock.advance(5000)
      first.cache.getOrCreate('x')
      await clock.advance(1000)
      const second = start('b')
      second.client.link = 'hung'
      second.cache.getOrCreate('x')
      const count = calls.length
      await clock.advance(silence)
      expect(calls.slice(count).map(({ by }) => by)).toEqual(asked)
      second.client.link = 'well'
      await clock.advance(3000)
      expect(second.cache.stats().role).toBe('follower')
      expect(calls.slice(count).map(({ by }) => by)).toEqual(asked)
    },
  )

  it('V3: a flush makes no fence older, and the group goes on', async () => {
    const { clock, calls, server, start, leader } = processes()
    const all = NAMES.map((name) => start(name))
    for (const { cache } of all) cache.getOrCreate('x')
    await clock.advance(10_000)
    const before = leader()?.cache.stats().epoch ?? 0
    server.flushAll()
    const count = calls.length
    await clock.advance(10_000)
    expect(leader()?.cache.stats().epoch).toBeGreaterThan(before)
    expect(all.map(({ cache }) => cache.stats().role).sort()).toEqual(['follower', 'follower', 'leader'])
    expect(calls.length - count).toBeLessThanOrEqual(11)
  })

  it('V3: a server that restarted empty is sent the scripts again', async () => {
    const { clock, server, start, leader, source } = processes()
    const all = NAMES.map((name) => start(name))
    for (const { cache } of all) cache.getOrCreate('x')
    await clock.advance(5000)
    server.restart()
    source.set('x', running(3))
    await clock.advance(FAIL_OVER)
    expect(leader()).toBeDefined()
    expect(all.map(({ cache }) => cache.get('x'))).toEqual([running(3), running(3), running(3)])
  })

  it('K8: the fence is later than what members have heard of, whatever the clock of the server says', async () => {
    const { clock, server, start, leader, calls } = processes()
    const all = NAMES.map((name) => start(name))
    for (const { cache } of all) cache.getOrCreate('x')
    await clock.advance(5000)
    const before = leader()?.cache.stats().epoch ?? 0
    // As after a failover to a server whose clock is behind.
    server.skew = -3_600_000
    server.restart()
    const at = clock.now()
    await clock.advance(20_000)
    expect(leader()?.cache.stats().epoch).toBeGreaterThan(before)
    expect(all.map(({ cache }) => cache.stats().role).sort()).toEqual(['follower', 'follower', 'leader'])
    expect(calls.filter((call) => call.at > at).length).toBeLessThanOrEqual(22)
  })

  it('V4: Deaf but ready: who hears nothing subscribes anew, and does not ask the source', async () => {
    const { clock, calls, source, start } = processes({ options: { interval: 5000 } })
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => start(name))
    for (const { cache } of all) cache.getOrCreate('x')
    await clock.advance(10_000)
    const check = async (deaf: typeof all): Promise<void> => {
      const count = calls.length
      for (const { client } of deaf) {
        client.isDeaf = true
        client.needsConnection = true
      }
      source.set('x', running(count))
      await clock.advance(10_000)
      expect(all.map(({ cache }) => cache.get('x'))).toEqual(all.map(() => running(count)))
      await clock.advance(10_000)
      expect(deaf.map(({ client }) => client.reconnections)).not.toContain(0)
      expect(calls.length - count).toBeLessThanOrEqual(4)
      expect(new Set(calls.map(({ by }) => by))).toEqual(new Set(['a']))
      expect(all.slice(1).map(({ cache }) => cache.stats().role)).toEqual(all.slice(1).map(() => 'follower'))
    }
    await check(all.slice(4))
    await check(all.slice(1))
  })

  it('V4: a subscription that stays dead costs the source nothing', async () => {
    const { clock, calls, source, start } = processes({ options: { interval: 5000 } })
    const [, second] = NAMES.map((name) => start(name))
    second?.cache.getOrCreate('x')
    await clock.advance(10_000)
    if (second !== undefined) second.client.loses = () => true
    const count = calls.length
    source.set('x', running(5))
    await clock.advance(60_000)
    expect(second?.cache.get('x')).toEqual(running(5))
    expect(second?.cache.stats().role).toBe('follower')
    expect(calls.length - count).toBeLessThanOrEqual(12)
    expect(new Set(calls.map(({ by }) => by))).toEqual(new Set(['a']))
  })

  it('V4: a leader that does not hear the others subscribes anew', async () => {
    const { clock, calls, start } = processes()
    const [first, second] = NAMES.map((name) => start(name))
    await clock.advance(5000)
    if (first !== undefined) first.client.isDeaf = true
    second?.cache.getOrCreate('y')
    await clock.advance(5000)
    expect(second?.cache.get('y')).toEqual(running())
    expect(calls.map(({ by }) => by)).not.toContain('b')
  })

  it('V4: a lost announcement is found by the next beat', async () => {
    const { clock, source, start } = processes({ options: { interval: 10_000 } })
    const [first, second] = NAMES.map((name) => start(name))
    for (const each of [first, second]) each?.cache.getOrCreate('x')
    await clock.advance(500)
    if (second !== undefined)
      second.client.loses = (text) => text.includes('"step":9') || text.includes('"beat"')
    source.set('x', running(9))
    await clock.advance(9600)
    expect([first, second].map((each) => each?.cache.get('x'))).toEqual([running(9), running(0)])
    if (second !== undefined) second.client.loses = () => false
    await clock.advance(1700)
    expect(second?.cache.get('x')).toEqual(running(9))
  })

  it('Only the leader is ill (K18): another leads a lease and a third after the first failure', async () => {
    let ill = ''
    const { clock, start } = processes({
      answer: (batch, by) => {
        if (by === ill) throw Object.assign(new Error('401'), { status: 401 })
        return batch.map(({ id }) => ({ id, item: running(1) }))
      },
    })
    const all = NAMES.map((name) => start(name))
    for (const { cache } of all) cache.getOrCreate('x')
    await clock.advance(10_500)
    ill = 'a'
    await clock.advance(1000 + FAIL_OVER + 1000)
    expect(all.map(({ cache }) => cache.stats().role).sort()).toEqual(['follower', 'follower', 'leader'])
    expect(all[0]?.cache.stats().role).toBe('follower')
    await clock.advance(30_000)
    for (const { cache } of all) {
      const { failureCount, refreshedAt = 0 } = cache.getSnapshot('x')
      expect(failureCount).toBe(0)
      expect(clock.epoch() - refreshedAt).toBeLessThanOrEqual(1100)
    }
  })

  it('Waking (K7): processes that miss an hour have a leader within a lease and a third, and one call an item follows', async () => {
    const { clock, calls, start } = processes({ options: { interval: 60_000 } })
    const all = NAMES.map((name) => start(name))
    for (const { cache } of all) cache.getOrCreate('x')
    await clock.advance(10_500)
    const before = calls.length
    // The server has gone on: the lease and all stored values have expired.
    clock.freeze(3_600_000)
    await clock.advance(FAIL_OVER)
    expect(all.map(({ cache }) => cache.stats().role).sort()).toEqual(['follower', 'follower', 'leader'])
    await clock.advance(30_000)
    expect(calls.slice(before).map(({ ids }) => ids)).toEqual([['x']])
    for (const { cache } of all)
      expect(clock.epoch() - (cache.getSnapshot('x').refreshedAt ?? 0)).toBeLessThan(60_000)
  })

  it('V5: a new process shows stored values, and asks the source for nothing that is fresh', async () => {
    const { clock, calls, start } = processes({ options: { interval: 60_000 } })
    const first = start('a')
    first.cache.getOrCreate('x')
    await clock.advance(1000)
    expect(calls.length).toBe(1)
    const at = first.cache.getSnapshot('x').refreshedAt ?? 0
    void first.cache.stop()
    await clock.advance(20_000)
    const second = start('b')
    second.cache.getOrCreate('x')
    await clock.advance(100)
    expect(second.cache.get('x')).toEqual(running())
    expect(second.cache.getSnapshot('x').refreshedAt).toBeCloseTo(at, -1)
    expect(calls.length).toBe(1)
    await clock.advance(38_800)
    expect(calls.length).toBe(1)
    await clock.advance(1000)
    expect(calls.length).toBe(2)
  })

  it('V3: a stored value that cannot be read is absent, counted, and replaced', async () => {
    const { clock, calls, server, start } = processes({ options: { interval: 60_000 } })
    const first = start('a')
    first.cache.getOrCreate('x')
    await clock.advance(1000)
    void first.cache.stop()
    await clock.advance(1000)
    const name = [...server.values.keys()].find((key) => key.includes(':item:')) ?? ''
    for (const text of ['{', '{"v":1}', JSON.stringify({ states: 7 })]) {
      server.set(name, text, 60_000)
      const count = calls.length
      const next = start('b')
      next.cache.getOrCreate('x')
      await clock.advance(1000)
      expect(next.cache.get('x')).toEqual(running())
      expect(calls.length).toBe(count + 1)
      expect(next.cache.stats().dropped.malformed).toBeGreaterThan(0)
      expect(server.get(name)).toContain('"step":0')
      void next.cache.stop()
      await clock.advance(1000)
    }
  })
})
