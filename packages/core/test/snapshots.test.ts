import type { AutoRefresh, ItemSnapshot } from '@auto-refresh/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { untyped } from './scheduling-helpers.ts'
import { done, running, stepped, world, type Job } from './world.ts'

const EPOCH = 1_000_000

describe('nextRefreshAt of a new item', () => {
  it('O1, S1: is the end of its batch window', () => {
    const { cache } = world({ batchWindow: 50 })
    cache.start().getOrCreate('a', running())
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(1_000_050)
  })
})

describe('the same object', () => {
  it('O1: getSnapshot returns the same object as long as nothing happens', () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    expect(cache.getSnapshot('a')).toBe(cache.getSnapshot('a'))
  })

  it('O1: time alone changes nothing in a snapshot', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const before = cache.getSnapshot('a')
    await clock.advance(999)
    expect(cache.getSnapshot('a')).toBe(before)
  })

  it('O1: reading, subscribing and leaving change nothing in a snapshot', () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    const before = cache.getSnapshot('a')
    cache.get('a')
    cache.getOrThrow('a')
    cache.getOrCreate('a', running(7))
    cache.has('a')
    cache.inProcessing('a')
    cache.stats()
    cache.subscribe('a', () => {})()
    cache.subscribe('a', () => {}, { activity: true })()
    cache.onEvent(() => {})()
    expect(cache.getSnapshot('a')).toBe(before)
  })

  it('O1: what happens to another item changes nothing in a snapshot', async () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    const before = cache.getSnapshot('a')
    cache.getOrCreate('b', running())
    cache.update('b', running(1))
    cache.deleteDelayed('b')
    cache.delete('b')
    expect(cache.getSnapshot('a')).toBe(before)
  })

  it('O1: a subscriber with activity and one without see the same object', async () => {
    const { cache, clock } = world({ answer: stepped })
    const seen: ItemSnapshot<Job>[] = []
    cache.getOrCreate('a', running())
    cache.subscribe('a', () => seen.push(cache.getSnapshot('a')))
    cache.subscribe('a', () => seen.push(cache.getSnapshot('a')), { activity: true })
    cache.update('a', running(1))
    await clock.advance(0)
    expect(seen).toHaveLength(2)
    expect(seen[0]).toBe(seen[1])
  })

  it('O1: every change makes another object', async () => {
    const { cache, clock } = world({ answer: stepped })
    const seen = new Set([cache.getSnapshot('a')])
    const look = (): number => seen.add(cache.getSnapshot('a')).size
    cache.getOrCreate('a', running())
    expect(look()).toBe(2)
    cache.update('a', running(1))
    expect(look()).toBe(3)
    cache.start()
    await clock.advance(0)
    expect(look()).toBe(4)
    cache.deleteDelayed('a')
    expect(look()).toBe(5)
  })

  it('O1: an old snapshot stays as it was', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const before = cache.getSnapshot('a')
    const copy = { ...before }
    cache.deleteDelayed('a')
    cache.update('a', done())
    cache.delete('a')
    expect(before).toEqual(copy)
    expect(cache.getSnapshot('a')).not.toBe(before)
  })
})

