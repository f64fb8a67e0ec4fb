import { describe, expect, it } from 'vitest'
import { AutoRefreshError } from '@auto-refresh/core'
import { GroupError } from '@auto-refresh/share'
import { done, group, running, type Group, type Member } from './group.ts'

const roles = (members: readonly Member[]) => members.map(({ cache }) => cache.stats().role)
const values = (members: readonly Member[], id = 'x') => members.map(({ cache }) => cache.get(id)?.step)

async function trio(given: Parameters<typeof group>[0] = {}): Promise<Group & { members: Member[] }> {
  const world = group(given)
  const members = ['a', 'b', 'c'].map((name) => world.join(name))
  await world.clock.advance(10)
  expect(roles(members)).toEqual(['leader', 'follower', 'follower'])
  return { ...world, members }
}

describe('a group', () => {
  it('K2: the source is asked once an interval for all members', async () => {
    const { clock, calls, members } = await trio()
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(10_000)
    expect(values(members)).toEqual([0, 0, 0])
    expect(calls.length).toBe(11)
    expect(new Set(calls.map(({ by }) => by))).toEqual(new Set(['a']))
  })

  it('K2, K14: the wants of all members share batches', async () => {
    const { clock, calls, members } = await trio()
    members[0]?.cache.getOrCreate('x')
    members[1]?.cache.getOrCreate('y')
    members[2]?.cache.getOrCreate('z')
    await clock.advance(5000)
    expect(calls.at(-1)?.ids.toSorted()).toEqual(['x', 'y', 'z'])
    expect([...(members[0]?.cache.ids() ?? [])]).toEqual(['x'])
  })

  it('K3: followers show value and dates of the leader', async () => {
    const { clock, source, members } = await trio()
    for (const { cache } of members) cache.getOrCreate('x')
    source.set('x', running(3))
    await clock.advance(2500)
    const [a, b] = members.map(({ cache }) => cache.getSnapshot('x'))
    expect(b?.item).toEqual(running(3))
    expect(Math.abs((b?.refreshedAt ?? 0) - (a?.refreshedAt ?? 1))).toBeLessThanOrEqual(2)
    expect(Math.abs((b?.nextRefreshAt ?? 0) - (a?.nextRefreshAt ?? 1))).toBeLessThanOrEqual(2)
  })

  it('B3: who joins has the values in one round trip, and asks nothing', async () => {
    const { clock, calls, join, members } = await trio({ options: { interval: 60_000 } })
    members[1]?.cache.getOrCreate('x')
    await clock.advance(1000)
    const before = calls.length
    const late = join('d')
    late.cache.getOrCreate('x')
    await clock.advance(3)
    expect(late.cache.get('x')).toEqual(running())
    await clock.advance(5000)
    expect(calls.length).toBe(before)
  })

  it('F1, K3, K10: a failure shows everywhere, without its stack', async () => {
    let error: unknown
    const { clock, members } = await trio({
      answer: (batch) => {
        if (error !== undefined) throw error
        return batch.map(({ id }) => ({ id, item: running() }))
      },
    })
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(500)
    error = Object.assign(new Error('no'), { status: 503 })
    await clock.advance(1000)
    const { failureCount, error: shown, item } = members[2]?.cache.getSnapshot('x') ?? {}
    expect({ failureCount, item }).toEqual({ failureCount: 1, item: running() })
    expect(shown).toMatchObject({ name: 'Error', message: 'no', status: 503 })
    expect((shown as Error).stack).not.toContain('test.ts:')
    error = undefined
    await clock.advance(5000)
    expect(members[2]?.cache.getSnapshot('x')).toMatchObject({ failureCount: 0, error: undefined })
  })

  it('K15: what the source deletes goes everywhere', async () => {
    let isGone = false
    const { clock, members } = await trio({
      answer: (batch) => batch.map(({ id }) => (isGone ? { id, action: 'delete' } : { id, item: running() })),
    })
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(500)
    isGone = true
    await clock.advance(1000)
    expect(members.map(({ cache }) => cache.has('x'))).toEqual([false, false, false])
  })

  it('K15: what is deleted while it is held is asked for anew', async () => {
    let isGone = false
    const { clock, members } = await trio({
      answer: (batch) =>
        batch.map(({ id }) => (isGone ? { id, action: 'delete' } : { id, item: running(4) })),
    })
    const { cache } = members[1] ?? {}
    cache?.getOrCreate('x')
    await clock.advance(500)
    const release = cache?.hold('x')
    isGone = true
    await clock.advance(1000)
    isGone = false
    release?.()
    await clock.advance(3000)
    expect(clock.epoch() - (cache?.getSnapshot('x').refreshedAt ?? 0)).toBeLessThan(1100)
  })

  it('K13: ingest at the leader is told to all', async () => {
    const { clock, members } = await trio({ options: { interval: 60_000 } })
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(500)
    members[0]?.cache.ingest([{ id: 'x', item: running(9) }])
    await clock.advance(5)
    expect(values(members)).toEqual([9, 9, 9])
  })

  it('K6: what nobody wants is not refreshed', async () => {
    const { clock, calls, members } = await trio()
    const end = members[1]?.cache.subscribe('x', () => {}, { create: true })
    await clock.advance(3000)
    expect(calls.length).toBeGreaterThan(2)
    end?.()
    await clock.advance(10)
    const before = calls.length
    await clock.advance(60_000)
    expect(calls.length).toBe(before)
  })

  it('K15: a terminal item is not wanted, and one that is revived is refreshed at once', async () => {
    const { clock, calls, source, members } = await trio()
    source.set('x', done(1))
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(3000)
    expect(calls.length).toBe(1)
    source.set('x', running(2))
    members[2]?.cache.update('x', running(1))
    await clock.advance(1000)
    expect(values(members.slice(2))).toEqual([2])
    const before = calls.length
    await clock.advance(3000)
    expect(calls.length).toBeGreaterThanOrEqual(before + 2)
  })

  it('K15: a refresh that reopens an item reopens it everywhere', async () => {
    const { clock, source, members } = await trio()
    source.set('x', done(1))
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(3000)
    source.set('x', running(2))
    const refreshed = members[1]?.cache.refresh('x')
    await clock.advance(100)
    await refreshed
    expect(values(members)).toEqual([2, 2, 2])
    expect(members.map(({ cache }) => cache.getSnapshot('x').status)).toEqual(['active', 'active', 'active'])
  })
})

