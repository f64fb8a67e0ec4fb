import { describe, expect, it } from 'vitest'
import { group, running, type Answer, type Call, type Group } from './group.ts'

const HOUR = 3_600_000

/** Calls that contain an id, since a time. */
const callsOf = ({ calls }: Group, id: string, since = 0): readonly Call[] =>
  calls.filter(({ ids, at }) => ids.includes(id) && at >= since)

/** A source at which a call fails that has the id `bad` in it. */
const poisoned: Answer = (batch) => {
  if (batch.some(({ id }) => id === 'bad')) throw new Error('500')
  return batch.map(({ id }) => ({ id, item: running() }))
}

/** A source that answers for the id `bad` that it is to be left alone for an hour. */
const quota: Answer = (batch) =>
  batch.map(({ id }) =>
    id === 'bad'
      ? { id, action: 'fail', error: new Error('quota'), retryAfter: HOUR }
      : { id, item: running() },
  )

/** A member that leads, and whose item `bad` is isolated. */
async function isolated(options: Parameters<Group['join']>[1] = {}) {
  const world = group({ answer: poisoned, options: { interval: 5000, ...options } })
  const a = world.join('a')
  for (let i = 0; i < 10; i += 1) a.cache.getOrCreate(`good${i}`)
  a.cache.getOrCreate('bad')
  await world.clock.advance(120_000)
  expect(callsOf(world, 'bad').at(-1)?.ids).toEqual(['bad'])
  return { ...world, a }
}

describe('a member that leads again', () => {
  it('L4, F9: what was isolated before a stop is called alone after it, at its time', async () => {
    const world = await isolated()
    const { clock, a } = world
    const last = callsOf(world, 'bad').at(-1)?.at ?? 0
    void a.cache.stop()
    await clock.advance(1000)
    a.cache.start()
    const since = clock.now()
    await clock.advance(120_000)
    const calls = callsOf(world, 'bad', since)
    expect(calls.every(({ ids }) => ids.length === 1)).toBe(true)
    expect(calls[0]?.at).toBe(last + 60_000)
  })

  it('T8, F9: after a return what is isolated is due, and called alone', async () => {
    const world = await isolated()
    const { clock, a } = world
    a.environment.setVisible(false)
    // Longer than what nobody wants is kept at a leader (K6).
    await clock.advance(100_000)
    a.environment.setVisible(true)
    const since = clock.now()
    await clock.advance(3000)
    expect(callsOf(world, 'bad', since).map(({ ids }) => ids)).toEqual([['bad']])
    expect(a.cache.getSnapshot('good1').failureCount).toBe(0)
  })

  it.each(['hidden', 'paused', 'stopped'])(
    'T8, F2: an item failure keeps its retryAfter: %s',
    async (how) => {
      const world = group({ answer: quota, options: { interval: 60_000 } })
      const { cache, environment } = world.join('a')
      for (const id of ['bad', 'good']) cache.getOrCreate(id)
      for (let i = 0; i < 10; i += 1) {
        await world.clock.advance(10_000)
        if (how === 'hidden') environment.setVisible(false)
        else if (how === 'paused') cache.pause()
        else void cache.stop()
        await world.clock.advance(10)
        if (how === 'hidden') environment.setVisible(true)
        else if (how === 'paused') cache.resume()
        else cache.start()
      }
      expect(callsOf(world, 'bad')).toHaveLength(1)
      expect(callsOf(world, 'good')).toHaveLength(2)
      await world.clock.advance(HOUR)
      expect(callsOf(world, 'bad')).toHaveLength(2)
    },
  )

  it('T8, F15: the retryAfter of a call is kept', async () => {
    const answer = () => {
      throw Object.assign(new Error('429'), { retryAfter: 600_000 })
    }
    const world = group({ answer })
    const { cache, environment } = world.join('a')
    cache.getOrCreate('bad')
    for (let i = 0; i < 20; i += 1) {
      await world.clock.advance(20_000)
      environment.setVisible(false)
      await world.clock.advance(50)
      environment.setVisible(true)
    }
    expect(world.calls).toHaveLength(1)
  })

  it('F11: the turns of single retries go on where they were when the page was left', async () => {
    let isDown = false
    const world = group({
      answer: (batch) => {
        if (isDown) throw new Error('503')
        return batch.map(({ id }) => ({ id, item: running() }))
      },
    })
    const { clock } = world
    const { cache, environment } = world.join('a')
    const ids = Array.from({ length: 20 }, (_, i) => `id${10 + i}`)
    for (const id of ids) cache.getOrCreate(id)
    await clock.advance(10_000)
    isDown = true
    await clock.advance(20_000)
    const single = new Set<string>()
    for (let i = 0; i < 20; i += 1) {
      const since = clock.now()
      environment.setVisible(false)
      await clock.advance(100)
      environment.setVisible(true)
      await clock.advance(9900)
      for (const call of world.calls)
        if (call.at > since && call.ids.length === 1) single.add(call.ids[0] ?? '')
    }
    expect([...single].toSorted()).toEqual(ids)
  })

  it('F9: a success since, at another leader, ends the isolation', async () => {
    const world = await isolated()
    const { clock, a } = world
    let isWell = false
    const b = world.join('b', {
      sync: (batch) => {
        if (!isWell) throw new Error('500')
        return batch.map(({ id }) => ({ id, item: running(7) }))
      },
    })
    for (let i = 0; i < 10; i += 1) b.cache.getOrCreate(`good${i}`)
    b.cache.getOrCreate('bad')
    await clock.advance(1000)
    isWell = true
    a.environment.setVisible(false)
    await clock.advance(5000)
    a.environment.setVisible(true)
    await clock.advance(5000)
    expect(a.cache.get('bad')).toEqual(running(7))
    await b.cache.stop()
    const since = clock.now()
    await clock.advance(6000)
    expect(callsOf(world, 'bad', since)[0]?.ids.length).toBeGreaterThan(1)
  })

  it.each(['clear', 'delete'] as const)(
    'O6: `%s` of a member that does not lead forgets what it isolated',
    async (how) => {
      const world = await isolated()
      const { clock, a } = world
      await a.cache.stop()
      if (how === 'clear') a.cache.clear()
      else a.cache.delete('bad')
      a.cache.start()
      for (let i = 0; i < 10; i += 1) a.cache.getOrCreate(`good${i}`)
      a.cache.getOrCreate('bad')
      a.cache.getOrCreate('new')
      const since = clock.now()
      await clock.advance(10)
      expect(callsOf(world, 'bad', since)[0]?.ids).toContain('new')
    },
  )

  it('K9: in another group nothing is known of what failed in the one before', async () => {
    let user = 'A'
    const world = await isolated({ group: () => user })
    const { clock, a } = world
    user = 'B'
    a.cache.getOrCreate('bad')
    a.cache.getOrCreate('new')
    const since = clock.now()
    await clock.advance(10)
    expect(callsOf(world, 'bad', since)[0]?.ids).toContain('new')
  })
})

