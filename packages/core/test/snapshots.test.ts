import { lru, expiry, type AutoRefresh, type ItemSnapshot } from '@auto-refresh/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { untyped } from './scheduling.ts'
import { done, running, stepped, world, type Job } from './world.ts'

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

  it('O1: changes of another item change nothing in a snapshot', async () => {
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

  it('O1: looking at a terminal item, or asking for one that is being refreshed, makes no new snapshot', async () => {
    const w = world({ answer: () => 'wait', isTerminal: (job) => job.done })
    w.cache.start().getOrCreate('ended', done())
    w.cache.getOrCreate('a', running())
    await w.clock.advance(0)
    const [ended, inCall] = [w.cache.getSnapshot('ended'), w.cache.getSnapshot('a')]
    w.cache.subscribe('ended', () => undefined)()
    void w.cache.refresh('a')
    expect(w.cache.getSnapshot('ended')).toBe(ended)
    expect(w.cache.getSnapshot('a')).toBe(inCall)
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
      policies: [lru(1), expiry({ terminalTtl: 10 })],
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
  pend: (cache) => cache.getOrCreate('a'),
  clear: (cache) => cache.clear(),
  pause: (cache) => cache.pause(),
  resume: (cache) => cache.resume(),
}

describe('whatever happens', () => {
  it('O1: a snapshot is another object exactly if something in it is different', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.constantFrom(...Object.keys(steps), 'visit', 'leave'),
            fc.constantFrom(0, 0, 1, 400, 1000, 3000),
          ),
        ),
        async (plan) => {
          let count = 0
          const { cache, clock } = world({
            isTerminal: (job) => job.done,
            policies: [expiry({ maxAge: 2500 })],
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
          const visits: (() => void)[] = []
          cache.start()
          for (const [step, ms] of plan) {
            if (step === 'visit') visits.push(cache.subscribe('a', () => {}, { create: true }))
            else if (step === 'leave') visits.pop()?.()
            else steps[step]?.(cache)
            look()
            await clock.advance(ms)
            look()
          }
          await cache.stop()
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('requests and calls that change nothing', () => {
  it('O1, S8: an item that is due already and is asked for keeps its snapshot', async () => {
    const { cache, clock, calls } = world({ concurrency: 1, batchSize: 1, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(10)
    expect(calls).toHaveLength(1)
    const waiting = cache.getSnapshot('b')
    void cache.refresh('b')
    expect(cache.getSnapshot('b')).toBe(waiting)
  })

  it('O1: after a stop the snapshot tells no time of a request that is dropped', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(100)
    const cached = w.cache.getSnapshot('a')
    void w.cache.refresh('a')
    expect(w.cache.getSnapshot('a')).not.toBe(cached)
    void w.cache.stop()
    const shown = w.cache.getSnapshot('a').nextRefreshAt
    w.cache.update('a', running(1))
    expect(w.cache.getSnapshot('a').nextRefreshAt).toBe(shown)
  })

  it('O1: the end of a call that a stop has aborted makes no new snapshot', async () => {
    const w = world({ answer: () => 'wait', interval: Infinity, syncOnCreate: true })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    w.cache.update('a', running(1))
    void w.cache.stop()
    const shown = w.cache.getSnapshot('a')
    w.lastCall().answer([])
    await w.clock.advance(0)
    const after = w.cache.getSnapshot('a')
    expect(after === shown).toBe(after.nextRefreshAt === shown.nextRefreshAt)
  })
})
