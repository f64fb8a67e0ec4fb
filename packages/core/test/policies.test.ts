import {
  customBatches,
  expiry,
  InMemoryAutoRefresh,
  lru,
  rateLimit,
  type Policy,
  type PolicyHooks,
  type PolicyHost,
  type PolicyItem,
} from '@auto-refresh/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAll, log, oneEach, times, untyped } from './scheduling.ts'
import { captureReports, done, running, unchanged, world, type Job } from './world.ts'

let captured: ReturnType<typeof captureReports>
beforeEach(() => {
  captured = captureReports()
})
afterEach(() => captured.restore())

/** Returns a policy, and the host that it got. */
function hosted(hooks: (host: PolicyHost) => PolicyHooks<unknown>): {
  readonly policy: Policy
  readonly hosts: PolicyHost[]
} {
  const hosts: PolicyHost[] = []
  return {
    hosts,
    policy: (host) => {
      hosts.push(host)
      return hooks(host)
    },
  }
}

const nothing = (): void => {}
const error = new Error('policy')
const throws = (): never => {
  throw error
}

describe('a policy', () => {
  it('C3: is called once, by the constructor', async () => {
    const { policy, hosts } = hosted(() => ({}))
    const w = world({ policies: [policy] })
    expect(hosts).toHaveLength(1)
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(2000)
    await w.cache.stop()
    w.cache.start()
    expect(hosts).toHaveLength(1)
  })

  it('C3: has a state of its own in each cache, so that caches may share an options object', () => {
    const options = { sync: unchanged, interval: 1000, policies: [lru(1)] }
    const caches = [new InMemoryAutoRefresh(options), new InMemoryAutoRefresh(options)]
    for (const cache of caches) cache.getOrCreate('a', running())
    for (const cache of caches) cache.getOrCreate('b', running())
    expect(caches.map((cache) => Array.from(cache.ids()))).toEqual([['b'], ['b']])
  })

  it('C3: a second `batches` is a TypeError from the constructor', () => {
    expect(() => world({ policies: [customBatches((due) => [due]), () => ({ batches: () => [] })] })).toThrow(
      TypeError,
    )
  })

  it('L7: a policy that returns no hooks is a TypeError from the constructor', () => {
    for (const hooks of [undefined, null, 5]) {
      expect(() => world({ policies: [() => untyped(hooks)] })).toThrow(TypeError)
    }
  })

  it('C3: its host knows the name, the size and both clocks', async () => {
    let seen: unknown
    const { policy } = hosted((host) => ({
      wakeAt: () => (seen === undefined ? 1500 : Infinity),
      run: () => (seen ??= [host.name, host.size(), host.now(), host.epoch()]),
    }))
    const w = world({ name: 'jobs', policies: [policy] })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(1500)
    expect(seen).toEqual(['jobs', 2, 1500, w.clock.epoch()])
  })
})

describe('admit', () => {
  it('C3: every policy must agree', () => {
    const refused: string[] = []
    const of = (forbidden: string): Policy => {
      return () => ({
        admit: (id) => {
          if (id === forbidden) throw new Error(`no ${id}`)
        },
      })
    }
    const { cache, events } = world({ policies: [of('a'), of('b')] })
    for (const id of ['a', 'b', 'c']) {
      try {
        cache.getOrCreate(id, running())
      } catch (thrown) {
        refused.push(String(thrown))
      }
    }
    expect(refused).toEqual(['Error: no a', 'Error: no b'])
    expect(events.map((event) => ('id' in event ? event.id : event.type))).toEqual(['c'])
    expect(captured.reports).toEqual([])
  })

  it('C3: is asked for new items only, and told if they are the application’s', () => {
    const asked: unknown[] = []
    const { cache } = world({ policies: [() => ({ admit: (...given) => void asked.push(given) })] })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('a', running())
    cache.getOrCreate('b')
    cache.subscribe('c', nothing, { create: true })
    cache.subscribe('c', nothing, { create: true })
    cache.ingest([{ id: 'd', item: running() }], { create: true })
    expect(asked).toEqual([
      ['a', true],
      ['b', true],
      ['c', false],
      ['d', true],
    ])
  })

  it('C3, P9: its error is thrown by the method that wanted to create the item, and nothing is created', () => {
    const { cache } = world({ policies: [() => ({ admit: throws })] })
    expect(() => cache.getOrCreate('a')).toThrow(error)
    expect(() => cache.subscribe('a', nothing, { create: true })).toThrow(error)
    expect(() => cache.ingest([{ id: 'a', item: running() }], { create: true })).toThrow(error)
    expect(cache.size).toBe(0)
    expect(cache.stats().subscribers).toBe(0)
  })
})

