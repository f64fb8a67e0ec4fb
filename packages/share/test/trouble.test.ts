import { describe, expect, it } from 'vitest'
import { group, running, type Group, type Member } from './group.ts'

type Trio = Group & Readonly<Record<'a' | 'b' | 'c', Member>>

const roles = (members: readonly Member[]) => members.map(({ cache }) => cache.stats().role)

/** The leader `a`, and two followers. */
async function trio(given: Parameters<typeof group>[0] = {}): Promise<Trio> {
  const world = group(given)
  const [a, b, c] = [world.join('a'), world.join('b'), world.join('c')]
  await world.clock.advance(10)
  expect(roles([a, b, c])).toEqual(['leader', 'follower', 'follower'])
  return { ...world, a, b, c }
}

function outcomeOf(promise: Promise<unknown>): () => string {
  let outcome = 'pending'
  promise.then(
    () => (outcome = 'done'),
    () => (outcome = 'failed'),
  )
  return () => outcome
}

describe('a group that changes (K9)', () => {
  it('K9: what is told in the turn of the change does not enter the new group', async () => {
    let user = 'A'
    const { clock, join } = group({ answer: () => 'wait' })
    const { cache } = join('a', { group: () => user })
    cache.subscribe('x', () => {}, { create: true })
    await clock.advance(500)
    cache.ingest([{ id: 'x', item: running(7) }])
    user = 'B'
    await clock.advance(500)
    expect(cache.stats().role).toBe('leader')
    expect(cache.get('x')).toBeUndefined()
  })

  it('K9: a listener of a call that has settled changes the group', async () => {
    let user = 'A'
    const { clock, join } = group({
      answer: (batch) => (user === 'A' ? batch.map(({ id }) => ({ id, item: running(7) })) : 'wait'),
    })
    const { cache } = join('a', { group: () => user })
    cache.onEvent(({ type }) => {
      if (type === 'sync-settled') user = 'B'
    })
    cache.subscribe('x', () => {}, { create: true })
    await clock.advance(2000)
    expect(user).toBe('B')
    expect(cache.get('x')).toBeUndefined()
  })

  it('K6: who leaves because its group changed is not polled for', async () => {
    let user: string | undefined = 'A'
    const { clock, calls, join } = group()
    join('a')
    await clock.advance(10)
    const { cache } = join('b', { group: () => user })
    cache.getOrCreate('x')
    await clock.advance(1500)
    user = undefined
    cache.getOrCreate('x')
    await clock.advance(10)
    const before = calls.length
    await clock.advance(3000)
    expect(calls).toHaveLength(before)
  })
})

describe('items that cannot cross (K12)', () => {
  const refuse = ({ step }: { readonly step: number }): void => {
    if (step === 666) throw new Error('no form')
  }
  const answer: NonNullable<Parameters<typeof group>[0]>['answer'] = (batch) =>
    batch.map(({ id }) => ({ id, item: running(id === 'x' ? 666 : 1) }))

  it('K12: an item whose `serialize` throws fails alone, and not at the leader', async () => {
    const { clock, a, b } = await trio({
      answer,
      options: {
        serialize: (item) => {
          refuse(item)
          return item
        },
      },
    })
    for (const { cache } of [a, b]) cache.getOrCreate('x')
    await clock.advance(50)
    b.cache.getOrCreate('y')
    await clock.advance(1500)
    expect(b.cache.get('y')).toEqual(running(1))
    expect(b.cache.getSnapshot('x')).toMatchObject({ item: undefined, failureCount: 1 })
    expect(a.cache.getSnapshot('x')).toMatchObject({ item: running(666), failureCount: 0 })
  })

  it('K12, S8: a refresh of an item that cannot cross rejects at the others, and not at the leader', async () => {
    const { clock, a, b } = await trio({
      answer,
      options: {
        interval: 60_000,
        serialize: (item) => (item.step === 666 ? () => item : item),
        parse: (data) => (typeof data === 'function' ? running() : running(1)),
      },
    })
    for (const { cache } of [a, b]) for (const id of ['x', 'y']) cache.getOrCreate(id)
    await clock.advance(50)
    const outcomes = [a, b].flatMap(({ cache }) => ['x', 'y'].map((id) => outcomeOf(cache.refresh(id))))
    await clock.advance(1500)
    expect(outcomes.map((outcome) => outcome())).toEqual(['done', 'done', 'failed', 'done'])
    expect(b.cache.getSnapshot('x').error).toMatchObject({ code: 'UNSENDABLE' })
  })

  it('K12, S8: a refresh of an item that `parse` cannot read rejects at this member', async () => {
    const { clock, join } = await trio({ answer, options: { interval: 60_000 } })
    const { cache } = join('d', {
      parse: () => {
        throw new Error('no form')
      },
    })
    cache.getOrCreate('x')
    await clock.advance(500)
    const outcome = outcomeOf(cache.refresh('x'))
    await clock.advance(1500)
    expect(outcome()).toBe('failed')
  })

  it('K12: an item that `parse` cannot read fails at this member, and is not asked for again and again', async () => {
    const { clock, join, calls } = await trio({ answer })
    const { cache } = join('d', {
      parse: (data) => {
        const item = data as ReturnType<typeof running>
        refuse(item)
        return item
      },
    })
    for (const id of ['x', 'y']) cache.getOrCreate(id)
    await clock.advance(1500)
    const { messagesSent } = cache.stats()
    await clock.advance(10_000)
    expect(cache.get('y')).toEqual(running(1))
    expect(cache.getSnapshot('x')).toMatchObject({ item: undefined, failureCount: 1 })
    expect(cache.getSnapshot('x').error).toMatchObject({ message: 'no form' })
    expect(cache.stats().messagesSent - messagesSent).toBeLessThanOrEqual(5)
    expect(calls.length).toBeLessThanOrEqual(13)
  })
})

