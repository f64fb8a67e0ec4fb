import { describe, expect, it } from 'vitest'
import { TermStatus } from '../src/leader/term-status.ts'
import { group, running, type Group, type Member } from './group.ts'

interface World extends Group {
  readonly members: readonly Member[]
  /** True while every call fails. */
  isDown: boolean
}

/** Members that want five items of a source that can be down. */
async function tabs(count: number, interval = 2000): Promise<World> {
  const state = { isDown: false }
  const world = group({
    answer: (batch) => {
      if (state.isDown) throw new Error('503')
      return batch.map(({ id }) => ({ id, item: running() }))
    },
    options: { interval },
  })
  const members = ['a', 'b', 'c'].slice(0, count).map((name) => world.join(name))
  for (const { cache } of members) for (let i = 0; i < 5; i += 1) cache.getOrCreate(`id${i}`)
  await world.clock.advance(10_000)
  return Object.assign(state, world, { members })
}

const leaderOf = ({ members }: World): Member => {
  const leader = members.find(({ cache }) => cache.stats().role === 'leader')
  if (leader === undefined) throw new Error('nobody leads')
  return leader
}

describe('an outage of a group (F12, G4)', () => {
  it.each([1, 2, 3])('F12: is shown until a call succeeds, whoever leads: %i members', async (count) => {
    const world = await tabs(count)
    const { clock, members } = world
    world.isDown = true
    await clock.advance(8000)
    for (const { cache } of members) expect(cache.getStatus().isOutage).toBe(true)
    const leaders = new Set<string>()
    for (let i = 0; i < 600; i += 1) {
      await clock.advance(500)
      leaders.add(members.find(({ cache }) => cache.stats().role === 'leader')?.name ?? '')
      for (const { cache } of members) {
        expect(cache.getStatus()).toMatchObject({ isOutage: true, error: { message: '503' } })
        expect(cache.getStatus().retryAt ?? Infinity).toBeGreaterThanOrEqual(clock.epoch())
      }
    }
    leaders.delete('')
    expect(leaders.size).toBeGreaterThanOrEqual(Math.min(count, 2))
    world.isDown = false
    await clock.advance(61_000)
    for (const { cache } of members) {
      expect(cache.getStatus()).toMatchObject({ isOutage: false, error: undefined, retryAt: undefined })
    }
  })

  it('G4: `retryAt` is when the next call begins, also while a new leader waits (K18)', async () => {
    const world = await tabs(2)
    const { clock, calls, members } = world
    world.isDown = true
    await clock.advance(60_000)
    const { retryAt = 0 } = leaderOf(world).cache.getStatus()
    const wait = retryAt - clock.epoch()
    expect(wait).toBeGreaterThan(1000)
    for (const { cache } of members) expect((cache.getStatus().retryAt ?? 0) - retryAt).toBeLessThan(1000)
    const [at, count] = [clock.now(), calls.length]
    await clock.advance(wait + 100)
    expect(Math.abs((calls[count]?.at ?? 0) - at - wait)).toBeLessThanOrEqual(1)
  })

  it('F12, G4: a leader that is closed in an outage leaves it to the next', async () => {
    const world = await tabs(3)
    const { clock, members } = world
    world.isDown = true
    await clock.advance(10_000)
    const { lastSuccessAt = 0 } = leaderOf(world).cache.getStatus()
    await leaderOf(world).cache.stop()
    for (let i = 0; i < 100; i += 1) {
      await clock.advance(100)
      for (const { cache } of members) {
        if (!cache.isRunning) continue
        expect(cache.getStatus()).toMatchObject({ isOutage: true, error: { message: '503' } })
        expect(Math.abs((cache.getStatus().lastSuccessAt ?? 0) - lastSuccessAt)).toBeLessThanOrEqual(20)
      }
    }
  })

  it('F12: an outage of long ago does not come back when the member leads that saw it', async () => {
    const world = await tabs(2, 60_000)
    const { clock, members } = world
    const shown: boolean[] = []
    const told: string[] = []
    const first = leaderOf(world)
    first.cache.onEvent(({ type }) => {
      if (type.startsWith('outage')) told.push(type)
    })
    world.isDown = true
    await clock.advance(120_000)
    world.isDown = false
    await clock.advance(1_000_000)
    expect(told).toEqual(['outage-started', 'outage-ended'])
    const other = members.find(({ cache }) => cache.stats().role === 'leader' && cache !== first.cache)
    first.cache.subscribeStatus(() => shown.push(first.cache.getStatus().isOutage))
    if (other === undefined) throw new Error('the leader did not change')
    await other.cache.stop()
    for (let i = 0; i < 100; i += 1) {
      await clock.advance(10)
      expect(first.cache.getStatus()).toMatchObject({ isOutage: false, error: undefined })
    }
    expect(shown).not.toContain(true)
    expect(told).toEqual(['outage-started', 'outage-ended'])
  })

  it('F12: an outage is told once by each member that saw it, whoever led meanwhile', async () => {
    const world = await tabs(2)
    const { clock, members } = world
    const told: string[] = []
    for (const { name, cache } of members)
      cache.onEvent(({ type }) => {
        if (type.startsWith('outage')) told.push(`${name} ${type}`)
      })
    world.isDown = true
    await clock.advance(600_000)
    world.isDown = false
    await clock.advance(61_000)
    expect(told.toSorted()).toEqual([
      'a outage-ended',
      'a outage-started',
      'b outage-ended',
      'b outage-started',
    ])
  })

  it('K17: a leader that has heard of no other tells what its back sees', () => {
    const status = new TermStatus()
    const own = {
      state: 'running',
      isOutage: true,
      error: new Error('503'),
      lastSuccessAt: undefined,
      retryAt: 2000,
    } as const
    status.begin(undefined)
    expect(status.of(own, -Infinity, 1500)).toMatchObject({ isOutage: true, retry: 500 })
    expect(status.of(own, 700, 1500)).toMatchObject({ retry: 700 })
    expect(status.of(own, -Infinity, 2500)).not.toHaveProperty('retry')
  })
})
