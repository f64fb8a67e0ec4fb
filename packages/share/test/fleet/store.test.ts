import { VirtualClock } from '@auto-refresh/core/testing'
import { rateLimit } from '@auto-refresh/core'
import { fleet } from '@auto-refresh/share/fleet'
import { describe, expect, it } from 'vitest'
import { namesOf } from '../../src/fleet/names.ts'
import { running } from '../group.ts'
import { MemoryServer } from './memory-server.ts'
import { processes } from './processes.ts'

const NAMES = ['a', 'b', 'c'] as const

describe('the store of a fleet', () => {
  it('V6: while it is away members are alone, and overdue items are spread; then they share again', async () => {
    const { clock, calls, start, leader } = processes({ options: { interval: 5000 } })
    const all = NAMES.map((name) => start(name))
    for (const { cache } of all) cache.getOrCreate('x')
    await clock.advance(10_000)
    for (const { client } of all) client.link = 'away'
    const at = clock.now()
    await clock.advance(30_000)
    expect(all.map(({ cache }) => cache.stats().role)).toEqual(['alone', 'alone', 'alone'])
    for (const name of NAMES)
      expect(calls.filter((call) => call.by === name && call.at > at).length).toBeGreaterThan(2)
    for (const { client } of all) client.link = 'well'
    await clock.advance(8000)
    expect(leader()).toBeDefined()
    const count = calls.length
    await clock.advance(20_000)
    expect(calls.length - count).toBeLessThanOrEqual(5)
    expect(all.map(({ cache }) => cache.stats().role).sort()).toEqual(['follower', 'follower', 'leader'])
  })

  it('V6: a full store is as one that is away', async () => {
    const { clock, server, start } = processes()
    const all = NAMES.map((name) => start(name))
    for (const { cache } of all) cache.getOrCreate('x')
    await clock.advance(5000)
    server.isFull = true
    await clock.advance(15_000)
    expect(all.map(({ cache }) => cache.stats().role)).toEqual(['alone', 'alone', 'alone'])
    server.isFull = false
    await clock.advance(8000)
    expect(all.map(({ cache }) => cache.stats().role).sort()).toEqual(['follower', 'follower', 'leader'])
  })

  it('V6: a store that answers after the time limit is not led upon', async () => {
    const { clock, calls, start } = processes()
    const first = start('a')
    first.client.latency = 700
    first.cache.getOrCreate('x')
    await clock.advance(20_000)
    expect(first.cache.stats().role).toBe('alone')
    expect(calls.length).toBeGreaterThan(15)
  })

  it('V6: alone, each member has its part of the rate limit', async () => {
    const { clock, calls, start } = processes({
      fleet: { expectedMembers: 3 },
      options: { interval: 100, policies: [rateLimit({ calls: 6, per: 6000, burst: 1 })] },
    })
    const all = NAMES.map((name) => start(name))
    for (const { client } of all) client.link = 'away'
    for (const { cache } of all) cache.getOrCreate('x')
    await clock.advance(1000)
    const count = calls.length
    await clock.advance(60_000)
    expect(calls.length - count).toBeLessThanOrEqual(61)
    expect(calls.length - count).toBeGreaterThanOrEqual(55)
  })

  it('K4: what was written at one process is not overwritten by the call that ran, nor by a stored value', async () => {
    const { clock, start } = processes({ options: { interval: 5000 } })
    const [first, second] = NAMES.map((name) => start(name))
    for (const each of [first, second]) each?.cache.getOrCreate('x')
    await clock.advance(5400)
    second?.cache.update('x', running(50))
    const shown = new Set<number | undefined>()
    for (let step = 0; step < 40; step++) {
      await clock.advance(100)
      shown.add(second?.cache.get('x')?.step)
      if (step === 5 && second !== undefined) second.client.isDeaf = true
    }
    expect(shown).toEqual(new Set([50]))
    await clock.advance(15_000)
    expect(second?.cache.get('x')).toEqual(running())
  })

  it('V4: long messages go without items, which are read from the store', async () => {
    const long = 'x'.repeat(2000)
    const { clock, server, start } = processes({
      options: { interval: 5000 },
      answer: (batch) => batch.map(({ id }) => ({ id, item: { done: false, step: 1, long } })),
    })
    const [first, second] = NAMES.map((name) => start(name))
    const ids = Array.from({ length: 100 }, (_, index) => `job-${index}`)
    for (const each of [first, second]) for (const id of ids) each?.cache.getOrCreate(id)
    await clock.advance(2000)
    expect(ids.every((id) => second?.cache.get(id)?.step === 1)).toBe(true)
    expect(second?.cache.stats().syncCalls).toBe(0)
    const third = start('c')
    for (const id of ids) third.cache.getOrCreate(id)
    await clock.advance(1000)
    expect(ids.every((id) => third.cache.get(id)?.step === 1)).toBe(true)
    expect(third.cache.stats().syncCalls).toBe(0)
    expect([...server.values.keys()].filter((key) => key.includes(':item:')).length).toBe(100)
  })

  it('K12: an item that JSON cannot hold fails at the others', async () => {
    const { clock, start } = processes({
      options: { interval: 5000 },
      answer: (batch) =>
        batch.map(({ id }) => ({ id, item: { done: false, step: 1, big: id === 'x' ? 1n : 0 } })),
    })
    const [first, second] = NAMES.map((name) => start(name))
    for (const each of [first, second]) for (const id of ['x', 'y']) each?.cache.getOrCreate(id)
    await clock.advance(1000)
    expect(second?.cache.get('y')?.step).toBe(1)
    expect(second?.cache.get('x')).toBeUndefined()
    expect(String(second?.cache.getSnapshot('x').error)).toContain('cannot be sent')
  })

  it('V7: no id, group or shape forges a name', () => {
    const names = new Set<string>()
    const parts = ['', ':', '1:', '}', '{', 'a', 'a:b', '"', '\\', '\u{d800}', '\u{d801}', '1:a', 'item:1:a']
    let count = 0
    for (const group of parts) {
      for (const shape of parts) {
        for (const id of parts) {
          names.add(namesOf('shop:test', 0, { group, shape }).value(id))
          count += 1
        }
      }
    }
    expect(names.size).toBe(count)
    for (const name of names) {
      expect(name.startsWith('shop:test:0:{')).toBe(true)
      // UTF-8 has no lone surrogates: two of them would become one.
      expect(new TextDecoder().decode(new TextEncoder().encode(name))).toBe(name)
    }
    // One hash tag, and so one slot, for all names of a group.
    for (const group of parts) {
      const of = namesOf('shop:test', 0, { group, shape: 'v' })
      const tags = [of.lease, of.fence, of.channel, of.value('}x{')].map(
        (name) => /\{(.*?)\}/.exec(name)?.[1],
      )
      expect(new Set(tags).size).toBe(1)
      expect(tags[0]).not.toBe('')
    }
    expect(namesOf('a', 0, { group: 'g', shape: '' }).lease).not.toBe(
      namesOf('a', 1, { group: 'g', shape: '' }).lease,
    )
  })

  it('V7: the namespace is required, and holds nothing that patterns or slots know', () => {
    const store = new MemoryServer(new VirtualClock()).client()
    for (const namespace of ['', 'a b', 'a{b', 'a}', 'a*', 'a?', 'a[b]', 'x'.repeat(201)]) {
      expect(() => fleet({ store, namespace })).toThrow(TypeError)
    }
    for (const lease of [0, 999, 1.5, Number.NaN, Infinity]) {
      expect(() => fleet({ store, namespace: 'a', lease })).toThrow(RangeError)
    }
    expect(() => fleet({ store, namespace: 'a', lease: 2000 })).toThrow('at most a third of the lease')
  })
})