describe('limits (K8)', () => {
  it('K5: `refreshAll` of more ids than a message may name settles', async () => {
    const { clock, a, b } = await trio({ options: { interval: 600_000 } })
    for (let i = 0; i <= 10_000; i += 1) b.cache.getOrCreate(`id${i}`)
    await clock.advance(200)
    const outcome = outcomeOf(b.cache.refreshAll())
    await clock.advance(3000)
    expect(outcome()).toBe('done')
    expect(a.cache.stats().dropped.malformed).toBe(0)
  })

  it('K8: no ask is larger than 1 MB', async () => {
    let longest = 0
    const { clock, b } = await trio({
      options: { interval: 600_000 },
      bus: {
        loses: (message) => {
          if (message.type === 'ask') longest = Math.max(longest, JSON.stringify(message).length)
          return false
        },
      },
    })
    const ids = Array.from({ length: 150 }, (_, i) => `${i}`.padStart(9000, '-'))
    for (const id of ids) b.cache.getOrCreate(id)
    await clock.advance(1000)
    const outcome = outcomeOf(b.cache.refreshAll())
    await clock.advance(1000)
    expect(outcome()).toBe('done')
    expect(b.cache.get(ids[149] ?? '')).toEqual(running())
    expect(longest).toBeGreaterThan(100_000)
    expect(longest).toBeLessThan(1_000_000)
  })

  it.each(['leader', 'follower'])(
    'K8: a %s asks itself for an id that is too long for a message',
    async (role) => {
      const { clock, a, b, c, calls } = await trio()
      const [own, other] = role === 'leader' ? [a, b] : [b, a]
      const id = 'y'.repeat(10_001)
      for (const { cache } of [own, other, c]) cache.getOrCreate('x')
      own.cache.getOrCreate(id)
      await clock.advance(3000)
      expect(own.cache.get(id)).toEqual(running())
      await clock.advance(7000)
      const asked = calls.filter(({ ids }) => ids.includes(id))
      expect(new Set(asked.map(({ by }) => by))).toEqual(new Set([own.name]))
      expect(asked.length).toBeGreaterThanOrEqual(4)
      const refreshed = own.cache.refresh(id)
      await clock.advance(10)
      await refreshed
      expect(roles([a, b, c])).toEqual(['leader', 'follower', 'follower'])
      expect([a, b, c].map(({ cache }) => cache.stats().dropped.malformed)).toEqual([0, 0, 0])
    },
  )
})