describe('an absent id', () => {
  it('O1: for absent ids it is one constant', () => {
    const { cache } = world()
    expect(cache.getSnapshot('a')).toBe(cache.getSnapshot('b'))
    expect(cache.getSnapshot('')).toBe(cache.getSnapshot('__proto__'))
    expect(cache.getSnapshot('a')).toBe(cache.getSnapshot('constructor'))
  })

  it('O1: the constant says that nothing is there', () => {
    expect(world().cache.getSnapshot('a')).toEqual({
      status: 'missing',
      item: undefined,
      isDeleting: false,
      error: undefined,
      failureCount: 0,
      isRefreshing: false,
      unchangedCount: 0,
      createdAt: undefined,
      changedAt: undefined,
      refreshedAt: undefined,
      nextRefreshAt: undefined,
    })
  })

  it('O1: it is the same before the creation and after the deletion', () => {
    const { cache } = world()
    const constant = cache.getSnapshot('a')
    cache.getOrCreate('a', running())
    cache.delete('a')
    expect(cache.getSnapshot('a')).toBe(constant)
  })

  it('O1: it is the same for an absent id that has a subscriber', () => {
    const { cache } = world()
    cache.subscribe('a', () => {}, { activity: true })
    expect(cache.getSnapshot('a')).toBe(cache.getSnapshot('b'))
    cache.deleteDelayed('a')
    expect(cache.getSnapshot('a')).toBe(cache.getSnapshot('b'))
  })

  it('O1: it is the same after every way that an item can go', async () => {
    const { cache, clock } = world({
      capacity: 1,
      terminalTtl: 10,
      isTerminal: (job) => job.done,
      answer: (batch) => batch.map(({ id }) => ({ id, action: 'delete' })),
    })
    const constant = cache.getSnapshot('never')
    cache.getOrCreate('evicted', running())
    cache.getOrCreate('gone', running())
    expect(cache.getSnapshot('evicted')).toBe(constant)
    cache.start()
    await clock.advance(0)
    expect(cache.getSnapshot('gone')).toBe(constant)
    cache.getOrCreate('old', done())
    await clock.advance(10)
    expect(cache.getSnapshot('old')).toBe(constant)
  })

  it('O1: asking for a snapshot creates nothing', () => {
    const { cache } = world()
    cache.getSnapshot('a')
    expect(cache.has('a')).toBe(false)
    expect(cache.size).toBe(0)
    expect([...cache.ids()]).toEqual([])
  })

  it('O1, L7: an id that is not a string is a TypeError', () => {
    const { cache } = world()
    for (const id of [undefined, null, 1, {}, Symbol('a')]) {
      expect(() => cache.getSnapshot(untyped(id))).toThrow(TypeError)
    }
  })
})

