// Of the twelve situations that went wrong elsewhere, those that concern every group. Where each is: README.md beside this file.
import type { SyncResponse } from '@auto-refresh/core'
import { GroupError } from '@auto-refresh/share'
import { describe, expect, it } from 'vitest'
import { group, running, type Job, type Member } from './group.ts'

const LEASE = 6000
const BEAT = 2000
const MINUTE = 60_000

const roles = (members: readonly Member[]) => members.map(({ cache }) => cache.stats().role)

function answerTo(ids: readonly string[], step: number): readonly SyncResponse<Job>[] {
  return ids.map((id) => ({ id, item: running(step) }))
}

describe('situations', () => {
  it('Somebody else’s cookie (K9): no tab of A holds anything of B’s answer, and both are cleared', async () => {
    let cookie = 'A'
    let user: string | undefined = 'A'
    const { clock, calls, join } = group({
      answer: (batch) => {
        const ids = batch.map(({ id }) => id)
        // The server answers by the cookie: of A's ids B has one, and not the others. The page compares the user.
        if (cookie === 'B' && user === 'A') throw new GroupError()
        return answerTo(ids, cookie === 'A' ? 1 : 2)
      },
    })
    const members = ['a', 'b'].map((name) => join(name, { group: () => user }))
    const seen: unknown[] = []
    for (const { cache } of members) {
      for (const id of ['x', 'y']) cache.subscribe(id, () => {}, { create: true })
    }
    await clock.advance(500)
    expect(roles(members)).toEqual(['leader', 'follower'])
    expect(members.map(({ cache }) => cache.get('x')?.step)).toEqual([1, 1])
    for (const { cache } of members) {
      cache.onEvent((event) => {
        if (event.type === 'updated' || event.type === 'deleted') seen.push(event)
      })
      cache.subscribe('x', () => seen.push(cache.getSnapshot('x').error))
    }
    cookie = 'B'
    await clock.advance(3000)
    expect(roles(members)).toEqual(['out', 'out'])
    expect(members.map(({ cache }) => cache.get('x'))).toEqual([undefined, undefined])
    expect(seen.filter((each) => each !== undefined)).toEqual(
      expect.not.arrayContaining([expect.objectContaining({ reason: 'gone' }), expect.any(Error)]),
    )
    expect(JSON.stringify(seen)).not.toContain('"step":2')
    const asked = calls.length
    await clock.advance(MINUTE)
    expect(calls.length).toBe(asked)

    user = 'B'
    await clock.advance(3000)
    expect(members.map(({ cache }) => cache.get('x')?.step)).toEqual([2, 2])
  })

  it('Only the leader is ill (K18): another leads within the lease and a second, and an outage costs a call a minute', async () => {
    const outage = { isOn: false, ill: '' }
    const down = (by: string): boolean => outage.isOn || by === outage.ill
    const answer = (batch: readonly { id: string }[], { by }: { by: string }) => {
      if (down(by)) throw Object.assign(new Error('401'), { status: 401 })
      return answerTo(
        batch.map(({ id }) => id),
        1,
      )
    }
    const { clock, calls, join } = group({ answer })
    const members = ['a', 'b', 'c'].map((name) => join(name))
    for (const { cache } of members) cache.getOrCreate('x')
    const single = group({ answer })
    single.join('alone').cache.getOrCreate('x')
    await Promise.all([clock.advance(2500), single.clock.advance(2500)])
    outage.ill = 'a'
    // The first call that fails, and the lease.
    await clock.advance(1000 + LEASE + 1000)
    expect(roles(members)[0]).not.toBe('leader')
    expect(roles(members)).toContain('leader')
    await clock.advance(1500)
    const fresh = (): void => {
      for (const { cache } of members) {
        const { failureCount, refreshedAt = 0 } = cache.getSnapshot('x')
        expect(failureCount).toBe(0)
        expect(clock.epoch() - refreshedAt).toBeLessThanOrEqual(1100)
      }
    }
    fresh()
    await clock.advance(MINUTE)
    fresh()

    outage.isOn = true
    const [before, alone] = [calls.length, single.calls.length]
    await clock.advance(10 * MINUTE)
    await single.clock.advance(10 * MINUTE)
    expect(calls.length - before).toBeLessThanOrEqual(single.calls.length - alone + 10)
  })

  it('Waking (K7): five tabs miss an hour, and one call an item follows; nobody pokes, steals or is alone', async () => {
    const { clock, bus, calls, join } = group()
    const silences: number[] = []
    const members: Member[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      const transport = bus.transport(name)
      const connect: typeof transport.connect = (key, events) => {
        const connection = transport.connect(key, events)
        return connection && { ...connection, leaderSilent: (silence) => silences.push(silence) }
      }
      members.push(join(name, { transport: { ...transport, connect } }))
      await clock.advance(300)
    }
    for (const { cache } of members) for (const id of ['x', 'y']) cache.getOrCreate(id)
    const told: string[] = []
    for (const { cache } of members) cache.onEvent(({ type }) => type === 'role' && told.push(type))
    // Shortly after a beat: the followers' timers are due before the leader's next one.
    await clock.advance(3 * BEAT - clock.now() + 100)
    const before = calls.length
    clock.freeze(3_600_000)
    await clock.advance(300)
    expect(roles(members)).toEqual(['leader', 'follower', 'follower', 'follower', 'follower'])
    await clock.advance(600)
    const ids = calls.slice(before).flatMap((call) => call.ids)
    expect(ids.sort()).toEqual(['x', 'y'])
    await clock.advance(10_000)
    expect(told).toEqual([])
    expect(silences).toEqual([])
  })

  it('Beats but does not listen (K7): alone within the lease, with a value; following a beat after it heals', async () => {
    let isDeaf = false
    const { clock, join } = group({
      bus: {
        loses: (message) =>
          isDeaf && message.type === 'ask' && message.add?.some(({ id }) => id === 'new') === true,
      },
    })
    const members = ['a', 'b'].map((name) => join(name))
    const [, follower] = members
    for (const { cache } of members) cache.getOrCreate('x')
    await clock.advance(2000)
    isDeaf = true
    follower?.cache.getOrCreate('new')
    await clock.advance(LEASE + 100)
    expect(follower?.cache.stats()).toMatchObject({ role: 'alone', alone: 'leader-deaf' })
    expect(follower?.cache.get('new')).toEqual(running())
    isDeaf = false
    await clock.advance(BEAT + 100)
    expect(roles(members)).toEqual(['leader', 'follower'])
  })
})