describe('a leader that hears only some asks (K7)', () => {
  it('K7, K5: a refresh that it does not hear of is done after the lease', async () => {
    const { clock, b } = await trio({
      bus: { loses: (message) => message.type === 'ask' && message.refresh !== undefined },
    })
    b.cache.getOrCreate('x')
    await clock.advance(2000)
    const outcome = outcomeOf(b.cache.refresh('x'))
    await clock.advance(9000)
    expect(outcome()).toBe('done')
  })

  it('K7: it is not asked in full again and again within a beat', async () => {
    let asks = 0
    let isDeaf = false
    const { clock, b } = await trio({
      answer: () => 'wait',
      bus: {
        loses: (message) => {
          if (message.type === 'ask') asks += 1
          return isDeaf && message.type === 'ask' && message.add !== undefined
        },
      },
    })
    b.cache.getOrCreate('x')
    await clock.advance(10)
    isDeaf = true
    b.cache.getOrCreate('y')
    void b.cache.refresh('x').catch(() => {})
    await clock.advance(2000)
    expect(asks).toBeLessThan(60)
  })
})

describe('a lead that is lost before it is heard of (K7)', () => {
  it('K7, B6: whoever lost it stands again', async () => {
    const { clock, bus, join } = group()
    const { cache } = join('a')
    await clock.advance(10)
    bus.rob('A')
    bus.rob('A')
    await clock.advance(1000)
    expect(cache.stats().role).toBe('leader')
  })
})

describe('refreshes (K5)', () => {
  it('K5: asking twice for 150 refreshes that run is asking once', async () => {
    let isLost = false
    const { clock, calls, a, b } = await trio({
      answer: (batch) =>
        batch.some(({ item }) => item !== undefined)
          ? 'wait'
          : batch.map(({ id }) => ({ id, item: running() })),
      options: { interval: 600_000 },
      bus: { loses: (message) => isLost && message.type === 'answers' },
    })
    const ids = Array.from({ length: 150 }, (_, i) => `id${i}`)
    for (const id of [...ids, 'other']) b.cache.getOrCreate(id)
    a.cache.getOrCreate('other')
    await clock.advance(1000)
    const before = calls.length
    for (const id of ids) void b.cache.refresh(id).catch(() => {})
    await clock.advance(10)
    // One message is lost, so that the member asks anew for everything.
    isLost = true
    a.cache.ingest([{ id: 'other', item: running(3) }])
    await clock.advance(2500)
    isLost = false
    expect(b.cache.stats().gaps).toBeGreaterThan(0)
    for (let turn = 0; turn < 4; turn += 1) {
      for (const call of calls) call.answer(call.ids.map((id) => ({ id, item: running(2) })))
      await clock.advance(1100)
    }
    const asked = calls.slice(before).flatMap((call) => call.ids)
    expect(asked.toSorted()).toEqual(ids.toSorted())
  })

  it('K4, K5: a deletion of which a `done` tells late deletes nothing that is back', async () => {
    let isLost = true
    const { clock, source, b } = await trio({
      answer: (batch) =>
        batch.map(({ id }) => {
          const item = source.get(id)
          return item === undefined ? { id, action: 'delete' } : { id, item }
        }),
      bus: { loses: (message) => isLost && message.type === 'done' },
    })
    source.set('x', running(1))
    b.cache.getOrCreate('x')
    await clock.advance(100)
    source.delete('x')
    const outcome = outcomeOf(b.cache.refresh('x'))
    // The write creates it anew at the source, while the answer is on its way.
    await clock.advance(1)
    source.set('x', running(2))
    b.cache.update('x', running(2))
    await clock.advance(200)
    expect(outcome()).toBe('pending')
    source.set('x', running(3))
    isLost = false
    await clock.advance(4000)
    expect(outcome()).toBe('failed')
    expect(b.cache.get('x')).toEqual(running(3))
  })

  it('K8: a `done` settles and deletes only what its ticket has', async () => {
    const { clock, bus, b } = await trio({ answer: () => 'wait' })
    b.cache.getOrCreate('x')
    b.cache.getOrCreate('kept', running(1))
    await clock.advance(100)
    const outcome = outcomeOf(b.cache.refresh('x'))
    await clock.advance(10)
    const results = [{ id: 'other' }, { id: 'kept', gone: true }]
    const header = { v: 1, group: 'A', shape: '', epoch: b.cache.stats().epoch, from: 'a', to: 'b' }
    bus.inject('b', { ...header, type: 'done', ticket: 1, results })
    await clock.advance(10)
    expect(outcome()).toBe('pending')
    expect(b.cache.has('kept')).toBe(true)
  })
})