describe('startAt', () => {
  it('C3: the latest of several wins', async () => {
    const w = world({
      interval: Infinity,
      policies: [
        () => ({ startAt: () => 300 }),
        () => ({ startAt: () => 700 }),
        () => ({ startAt: () => 500 }),
      ],
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(2000)
    expect(times(w.calls)).toEqual([700])
  })

  it('C4: holds calls by the clock; with isAsked it is asked for calls that are asked for', async () => {
    const w = world({ policies: [() => ({ startAt: (_, isAsked) => (isAsked ? 0 : 5000) })] })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(100)
    expect(w.calls).toEqual([])
    await Promise.all([w.cache.refresh('a'), w.clock.advance(0)])
    await w.clock.advance(5900)
    expect(times(w.calls)).toEqual([100, 5000, 6000])
  })

  it('C4: a policy can hold requested calls', async () => {
    const w = world({ policies: [() => ({ startAt: (_, isAsked) => (isAsked ? 400 : 0) })] })
    w.cache.start().getOrCreate('a', running())
    void w.cache.refresh('a')
    await w.clock.advance(399)
    expect(w.calls).toEqual([])
    await w.clock.advance(1)
    expect(times(w.calls)).toEqual([400])
  })

  it('C4: Infinity holds for good, without a timer', async () => {
    const w = world({ policies: [() => ({ startAt: () => Infinity })] })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(100_000)
    expect([w.calls.length, w.clock.timers]).toEqual([0, 0])
  })

  it('C4: is told of the calls that start and settle', async () => {
    const told: string[] = []
    const w = world({
      policies: [
        () => ({
          callStarted: (now) => void told.push(`${now} started`),
          callSettled: (now, isFailed) => void told.push(`${now} ${isFailed ? 'failed' : 'succeeded'}`),
        }),
      ],
      answer: () => 'wait',
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(50)
    w.lastCall().answer([])
    await w.clock.advance(1000)
    w.lastCall().fail(error)
    await w.clock.advance(0)
    expect(told).toEqual(['0 started', '50 succeeded', '1050 started', '1050 failed'])
  })
})

describe('run', () => {
  /** Returns a policy that wants to run at these times, and when it ran. */
  function runner(...wanted: number[]): { readonly policy: Policy; readonly ran: number[] } {
    const ran: number[] = []
    return {
      ran,
      policy: () => ({
        wakeAt: () => wanted[0] ?? Infinity,
        run: (now) => {
          ran.push(now)
          wanted.shift()
        },
      }),
    }
  }

  it('C4: is called when wakeAt has come', async () => {
    const { policy, ran } = runner(250, 4000)
    const w = world({ interval: Infinity, policies: [policy] })
    w.cache.start()
    await w.clock.advance(10_000)
    expect(ran).toEqual([250, 4000])
    expect(w.clock.timers).toBe(0)
  })

  it('C4: is called while the cache runs, at the latest when it starts again', async () => {
    const { policy, ran } = runner(250, 700)
    const w = world({ policies: [policy] })
    w.cache.start()
    await w.clock.advance(300)
    await w.cache.stop()
    await w.clock.advance(1000)
    expect(ran).toEqual([250])
    w.cache.start()
    await w.clock.advance(0)
    expect(ran).toEqual([250, 1300])
  })

  it('L5, C4: shares the one timer', async () => {
    const { policy } = runner(500)
    const w = world({ policies: [policy, expiry({ maxAge: 5000 }), rateLimit({ calls: 1, per: 1000 })] })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(100)
    expect(w.clock.timers).toBe(1)
  })

  it('C3: may evict, expire and remove items', async () => {
    const items = new Map<string, PolicyItem>()
    const { policy } = hosted((host) => ({
      changed: (item) => void items.set(item.id, item),
      wakeAt: () => (items.size > 0 ? 100 : Infinity),
      run: () => {
        for (const [id, item] of items) {
          if (id === 'evict') host.evict(item)
          if (id.startsWith('expire')) host.expire(item)
          if (id === 'remove') host.remove(item, 'gone')
        }
        items.clear()
      },
    }))
    const w = world({ syncOnCreate: false, policies: [policy] })
    w.cache.start()
    createAll(w.cache, ['evict', 'expire', 'remove', 'keep'])
    w.events.length = 0
    await w.clock.advance(100)
    expect(w.events).toEqual([
      { type: 'evicted', id: 'evict', item: running() },
      { type: 'expired', id: 'expire', item: running() },
      { type: 'deleted', id: 'remove', item: running(), reason: 'gone' },
    ])
    expect(w.cache.stats().evictions).toBe(1)
    expect([...w.cache.ids()]).toEqual(['expire', 'keep'])
  })

  it('C3: its action on an item that was removed since, or has ended, has no effect', async () => {
    const items: PolicyItem[] = []
    const { policy } = hosted((host) => ({
      changed: (item) => void items.push(item),
      wakeAt: () => (items.length > 0 ? 100 : Infinity),
      run: () => {
        for (const item of items.splice(0)) {
          if (item.id === 'again') host.remove(item, 'gone')
          else host.expire(item)
        }
      },
    }))
    const w = world({ syncOnCreate: false, isTerminal: (job) => job.done, policies: [policy] })
    w.cache.getOrCreate('again', running())
    w.cache.delete('again')
    const [removed] = items.splice(0)
    w.cache.getOrCreate('again', running(2))
    w.cache.getOrCreate('over', done())
    items.splice(0, 1, ...(removed === undefined ? [] : [removed]))
    w.events.length = 0
    w.cache.start()
    await w.clock.advance(200)
    expect(w.events.map(({ type }) => type)).toEqual(['started'])
    expect([w.cache.get('again'), w.cache.getSnapshot('over').status]).toEqual([running(2), 'terminal'])
  })

  it('P6, C3: to expire a pending item removes it', async () => {
    let pending: PolicyItem | undefined
    const { policy } = hosted((host) => ({
      changed: (item) => (pending ??= item),
      wakeAt: () => (pending?.status === 'pending' ? 100 : Infinity),
      run: () => pending !== undefined && host.expire(pending),
    }))
    const w = world({ policies: [policy], answer: () => 'wait' })
    w.cache.start().getOrCreate('a')
    await w.clock.advance(100)
    expect(w.events.at(-1)).toEqual({ type: 'deleted', id: 'a', item: undefined, reason: 'expired' })
  })
})

describe('policies that are wrong or combined', () => {
  it.each([
    ['null', () => null],
    ['undefined', () => undefined],
    ['1', () => 1],
  ])('L7: a policy that returns %s is named by the TypeError', (value, policy) => {
    expect(() => world({ policies: [lru(3), untyped(policy)] })).toThrow(
      new TypeError(`policies[1] must return an object of hooks, got ${value}`),
    )
  })

  it('C3: the batches of a policy count beside other policies, wherever it stands', async () => {
    const { cache, clock, calls } = world({ policies: [lru(3), customBatches(oneEach)] })
    createAll(cache.start(), ['a', 'b'])
    await clock.advance(0)
    expect(log(calls).sort()).toEqual(['0 a', '0 b'])
  })

  it("W9, W14: `ingest` with `create` is no use of an item that is the application's already", () => {
    const changed: string[] = []
    const policy: Policy = () => ({ changed: ({ id }) => void changed.push(id) })
    const { cache } = world<Job>({ policies: [policy] })
    cache.start().getOrCreate('a', running())
    cache.subscribe('b', () => {}, { initialItem: running() })
    changed.length = 0
    cache.ingest(
      ['a', 'b'].map((id) => ({ id, item: running(1) })),
      { create: true },
    )
    expect(changed).toEqual(['b'])
  })
})
