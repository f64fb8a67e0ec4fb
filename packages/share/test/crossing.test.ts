import { describe, expect, it } from 'vitest'
import { fleet } from '@auto-refresh/share/fleet'
import { MemoryServer } from './fleet/memory-server.ts'
import { group, running, type Answer } from './group.ts'
import { site } from './hub/site.ts'

/** ms; more than ten years, which is the longest delay that a message may have (K8). */
const HUGE = [3.2e11, Number.MAX_SAFE_INTEGER, Number.MAX_VALUE]

describe('items for which `serialize` gives nothing (K12)', () => {
  it.each([undefined, null])('K12: fail at the others, and not at the leader: %s', async (nothing) => {
    let count = 0
    const answer: Answer = (batch) => batch.map(({ id }) => ({ id, item: running(id === 'x' ? 666 : 1) }))
    const { clock, join } = group({
      answer,
      options: {
        serialize: (item) => {
          count += 1
          // Otherwise the turn would never end.
          if (count > 1000) throw new Error('serialize is called without end')
          return item.step === 666 ? nothing : item
        },
      },
    })
    const [a, b] = [join('a'), join('b')]
    for (const { cache } of [a, b]) for (const id of ['x', 'y']) cache.getOrCreate(id)
    await clock.advance(10_000)
    expect(count).toBeLessThan(200)
    expect([a, b].map(({ cache }) => cache.stats().role)).toEqual(['leader', 'follower'])
    expect(a.cache.getSnapshot('x')).toMatchObject({ item: running(666), failureCount: 0 })
    expect(b.cache.getSnapshot('x')).toMatchObject({ item: undefined, failureCount: 1 })
    expect(b.cache.getSnapshot('x').error).toMatchObject({
      code: 'UNSENDABLE',
      message: `an item cannot be sent to the others of its group (serialize gave ${String(nothing)}): "x"`,
    })
    expect(b.cache.get('y')).toEqual(running(1))
    expect(b.cache.stats().dropped.malformed).toBe(0)
  })

  it('K12: the error says that `serialize` threw', async () => {
    const { clock, join } = group({
      options: {
        serialize: () => {
          throw new Error('no form')
        },
      },
    })
    const [a, b] = [join('a'), join('b')]
    for (const { cache } of [a, b]) cache.getOrCreate('x')
    await clock.advance(500)
    expect(String(b.cache.getSnapshot('x').error)).toContain('(serialize threw: no form): "x"')
  })

  it('K12: the error of a fleet says how long the item is, and how long it may be', async () => {
    const world = group({
      answer: (batch) => batch.map(({ id }) => ({ id, item: { ...running(), log: 'x'.repeat(1e6) } })),
    })
    const server = new MemoryServer(world.clock)
    const [a, b] = ['a', 'b'].map((name) =>
      world.join(name, {
        transport: fleet({ store: server.client(0), namespace: 'test', clock: world.clock, random: () => 0 }),
      }),
    )
    for (const member of [a, b]) member?.cache.getOrCreate('x')
    await world.clock.advance(3000)
    const errors = [a, b].flatMap((member) => member?.cache.getSnapshot('x').error ?? [])
    expect(errors).toHaveLength(1)
    const [error] = errors
    expect(error instanceof Error ? error.message : '').toMatch(
      /\(1000\d{3} characters as JSON, and a message has at most 1000000\): "x"$/,
    )
  })
})

describe('delays of more than ten years (K8)', () => {
  it.each(HUGE)('one item with such an interval breaks no message of a group: %d', async (huge) => {
    const { clock, calls, join } = group({ options: { interval: (_, id) => (id === 'x' ? huge : 1000) } })
    const [a, b] = [join('a'), join('b')]
    for (const { cache } of [a, b]) for (const id of ['x', 'y']) cache.getOrCreate(id)
    await clock.advance(30_000)
    b.cache.getOrCreate('z')
    await clock.advance(1000)
    expect(b.cache.stats()).toMatchObject({ role: 'follower', dropped: { malformed: 0 } })
    expect(a.cache.stats().dropped.malformed).toBe(0)
    expect([...b.cache.ids()].every((id) => b.cache.get(id) !== undefined)).toBe(true)
    expect(calls.filter(({ by }) => by === 'b')).toEqual([])
    expect(calls.filter(({ ids }) => ids.includes('x'))).toHaveLength(1)
  })

  it.each(HUGE)('nor at a hub, whoever has that interval: %d', async (huge) => {
    for (const [server, client] of [
      [huge, 1000],
      [1000, huge],
    ] as const) {
      const { clock, join } = site({ interval: server })
      const { cache } = join('me', { interval: client })
      for (const id of ['x', 'y']) cache.getOrCreate(id)
      await clock.advance(2000)
      cache.getOrCreate('z')
      await clock.advance(20_000)
      expect([...cache.ids()].every((id) => cache.get(id) !== undefined)).toBe(true)
      expect(cache.stats()).toMatchObject({ role: 'follower', dropped: { malformed: 0 } })
    }
  })

  it('nor if a source asks for such a pause', async () => {
    const { clock, join } = group({
      answer: (batch) =>
        batch.map(({ id }) =>
          id === 'x'
            ? { id, action: 'fail', error: Object.assign(new Error('no'), { retryAfter: 1e300 }) }
            : { id, item: running() },
        ),
      options: { retry: { maxDelay: 1e12 }, interval: (_, id) => (id === 'x' ? 1e12 : 1000) },
    })
    const [a, b] = [join('a'), join('b')]
    for (const { cache } of [a, b]) for (const id of ['x', 'y']) cache.getOrCreate(id)
    await clock.advance(3000)
    expect(b.cache.getSnapshot('x').failureCount).toBe(1)
    expect(b.cache.stats().dropped.malformed).toBe(0)
  })
})