describe('dates (K19)', () => {
  it('K19: an ask from before the leader was silent is answered late, and the answer waits for a member that missed time', async () => {
    let isAnswered = true
    const { clock, bus, a, b } = await trio({
      answer: (batch) => {
        if (!isAnswered) throw new Error('down')
        return batch.map(({ id }) => ({ id, item: running(1) }))
      },
      options: { interval: 60_000 },
    })
    a.cache.getOrCreate('x')
    await clock.advance(100)
    const succeededAt = a.cache.getSnapshot('x').refreshedAt ?? 0
    isAnswered = false
    // The leader sleeps: what it is asked waits.
    bus.freeze('a')
    bus.isCut = (from) => from === 'a'
    b.cache.getOrCreate('x')
    await clock.advance(7000)
    expect(b.cache.stats().role).toBe('alone')
    bus.isCut = () => false
    bus.thaw('a')
    // Its answer is on its way now.
    clock.freeze(20_000)
    await clock.advance(1)
    expect(b.cache.getSnapshot('x').refreshedAt ?? 0).toBeLessThan(succeededAt + 100)
    await clock.advance(10)
    expect(b.cache.get('x')).toEqual(running(1))
    expect(b.cache.getSnapshot('x').refreshedAt ?? Infinity).toBeLessThan(succeededAt + 100)
  })
})

describe('what a change of leader costs (K2)', () => {
  it('K2: a new leader asks for nothing that is not due', async () => {
    const { clock, bus, calls, a, b, c } = await trio({ options: { interval: 60_000 } })
    for (const { name, cache } of [a, b, c]) cache.getOrCreate(`of ${name}`)
    await clock.advance(30_000)
    const before = calls.length
    for (let turn = 0; turn < 6; turn += 1) {
      bus.rob('A')
      await clock.advance(3000)
    }
    expect(calls).toHaveLength(before)
    await clock.advance(15_000)
    expect(calls.slice(before).flatMap(({ ids }) => ids)).toHaveLength(3)
  })

  it('K6: what a new leader put off is asked for when somebody has no value', async () => {
    const { clock, bus, join, calls, c } = await trio({ options: { interval: 60_000 } })
    c.cache.getOrCreate('x')
    await clock.advance(30_000)
    bus.rob('A')
    await clock.advance(1000)
    const before = calls.length
    const { cache } = join('d')
    cache.getOrCreate('x')
    await clock.advance(50)
    expect(cache.get('x')).toEqual(running())
    expect(calls).toHaveLength(before + 1)
  })

  it('K5: a refresh while the leader changes costs one call more', async () => {
    const { clock, bus, calls, c } = await trio({ answer: () => 'wait', options: { interval: 60_000 } })
    c.cache.getOrCreate('x', running(1))
    await clock.advance(50)
    for (const call of calls) call.answer([{ id: 'x', item: running(1) }])
    await clock.advance(50)
    const before = calls.length
    const outcome = outcomeOf(c.cache.refresh('x'))
    await clock.advance(50)
    bus.rob('A')
    for (let turn = 0; turn < 10; turn += 1) {
      await clock.advance(1000)
      for (const call of calls) call.answer([{ id: 'x', item: running(2) }])
    }
    expect(outcome()).toBe('done')
    expect(calls).toHaveLength(before + 2)
  })
})

describe('nothing is left (K16)', () => {
  it('K16: a member without a group holds no timer once it is stopped', async () => {
    const { clock, join } = group()
    const { cache } = join('a', { group: () => undefined })
    await clock.advance(500)
    expect(clock.timers).toBe(1)
    await cache.stop()
    expect(clock.timers).toBe(0)
  })

  it('K16, L5: a member that missed time has one timer, and none once it is stopped', async () => {
    const { clock, bus, join } = group()
    const a = join('a')
    await clock.advance(3000)
    const b = join('b')
    await clock.advance(3000)
    bus.isCut = (from) => from === 'a'
    await clock.advance(5900)
    clock.freeze(2000)
    await clock.advance(3000)
    bus.isCut = () => false
    await clock.advance(10_000)
    await Promise.all([a.cache.stop(), b.cache.stop()])
    // A message on its way is a timer of the bus.
    await clock.advance(5)
    expect(clock.timers).toBe(0)
  })
})