/** The second one writes while the second call runs. */
async function writing(): ReturnType<typeof trio> {
  const world = await trio({ answer: () => 'wait' })
  const { clock, calls, members } = world
  for (const { cache } of members) cache.getOrCreate('x')
  await clock.advance(5)
  calls[0]?.answer([{ id: 'x', item: running(1) }])
  await clock.advance(1100)
  expect(calls).toHaveLength(2)
  members[1]?.cache.update('x', running(50))
  await clock.advance(5)
  return world
}

describe('writes (K4)', () => {
  it('K4: a call from before the write brings nothing to whoever wrote', async () => {
    const { clock, calls, members } = await writing()
    calls[1]?.answer([{ id: 'x', item: running(2) }])
    await clock.advance(5)
    expect(values(members)).toEqual([2, 50, 2])
    await clock.advance(1100)
    calls[2]?.answer([{ id: 'x', item: running(3) }])
    await clock.advance(5)
    expect(values(members)).toEqual([3, 3, 3])
  })

  it('K4: a write ends although the call that ran meanwhile has found that the item is finished', async () => {
    const { clock, calls, members } = await writing()
    // By its own clock, the leader never asks for it again.
    calls[1]?.answer([{ id: 'x', item: done(2) }])
    await clock.advance(5)
    expect(values(members)).toEqual([2, 50, 2])
    await clock.advance(2000)
    expect(calls).toHaveLength(3)
    calls[2]?.answer([{ id: 'x', item: done(2) }])
    await clock.advance(5)
    expect(members.map(({ cache }) => cache.get('x'))).toEqual([done(2), done(2), done(2)])
  })

  it('K4: of two calls that succeed within one ms, the second may be the one that a write waits for', async () => {
    const { clock, calls, members } = await writing()
    calls[1]?.answer([{ id: 'x', item: running(2) }])
    await clock.advance(0)
    void members[0]?.cache.refresh('x')
    await clock.advance(0)
    expect(calls).toHaveLength(3)
    calls[2]?.answer([{ id: 'x', item: done(3) }])
    await clock.advance(5)
    expect(values(members)).toEqual([3, 3, 3])
  })

  it('K4: an id that is deleted and created again has a value in the end, if it is finished by then', async () => {
    const { clock, source, members } = await trio()
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(1500)
    const cache = members[1]?.cache
    cache?.delete('x')
    await clock.advance(100)
    source.set('x', done(1))
    await clock.advance(1500)
    expect(members[0]?.cache.get('x')).toEqual(done(1))
    cache?.getOrCreate('x')
    await clock.advance(2000)
    expect(cache?.get('x')).toEqual(done(1))
  })

  it('K4: an id that is deleted and created again waits for a newer call', async () => {
    const { clock, source, members } = await trio({ options: { interval: 60_000 } })
    source.set('x', running(1))
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(50)
    const cache = members[1]?.cache
    cache?.delete('x')
    cache?.getOrCreate('x', running(7))
    source.set('x', running(8))
    await clock.advance(5000)
    expect(cache?.get('x')).toEqual(running(7))
    await clock.advance(60_000)
    expect(cache?.get('x')).toEqual(running(8))
  })

  it('K4: what a leader shows of an id that it holds is not told to the others in its next term', async () => {
    let isSlow = false
    const { clock, bus, calls, members, join } = await trio({
      answer: (batch) => (isSlow ? 'wait' : batch.map(({ id }) => ({ id, item: running(1) }))),
    })
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(500)
    const [a, ...others] = members
    a?.cache.hold('x')
    a?.cache.update('x', running(50))
    // A call that began after the update succeeds. The hold goes on.
    await clock.advance(1600)
    isSlow = true
    for (const { environment } of others) environment.setVisible(false)
    bus.rob('A')
    const late = join('d')
    late.cache.getOrCreate('x')
    await clock.advance(500)
    expect(roles([...members, late])).toEqual(['leader', 'out', 'out', 'follower'])
    expect(values([...members, late])).toEqual([50, 1, 1, undefined])
    calls.at(-1)?.answer([{ id: 'x', item: running(1) }])
    await clock.advance(5)
    expect(values([...members, late])).toEqual([50, 1, 1, 1])
  })

  it('K4: a success without the item ends nothing, as long as the item is not known', async () => {
    const { clock, calls, members, join } = await trio({ answer: () => 'wait' })
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(5)
    const [a, b] = members
    calls[0]?.answer([{ id: 'x', item: running(1) }])
    await clock.advance(1100)
    b?.cache.update('x', running(50))
    await clock.advance(5)
    // This brings its item to the others only, and the next one leaves it out.
    calls[1]?.answer([{ id: 'x', item: running(2) }])
    await clock.advance(1100)
    calls[2]?.answer([{ id: 'x', item: running(2) }])
    await clock.advance(1)
    a?.environment.setVisible(false)
    const late = join('d')
    late.cache.getOrCreate('x')
    await clock.advance(500)
    expect(roles([...members, late])).toEqual(['out', 'leader', 'follower', 'follower'])
    expect(values([...members, late])).toEqual([2, 50, 2, undefined])
    calls.at(-1)?.answer([{ id: 'x', item: running(3) }])
    await clock.advance(5)
    expect(values([...members, late])).toEqual([2, 3, 3, 3])
  })

  it('K4: failures are shown meanwhile', async () => {
    let isDown = false
    const { clock, members } = await trio({
      answer: (batch) => {
        if (isDown) throw new Error('down')
        return batch.map(({ id }) => ({ id, item: running(1) }))
      },
    })
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(500)
    members[1]?.cache.update('x', running(50))
    isDown = true
    await clock.advance(1000)
    expect(members[1]?.cache.getSnapshot('x')).toMatchObject({ item: running(50), failureCount: 1 })
  })
})