describe('the next leader', () => {
  const pair = (answer: Answer) => {
    const world = group({ answer, options: { interval: 60_000 } })
    const [a, b] = [world.join('a'), world.join('b')]
    for (const { cache } of [a, b]) for (const id of ['bad', 'good']) cache.getOrCreate(id)
    return { ...world, a, b }
  }

  it('T8, F2: keeps the delay of an item for which the source answered', async () => {
    const world = pair(quota)
    await world.clock.advance(30_000)
    await world.a.cache.stop()
    await world.clock.advance(HOUR - 31_000)
    expect(world.b.cache.stats().role).toBe('leader')
    expect(callsOf(world, 'bad')).toHaveLength(1)
    await world.clock.advance(2000)
    expect(callsOf(world, 'bad')).toHaveLength(2)
  })

  it('T8, F15: keeps the retryAfter of a call', async () => {
    const world = pair((batch) => {
      if (batch.some(({ id }) => id === 'bad')) throw Object.assign(new Error('429'), { retryAfter: 600_000 })
      return batch.map(({ id }) => ({ id, item: running() }))
    })
    world.a.cache.delete('good')
    world.b.cache.delete('good')
    await world.clock.advance(30_000)
    await world.a.cache.stop()
    await world.clock.advance(500_000)
    expect(world.b.cache.stats().role).toBe('leader')
    expect(callsOf(world, 'bad')).toHaveLength(1)
  })

  it('K18: asks at once for what failed with its call', async () => {
    const world = pair(poisoned)
    await world.clock.advance(100_000)
    await world.a.cache.stop()
    const since = world.clock.now()
    await world.clock.advance(400)
    expect(callsOf(world, 'bad', since)[0]?.by).toBe('b')
  })

  it('T8: keeps the delay of what failed here while this member was alone', async () => {
    const world = group({ answer: quota, options: { interval: 60_000 } })
    const other = world.join('z')
    await world.clock.advance(10)
    world.bus.isCut = () => true
    const { cache } = world.join('a')
    cache.getOrCreate('bad')
    await world.clock.advance(30_000)
    expect(cache.stats().role).toBe('alone')
    await other.cache.stop()
    await world.clock.advance(100_000)
    expect(cache.stats().role).toBe('leader')
    expect(callsOf(world, 'bad')).toHaveLength(1)
  })
})
