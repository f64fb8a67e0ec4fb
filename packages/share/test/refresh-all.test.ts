import { describe, expect, it } from 'vitest'
import { group, running, type Answer, type Call, type Group, type Member } from './group.ts'
import { site } from './hub/site.ts'

const LONG = 'x'.repeat(10_001)

/** A source at which a call fails that has an item with such an id in it. */
const poisoned: Answer = (batch) => {
  if (batch.some(({ id }) => id.startsWith('bad'))) throw new Error('500')
  return batch.map(({ id }) => ({ id, item: running() }))
}

/** Two members, whose items `bad0` and `bad1` are isolated. */
async function isolated(ids: readonly string[] = ['bad0', 'bad1', 'good0', 'good1']) {
  const world = group({ answer: poisoned, options: { interval: Infinity, concurrency: 8 } })
  const [a, b] = [world.join('a'), world.join('b')]
  for (const { cache } of [a, b]) for (const id of ids) cache.getOrCreate(id)
  await world.clock.advance(300_000)
  // Between two refreshes by the clock.
  const last = Math.max(...world.calls.map(({ at }) => at))
  await world.clock.advance(Math.max(0, last + 10_000 - world.clock.now()))
  const [leader, follower] = a.cache.stats().role === 'leader' ? [a, b] : [b, a]
  expect([leader, follower].map(({ cache }) => cache.stats().role)).toEqual(['leader', 'follower'])
  return { ...world, leader, follower }
}

/** The ids of the calls that refreshAll makes within a second, and whether it is over then. */
async function clicked({ clock, calls }: Pick<Group, 'clock' | 'calls'>, { cache }: Pick<Member, 'cache'>) {
  const { length } = calls
  let isOver = false
  void cache.refreshAll().then(() => (isOver = true))
  await clock.advance(1000)
  return { ids: calls.slice(length).flatMap((call: Call) => call.ids), isOver }
}

describe('refreshAll of a group', () => {
  it.each(['leader', 'follower'] as const)(
    'G1: leaves isolated items alone, whoever asks: the %s',
    async (role) => {
      const world = await isolated()
      const { ids, isOver } = await clicked(world, world[role])
      expect(ids.filter((id) => id.startsWith('good')).toSorted()).toEqual(['good0', 'good1'])
      expect(ids.filter((id) => id.startsWith('bad'))).toEqual([])
      expect(isOver).toBe(true)
    },
  )

  it('G1: asks only for what the member wants', async () => {
    const world = await isolated()
    world.follower.cache.delete('good1')
    await world.clock.advance(10)
    expect((await clicked(world, world.follower)).ids).toEqual(['good0'])
  })

  it('G1: leaves isolated items alone that the member asks for itself, because their ids are too long', async () => {
    const world = await isolated(['good0', `bad${LONG}`])
    const { ids, isOver } = await clicked(world, world.follower)
    expect(ids).toEqual(['good0'])
    expect(isOver).toBe(true)
  })

  it('G1: a member that falls alone meanwhile does it itself', async () => {
    const world = await isolated()
    world.bus.isCut = () => true
    let isOver = false
    void world.follower.cache.refreshAll().then(() => (isOver = true))
    await world.clock.advance(10_000)
    expect(world.follower.cache.stats().role).toBe('alone')
    expect(isOver).toBe(true)
  })

  it('K5: the next leader is asked again', async () => {
    const world = await isolated()
    world.bus.kill(world.leader.name)
    let isOver = false
    void world.follower.cache.refreshAll().then(() => (isOver = true))
    await world.clock.advance(1000)
    expect(world.follower.cache.stats().role).toBe('leader')
    expect(isOver).toBe(true)
  })

  it('K5: rejects if the member stops meanwhile', async () => {
    const world = group({ answer: () => 'wait' })
    const [a, b] = [world.join('a'), world.join('b')]
    for (const { cache } of [a, b]) cache.getOrCreate('x')
    await world.clock.advance(100)
    const outcome = b.cache.refreshAll().then(
      () => 'resolved',
      ({ code }: { readonly code: string }) => code,
    )
    await world.clock.advance(100)
    await b.cache.stop()
    expect(await outcome).toBe('STOPPED')
  })

  it('K8: clicks of many members cost one refresh of an id a second', async () => {
    const world = await isolated()
    const { length } = world.calls
    for (let i = 0; i < 10; i += 1) {
      void world.follower.cache.refreshAll()
      await world.clock.advance(300)
    }
    expect(world.calls.slice(length).filter(({ ids }) => ids.includes('good0')).length).toBeLessThanOrEqual(4)
  })

  it('G8: in an outage it is one call', async () => {
    let isDown = false
    const world = group({
      answer: (batch) => {
        if (isDown) throw new Error('503')
        return batch.map(({ id }) => ({ id, item: running() }))
      },
      options: { batchSize: 2 },
    })
    const [a, b] = [world.join('a'), world.join('b')]
    for (const { cache } of [a, b]) for (let i = 0; i < 20; i += 1) cache.getOrCreate(`id${i}`)
    await world.clock.advance(10_000)
    isDown = true
    await world.clock.advance(60_000)
    const { ids, isOver } = await clicked(world, b)
    expect(ids.length).toBeLessThanOrEqual(3)
    expect(isOver).toBe(true)
  })

  it('G8: in an outage of a single item the next leader asks for it, although it is isolated', async () => {
    let isDown = true
    const world = group({
      answer: (batch) => {
        if (isDown) throw new Error('503')
        return batch.map(({ id }) => ({ id, item: running() }))
      },
    })
    const members = ['a', 'b', 'c'].map((name) => world.join(name))
    for (const { cache } of members) cache.getOrCreate('x')
    await world.clock.advance(70_000)
    expect(members.map(({ cache }) => cache.getStatus().isOutage)).toEqual([true, true, true])
    isDown = false
    const [member] = members
    if (member === undefined) throw new Error('there is no member')
    const { ids, isOver } = await clicked(world, member)
    expect(ids[0]).toBe('x')
    expect(isOver).toBe(true)
    expect(members.map(({ cache }) => cache.get('x'))).toEqual([running(), running(), running()])
  })

  it('G1, H8: leaves isolated items alone at a hub', async () => {
    const world = site({
      answer: (ids) => {
        if (ids.includes('bad')) throw new Error('500')
        return ids.map((id) => ({ id, item: running() }))
      },
      interval: 60_000,
    })
    const { cache } = world.join()
    for (const id of ['bad', 'good']) cache.getOrCreate(id)
    await world.clock.advance(300_000)
    const { length } = world.calls
    let isOver = false
    void cache.refreshAll().then(() => (isOver = true))
    await world.clock.advance(500)
    expect(world.calls.slice(length)).toEqual([['good']])
    expect(isOver).toBe(true)
  })
})