describe('refresh (K5)', () => {
  it('K5, K8: the leader does it, once a second for all who ask', async () => {
    const { clock, calls, members, source } = await trio({ options: { interval: 60_000 } })
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(50)
    source.set('x', running(4))
    const all = [1, 2, 3].flatMap(() => members.slice(1).map(({ cache }) => cache.refresh('x')))
    await clock.advance(900)
    expect(calls).toHaveLength(2)
    await clock.advance(200)
    await Promise.all(all)
    expect(calls).toHaveLength(3)
    expect(values(members)).toEqual([4, 4, 4])
  })

  it('K5: it rejects with the error of the call', async () => {
    let isDown = false
    const { clock, members } = await trio({
      answer: (batch) => {
        if (isDown) throw new Error('down')
        return batch.map(({ id }) => ({ id, item: running(1) }))
      },
    })
    members[1]?.cache.getOrCreate('x')
    await clock.advance(50)
    isDown = true
    const refreshed = members[1]?.cache.refresh('x')
    await clock.advance(10)
    await expect(refreshed).rejects.toThrow('down')
    expect(members[1]?.cache.getSnapshot('x').failureCount).toBe(1)
  })

  it('K5: a ticket outlives the leader', async () => {
    const { clock, bus, calls, members } = await trio({ answer: () => 'wait' })
    members[2]?.cache.getOrCreate('x')
    await clock.advance(5)
    let isDone = false
    void members[2]?.cache.refresh('x').then(() => (isDone = true))
    await clock.advance(5)
    bus.kill('a')
    await clock.advance(1000)
    const last = calls.at(-1)
    expect(last?.by).toBe('b')
    for (const call of calls) call.answer([{ id: 'x', item: running(5) }])
    await clock.advance(100)
    for (const call of calls) call.answer([{ id: 'x', item: running(5) }])
    await clock.advance(2000)
    for (const call of calls) call.answer([{ id: 'x', item: running(5) }])
    await clock.advance(2000)
    expect(isDone).toBe(true)
  })

  it('S13, K5: rejects NOT_FOUND, DELETED and STOPPED as alone', async () => {
    const { clock, members } = await trio({ answer: () => 'wait' })
    const cache = members[1]?.cache
    await expect(cache?.refresh('x')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    cache?.getOrCreate('x')
    await clock.advance(5)
    const refreshed = cache?.refresh('x')
    cache?.delete('x')
    await expect(refreshed).rejects.toMatchObject({ code: 'DELETED' })
    cache?.getOrCreate('y')
    const stopped = cache?.refresh('y')
    void cache?.stop()
    await expect(stopped).rejects.toBeInstanceOf(AutoRefreshError)
  })
})

describe('changes of leader', () => {
  it('B2: a leader that stops is followed at once', async () => {
    const { clock, calls, members } = await trio()
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(2500)
    void members[0]?.cache.stop()
    await clock.advance(600)
    expect(roles(members)).toEqual(['out', 'leader', 'follower'])
    const before = calls.length
    await clock.advance(5000)
    expect(calls.length - before).toBe(5)
  })

  it('K2: a change of leader costs no call for what the new one has fresh', async () => {
    const { clock, calls, members } = await trio({ options: { interval: 60_000 } })
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(2500)
    void members[0]?.cache.stop()
    await clock.advance(50_000)
    expect(calls).toHaveLength(1)
    expect(members[2]?.cache.stats()).toMatchObject({ role: 'follower', gaps: 0 })
  })

  it('K17: a hidden leader gives the lead away, and joins anew when it is shown', async () => {
    const { clock, members } = await trio()
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(500)
    members[0]?.environment.setVisible(false)
    await clock.advance(100)
    expect(roles(members)).toEqual(['out', 'leader', 'follower'])
    members[0]?.environment.setVisible(true)
    await clock.advance(100)
    expect(roles(members)).toEqual(['follower', 'leader', 'follower'])
  })

  it('K1: isRefreshing tells of the member’s own calls: nobody shows it for a call of the group; alone, a member does', async () => {
    let isWaiting = false
    const { clock, bus, calls, members } = await trio({
      answer: (batch) => (isWaiting ? 'wait' : batch.map(({ id }) => ({ id, item: running(1) }))),
    })
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(500)
    isWaiting = true
    const refreshed = members[1]?.cache.refresh('x')
    await clock.advance(100)
    const shown = (): readonly boolean[] => members.map(({ cache }) => cache.getSnapshot('x').isRefreshing)
    expect(shown()).toEqual([false, false, false])
    // The leader makes the call, also for the others.
    expect(members.map(({ cache }) => cache.inProcessing('x'))).toEqual([true, false, false])
    expect(members.map(({ cache }) => cache.stats().runningCalls)).toEqual([1, 0, 0])
    calls.at(-1)?.answer([{ id: 'x', item: running(2) }])
    await clock.advance(100)
    await refreshed
    expect(members[1]?.cache.get('x')).toEqual(running(2))
    bus.isCut = () => true
    await clock.advance(9000)
    expect(members[1]?.cache.stats().role).toBe('alone')
    expect(members[1]?.cache.getSnapshot('x').isRefreshing).toBe(true)
    expect(members[1]?.cache.inProcessing('x')).toBe(true)
  })

  it('K17: a follower that pauses is out, and nobody else notices; resumed, it has the group’s values without asking', async () => {
    const { clock, calls, source, members } = await trio()
    for (const { cache } of members) cache.getOrCreate('x')
    members[1]?.cache.getOrCreate('own')
    await clock.advance(500)
    members[1]?.cache.pause()
    source.set('x', running(1))
    await clock.advance(1500)
    expect(roles(members)).toEqual(['leader', 'out', 'follower'])
    expect(members.map(({ cache }) => cache.getStatus().state)).toEqual(['running', 'paused', 'running'])
    expect(members.map(({ cache }) => cache.get('x')?.step)).toEqual([1, 0, 1])
    expect(members[0]?.cache.stats().members).toBe(2)
    const before = calls.length
    await clock.advance(3000)
    // Once an interval, and only for what the others want.
    expect(calls.slice(before).map(({ by, ids }) => ({ by, ids }))).toEqual(
      Array.from({ length: 3 }, () => ({ by: 'a', ids: ['x'] })),
    )
    members[1]?.cache.resume()
    await clock.advance(10)
    expect(roles(members)).toEqual(['leader', 'follower', 'follower'])
    expect(members[1]?.cache.get('x')).toEqual(running(1))
    expect(members[1]?.cache.stats().syncCalls).toBe(0)
  })

  it('K17: a leader that pauses gives the lead away at once, and the group’s next call is on time', async () => {
    const { clock, calls, members } = await trio()
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(2500)
    const last = calls.at(-1)?.at ?? 0
    members[0]?.cache.pause()
    await clock.advance(100)
    expect(roles(members)).toEqual(['out', 'leader', 'follower'])
    await clock.advance(2000)
    const next = calls.find(({ by }) => by === 'b')
    expect((next?.at ?? Infinity) - last).toBeLessThanOrEqual(1100)
    expect(calls.filter(({ by, at }) => by === 'a' && at > last)).toEqual([])
    members[0]?.cache.resume()
    await clock.advance(100)
    expect(roles(members)).toEqual(['follower', 'leader', 'follower'])
  })

  it('K7: a leader that is silent for the lease leaves its followers alone', async () => {
    const { clock, bus, calls, members } = await trio()
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(500)
    bus.freeze('a')
    // The lock stays with the frozen one, and what it sends is not heard, because it is cut off.
    bus.isCut = (from) => from === 'a'
    await clock.advance(9000)
    expect(roles(members).slice(1)).toEqual(['alone', 'alone'])
    expect(members[1]?.cache.stats().alone).toBe('leader-silent')
    expect(new Set(calls.slice(-4).map(({ by }) => by))).toEqual(new Set(['a', 'b', 'c']))
  })

  it('K16: nothing is left after stop', async () => {
    const { clock, bus, members } = await trio()
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(2500)
    const stopped = Promise.all(members.map(({ cache }) => cache.stop()))
    await clock.advance(10)
    await stopped
    expect(clock.timers).toBe(0)
    expect(bus.members).toEqual([])
    expect(bus.leaderOf('A')).toBeUndefined()
  })
})

describe('trouble', () => {
  it('K9: another group is neither heard nor shown', async () => {
    const { clock, join, members } = await trio()
    const other = join('z', { group: 'B' })
    other.cache.getOrCreate('x')
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(2500)
    expect(other.cache.stats()).toMatchObject({ role: 'leader', members: 1, messagesReceived: 0 })
  })

  it('K9: when the group changes, calls under way are thrown away and the cache is cleared', async () => {
    let user: string | undefined = 'A'
    const { clock, calls, join } = group({ answer: () => 'wait' })
    const tab = join('a', { group: () => user })
    tab.cache.subscribe('x', () => {}, { create: true })
    tab.cache.getOrCreate('y', running(1))
    await clock.advance(5)
    user = 'B'
    for (const call of calls) call.answer(call.ids.map((id) => ({ id, item: running(66) })))
    await clock.advance(20)
    expect(tab.cache.has('y')).toBe(false)
    expect(tab.cache.get('x')).toBeUndefined()
    const last = calls.at(-1)
    last?.answer([{ id: 'x', item: running(2) }])
    await clock.advance(20)
    expect(tab.cache.get('x')).toEqual(running(2))
    user = undefined
    await clock.advance(5000)
    expect([...tab.cache.ids()]).toEqual([])
    expect(tab.cache.stats().role).toBe('out')
  })

  it('K9: GROUP puts a member out until the group changes', async () => {
    let user = 'A'
    let isForeign = false
    const { clock, calls, join } = group({
      answer: (batch) => {
        if (isForeign) throw new GroupError()
        return batch.map(({ id }) => ({ id, item: running(1) }))
      },
    })
    const tab = join('a', { group: () => user })
    tab.cache.subscribe('x', () => {}, { create: true })
    await clock.advance(100)
    isForeign = true
    await clock.advance(2000)
    expect(tab.cache.get('x')).toBeUndefined()
    const before = calls.length
    await clock.advance(20_000)
    expect(calls.length).toBe(before)
    isForeign = false
    user = 'B'
    await clock.advance(2000)
    expect(tab.cache.get('x')).toEqual(running(1))
  })

  it('K12: an item that cannot be cloned fails at the others', async () => {
    const { clock, members } = await trio({
      answer: (batch) =>
        batch.map(({ id }) => ({ id, item: Object.assign(running(1), id === 'x' ? { f: () => 1 } : {}) })),
    })
    for (const { cache } of members) {
      cache.getOrCreate('x')
      cache.getOrCreate('y')
    }
    await clock.advance(1500)
    expect(values(members, 'y')).toEqual([1, 1, 1])
    expect(values(members, 'x')).toEqual([1, undefined, undefined])
    expect(members[1]?.cache.getSnapshot('x').error).toBeInstanceOf(Error)
  })

  it('B4: without a transport a member is alone', async () => {
    const { clock, calls, join } = group()
    const tab = join('a', {
      transport: { timing: { beat: 1, lease: 3, grace: 1 }, connect: () => undefined },
    })
    tab.cache.getOrCreate('x')
    await clock.advance(2500)
    expect(tab.cache.stats()).toMatchObject({ role: 'alone', alone: 'no-transport' })
    expect(calls).toHaveLength(3)
  })

  it('K8: members of another version of the items share among themselves', async () => {
    const { clock, join, members } = await trio()
    const others = ['y', 'z'].map((name) => join(name, { version: '2' }))
    for (const { cache } of [...members, ...others]) cache.getOrCreate('x')
    await clock.advance(2500)
    expect(roles(others)).toEqual(['leader', 'follower'])
    expect(members[1]?.cache.stats().dropped.version).toBeGreaterThan(0)
  })

  it('K17: status is the leader’s, the state the member’s own', async () => {
    let isDown = false
    const { clock, members } = await trio({
      answer: (batch) => {
        if (isDown) throw new Error('down')
        return batch.map(({ id }) => ({ id, item: running(1) }))
      },
    })
    for (const { cache } of members) cache.getOrCreate('x')
    let told = 0
    members[1]?.cache.subscribeStatus(() => (told += 1))
    await clock.advance(2500)
    isDown = true
    await clock.advance(5000)
    expect(members[1]?.cache.getStatus()).toMatchObject({ state: 'running', isOutage: true })
    expect(told).toBeGreaterThan(0)
  })
})