describe('what a snapshot says', () => {
  it('O1: of a new item: active, never failed, created now', async () => {
    const { cache, clock } = world()
    await clock.advance(5)
    const item = running()
    cache.getOrCreate('a', item)
    expect(cache.getSnapshot('a')).toMatchObject({
      status: 'active',
      isDeleting: false,
      error: undefined,
      failureCount: 0,
      isRefreshing: false,
      unchangedCount: 0,
      createdAt: EPOCH + 5,
      refreshedAt: undefined,
    })
    expect(cache.getSnapshot('a').item).toBe(item)
  })

  it('O1: the item is the reference that was given, neither copied nor frozen', () => {
    const { cache } = world<{ list: number[] }>()
    const item = { list: [1] }
    cache.getOrCreate('a', item)
    expect(cache.getSnapshot('a').item).toBe(item)
    expect(Object.isFrozen(item)).toBe(false)
    expect(Object.isFrozen(item.list)).toBe(false)
  })

  it('O1: any string is an id', () => {
    const { cache } = world()
    for (const id of ['', '__proto__', 'constructor', 'toString', 'x'.repeat(10_000)]) {
      cache.getOrCreate(id, running(id.length))
      expect(cache.getSnapshot(id).item).toEqual(running(id.length))
    }
  })

  it('O1: changedAt is when the item last got a new value, whoever gave it', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.getOrCreate('a', running())
    await clock.advance(10)
    cache.update('a', running(1))
    expect(cache.getSnapshot('a').changedAt).toBe(EPOCH + 10)
    await clock.advance(10)
    cache.ingest([{ id: 'a', item: running(2) }])
    expect(cache.getSnapshot('a').changedAt).toBe(EPOCH + 20)
    await clock.advance(10)
    cache.start()
    await clock.advance(1020)
    expect(cache.getSnapshot('a').changedAt).toBe(EPOCH + 1020)
  })

  it('O1: a refresh that changes nothing moves refreshedAt, not changedAt', async () => {
    const { cache, clock } = world({ answer: (batch, call) => (call.at === 0 ? stepped(batch) : batch) })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    expect(cache.getSnapshot('a')).toMatchObject({
      item: running(1),
      changedAt: EPOCH,
      refreshedAt: EPOCH + 1000,
    })
  })

  it('O1: a failure does not move refreshedAt', async () => {
    const { cache, clock } = world({
      answer: (batch, call) => {
        if (call.at > 0) throw new Error('down')
        return stepped(batch)
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 1, refreshedAt: EPOCH, changedAt: EPOCH })
  })

  it('O1: error and failureCount are of the last settled sync, and go with a success', async () => {
    const errors = [new Error('first'), new Error('second')]
    const { cache, clock, lastCall } = world({ answer: () => 'wait', retry: { factor: 1 } })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    for (const [index, error] of errors.entries()) {
      lastCall().fail(error)
      await clock.advance(0)
      expect(cache.getSnapshot('a').error).toBe(error)
      expect(cache.getSnapshot('a').failureCount).toBe(index + 1)
      await clock.advance(1000)
      expect(cache.getSnapshot('a').error).toBe(error)
    }
    lastCall().answer([{ id: 'a', action: 'unchanged' }])
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ error: undefined, failureCount: 0 })
  })

  it('O1: isRefreshing is true in a running sync call, and only there', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    expect(cache.getSnapshot('a').isRefreshing).toBe(false)
    await clock.advance(0)
    expect(cache.getSnapshot('a').isRefreshing).toBe(true)
    lastCall().answer([])
    await clock.advance(0)
    expect(cache.getSnapshot('a').isRefreshing).toBe(false)
  })

  it('O1: isRefreshing ends with a failure and with a timeout, too', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait', timeout: 100 })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    lastCall().fail(new Error('down'))
    await clock.advance(0)
    expect(cache.getSnapshot('a').isRefreshing).toBe(false)
    await clock.advance(1000)
    expect(cache.getSnapshot('a').isRefreshing).toBe(true)
    await clock.advance(100)
    expect(cache.getSnapshot('a').isRefreshing).toBe(false)
  })

  it('O1: unchangedCount counts the syncs in a row that changed nothing', async () => {
    const { cache, clock } = world({
      answer: (batch, call) => (call.at === 2000 ? stepped(batch) : [...batch]),
    })
    cache.start().getOrCreate('a', running())
    const counts: number[] = []
    for (let call = 0; call < 5; call++) {
      await clock.advance(call === 0 ? 0 : 1000)
      counts.push(cache.getSnapshot('a').unchangedCount)
    }
    expect(counts).toEqual([1, 2, 0, 1, 2])
  })

  it('O1: isDeleting is true once deleteDelayed was called', () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    expect(cache.getSnapshot('a').isDeleting).toBe(false)
    cache.deleteDelayed('a')
    expect(cache.getSnapshot('a')).toMatchObject({ isDeleting: true, status: 'active', item: running() })
  })

  it('O1: a status is active, terminal, expired or missing', async () => {
    const { cache, clock } = world({ isTerminal: (job) => job.done, maxAge: 500 })
    cache.start()
    expect(cache.getSnapshot('a').status).toBe('missing')
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', done())
    expect(cache.getSnapshot('a').status).toBe('active')
    expect(cache.getSnapshot('b').status).toBe('terminal')
    await clock.advance(500)
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'expired', item: running() })
    expect(cache.getSnapshot('b').status).toBe('terminal')
  })

  it('O1: a status follows a local update and a sync', async () => {
    const { cache, clock } = world({
      isTerminal: (job) => job.done,
      answer: (batch) => batch.map(({ id }) => ({ id, item: done() })),
    })
    cache.getOrCreate('a', done())
    cache.update('a', running())
    expect(cache.getSnapshot('a').status).toBe('active')
    cache.start()
    await clock.advance(1000)
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'terminal', item: done() })
  })

  it('O1: nextRefreshAt is when the next refresh is planned, by the wall clock', async () => {
    const { cache, clock } = world()
    await clock.advance(50)
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(EPOCH + 1050)
    await clock.advance(1000)
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(EPOCH + 2050)
  })

  it('O1: nextRefreshAt follows an ingest', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(400)
    cache.ingest([{ id: 'a', action: 'unchanged' }])
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(EPOCH + 1400)
  })

  it('O1: nextRefreshAt is undefined where none is planned', async () => {
    const { cache, clock } = world({ isTerminal: (job) => job.done, interval: Infinity })
    cache.start()
    cache.getOrCreate('terminal', done())
    cache.getOrCreate('once', running())
    await clock.advance(0)
    expect(cache.getSnapshot('terminal').nextRefreshAt).toBeUndefined()
    expect(cache.getSnapshot('once').nextRefreshAt).toBeUndefined()
  })

  it('O1: createdAt survives every write, and is new after a delete and re-create', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.start().getOrCreate('a', running())
    await clock.advance(1500)
    cache.update('a', running())
    expect(cache.getSnapshot('a').createdAt).toBe(EPOCH)
    cache.delete('a')
    cache.getOrCreate('a', running())
    expect(cache.getSnapshot('a')).toMatchObject({ createdAt: EPOCH + 1500, refreshedAt: undefined })
  })

  it('O1: a re-created item knows nothing of its former life', async () => {
    const { cache, clock } = world({
      answer: (batch) => batch.map(({ id }) => ({ id, action: 'fail', error: 1 })),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.deleteDelayed('a')
    cache.delete('a')
    cache.getOrCreate('a', running())
    expect(cache.getSnapshot('a')).toMatchObject({ isDeleting: false, error: undefined, failureCount: 0 })
  })

  it('O1: setting the wall clock does not rewrite createdAt', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    await clock.advance(10)
    clock.setEpoch(5)
    expect(cache.getSnapshot('a').createdAt).toBe(EPOCH)
    cache.update('a', running(1))
    expect(cache.getSnapshot('a')).toMatchObject({ createdAt: EPOCH, changedAt: 5 })
  })

  it('O1, S2: the interval function gets the snapshot as it is after the sync', async () => {
    const seen: ItemSnapshot<Job>[] = []
    const { cache, clock } = world({
      answer: stepped,
      interval: (snapshot) => {
        seen.push(snapshot)
        return 1000
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(seen).toMatchObject([
      { status: 'active', item: running(1), refreshedAt: EPOCH, isRefreshing: false },
    ])
  })
})

type Step = (cache: AutoRefresh<Job>) => void
const steps: Record<string, Step> = {
  create: (cache) => cache.getOrCreate('a', running()),
  createDone: (cache) => cache.getOrCreate('a', done()),
  update: (cache) => cache.update('a', running(2)),
  finish: (cache) => cache.update('a', done(2)),
  updateSame: (cache) => cache.update('a', cache.get('a') ?? running(3)),
  delete: (cache) => cache.delete('a'),
  mark: (cache) => cache.deleteDelayed('a'),
  push: (cache) => cache.ingest([{ id: 'a', item: running(4) }]),
  pushUnchanged: (cache) => cache.ingest([{ id: 'a', action: 'unchanged' }]),
  pushFail: (cache) => cache.ingest([{ id: 'a', action: 'fail', error: 'pushed' }]),
  refresh: (cache) => void cache.refresh('a').catch(() => {}),
  start: (cache) => cache.start(),
  stop: (cache) => void cache.stop(),
  subscribe: (cache) => cache.subscribe('a', () => {}),
}

describe('whatever happens', () => {
  it('O1: a snapshot is another object exactly where something in it is different', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.constantFrom(0, 0, 1, 400, 1000, 3000))),
        async (plan) => {
          let count = 0
          const { cache, clock } = world({
            isTerminal: (job) => job.done,
            maxAge: 2500,
            answer: (batch) => {
              count += 1
              if (count % 4 === 0) throw new Error('down')
              return count % 2 === 0 ? stepped(batch) : []
            },
          })
          let before = cache.getSnapshot('a')
          let copy = { ...before }
          const look = (): void => {
            const now = cache.getSnapshot('a')
            expect(before).toEqual(copy)
            if (now !== before) {
              const changed = Object.keys(now).filter(
                (key) => !Object.is(Reflect.get(now, key), Reflect.get(copy, key)),
              )
              expect(changed).not.toEqual([])
            }
            before = now
            copy = { ...now }
          }
          cache.start()
          for (const [step, ms] of plan) {
            steps[step]?.(cache)
            look()
            await clock.advance(ms)
            look()
          }
          await cache.stop()
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('what changes no time', () => {
  it('O1, S8: an item that is due already and is asked for keeps its snapshot', async () => {
    const { cache, clock, calls } = world({ parallelism: 1, batchSize: 1, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(10)
    expect(calls).toHaveLength(1)
    const waiting = cache.getSnapshot('b')
    void cache.refresh('b')
    expect(cache.getSnapshot('b')).toBe(waiting)
  })
})
