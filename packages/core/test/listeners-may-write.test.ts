import {
  expiry,
  lru,
  until,
  watch,
  type AutoRefreshEvent,
  type InMemoryAutoRefresh,
} from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { done, isTerminal, running, stepped, world, type Job, type World } from './world.ts'

type Cache = InMemoryAutoRefresh<Job>
const ignore = (): void => {}

/** Every method of the cache, each as a listener might call it: on the item at hand, and on others. */
const methods: Record<string, (cache: Cache) => unknown> = {
  start: (cache) => cache.start(),
  stop: (cache) => void cache.stop(),
  'stop and start': (cache) => {
    void cache.stop()
    cache.start()
  },
  retain: (cache) => cache.retain()(),
  pause: (cache) => {
    cache.pause()
    cache.resume()
  },
  get: (cache) => cache.get('a'),
  getOrThrow: (cache) => cache.get('a') !== undefined && cache.getOrThrow('a'),
  'getOrCreate of a new id': (cache) => cache.getOrCreate('new', running()),
  'getOrCreate of a pending id': (cache) => cache.getOrCreate('pending'),
  'getOrCreate of the item': (cache) => cache.getOrCreate('a', running()),
  update: (cache) => cache.update('a', running(100)),
  'update to terminal': (cache) => cache.update('a', done(100)),
  delete: (cache) => cache.delete('a'),
  clear: (cache) => cache.clear(),
  'delete and getOrCreate': (cache) => {
    cache.delete('a')
    cache.getOrCreate('a', running(100))
  },
  deleteDelayed: (cache) => cache.deleteDelayed('a'),
  hold: (cache) => cache.hold('a')(),
  refresh: (cache) => void cache.refresh('a').catch(ignore),
  refreshAll: (cache) => void cache.refreshAll().catch(ignore),
  'ingest of a value': (cache) => cache.ingest([{ id: 'a', item: running(100) }]),
  'ingest that creates': (cache) => cache.ingest([{ id: 'new', item: running(100) }], { create: true }),
  'ingest of a deletion': (cache) => cache.ingest([{ id: 'a', action: 'delete' }]),
  'ingest of a failure': (cache) => cache.ingest([{ id: 'a', action: 'fail', error: 'pushed' }]),
  getSnapshot: (cache) => cache.getSnapshot('a'),
  'subscribe and leave': (cache) => cache.subscribe('a', ignore)(),
  'subscribe that creates': (cache) => cache.subscribe('new', ignore, { create: true }),
  subscribeIds: (cache) => cache.subscribeIds(ignore)(),
  subscribeStatus: (cache) => cache.subscribeStatus(ignore)(),
  onEvent: (cache) => cache.onEvent(ignore)(),
  setOptions: (cache) => cache.setOptions({ interval: 1000 }),
  stats: (cache) => cache.stats(),
  until: (cache) => void until(cache, 'a', () => true).catch(ignore),
  watch: (cache) => {
    const reader = watch(cache, 'a')
    void reader.next().then(() => reader.return?.(), ignore)
  },
}

/** A world in which `hook` is called from within one callback. */
type Setting = (hook: () => void) => World<Job>

const fromEvent =
  (type: AutoRefreshEvent<Job>['type'], settings: Parameters<typeof world<Job>>[0] = {}): Setting =>
  (hook) => {
    const all = world({ isTerminal, answer: stepped, ...settings })
    all.cache.onEvent((event) => {
      if (event.type === type) hook()
    })
    return all
  }

/** A world in which a subscription calls the hook. */
const fromListener =
  (subscribe: (cache: Cache, hook: () => void) => unknown): Setting =>
  (hook) => {
    const all = world({ isTerminal, answer: stepped })
    subscribe(all.cache, hook)
    return all
  }

const callbacks: Record<string, Setting> = {
  'the sync function': (hook) =>
    world({
      isTerminal,
      answer: (batch) => {
        hook()
        return stepped(batch)
      },
    }),
  'an asynchronous sync function': (hook) =>
    world({
      isTerminal,
      answer: async (batch) => {
        await Promise.resolve()
        hook()
        return stepped(batch)
      },
    }),
  'a listener': fromListener((cache, hook) => cache.subscribe('a', hook)),
  'a listener with activity': fromListener((cache, hook) => cache.subscribe('a', hook, { activity: true })),
  'a listener of the ids': fromListener((cache, hook) => cache.subscribeIds(hook)),
  'a listener of the status': fromListener((cache, hook) => cache.subscribeStatus(hook)),
  'an event listener, on started': fromEvent('started'),
  'an event listener, on created': fromEvent('created'),
  'an event listener, on updated': fromEvent('updated'),
  'an event listener, on terminal': fromEvent('terminal', {
    answer: (batch) => batch.map(({ id }) => ({ id, item: done() })),
  }),
  'an event listener, on expired': fromEvent('expired', { policies: [expiry({ maxAge: 100 })] }),
  'an event listener, on deleted': fromEvent('deleted', {
    answer: (batch) => batch.map(({ id }) => ({ id, action: 'delete' })),
  }),
  'an event listener, on sync-started': fromEvent('sync-started'),
  'an event listener, on sync-settled': fromEvent('sync-settled'),
}

/** Checks that hold for every cache at rest, and that this one still works. */
async function expectConsistent({ cache, clock, events, calls }: World<Job>): Promise<void> {
  expect(events.filter((event) => event.type === 'callback-error')).toEqual([])
  expect([...cache.ids()]).toHaveLength(cache.size)
  expect(cache.stats()).toMatchObject({ size: cache.size, runningCalls: 0, waitingItems: 0 })
  for (const id of cache.ids()) {
    expect(cache.inProcessing(id)).toBe(false)
    expect(cache.getSnapshot(id)).toMatchObject({ isRefreshing: false, item: cache.get(id) })
  }
  expect(clock.timers).toBeLessThanOrEqual(1)
  cache.start()
  cache.getOrCreate('fresh', running())
  await clock.advance(0)
  expect(calls.filter((call) => call.at === clock.now()).flatMap((call) => call.ids)).toContain('fresh')
  await cache.stop()
  expect(clock.timers).toBe(0)
  expect(cache.stats().runningCalls).toBe(0)
}

describe.each(Object.entries(callbacks))('from %s', (callback, setting) => {
  it.each(Object.entries(methods))(`O3: %s may be called from ${callback}`, async (_, method) => {
    let left = 1
    const thrown: unknown[] = []
    const all = setting(() => {
      left -= 1
      if (left < 0) return
      try {
        method(all.cache)
      } catch (error) {
        thrown.push(error)
      }
    })
    const { cache, clock } = all
    cache.start()
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(0)
    await clock.advance(200)
    if (left > 0) await clock.advance(2800)
    expect(left).toBeLessThanOrEqual(0)
    expect(thrown).toEqual([])
    await clock.advance(1)
    await expectConsistent(all)
  })
})

describe('actions of callbacks', () => {
  it('O3: an item that an event listener deletes stays deleted, whatever the same call brings for it', async () => {
    const { cache, clock, events } = world({ answer: stepped })
    cache.onEvent((event) => {
      if (event.type === 'updated' && event.id !== 'c') cache.delete(event.id === 'a' ? 'b' : 'a')
    })
    cache.start()
    for (const id of ['a', 'b', 'c']) cache.getOrCreate(id, running())
    await clock.advance(0)
    expect(cache.has('c')).toBe(true)
    expect(cache.size).toBeLessThan(3)
    for (const id of ['a', 'b']) {
      const types = events.flatMap((event) => ('id' in event && event.id === id ? [event.type] : []))
      expect(types.at(-1) === 'deleted').toBe(!cache.has(id))
      expect(types.filter((type) => type === 'deleted').length).toBeLessThanOrEqual(1)
    }
  })

  it('O3: an item that the sync function deletes does not come back by its answer', async () => {
    const { cache, clock } = world({
      answer: (batch) => {
        cache.delete('a')
        return stepped(batch)
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(2000)
    expect(cache.has('a')).toBe(false)
    expect(clock.timers).toBe(0)
  })

  it('O3, L3: after a stop by the sync function no other batch of that moment is sent', async () => {
    const { cache, clock, calls } = world({
      batchSize: 1,
      answer: (batch) => {
        void cache.stop()
        return stepped(batch)
      },
    })
    cache.start()
    for (const id of ['a', 'b', 'c']) cache.getOrCreate(id, running())
    await clock.advance(5000)
    expect(calls).toHaveLength(1)
    expect(cache.get('a')).toEqual(running())
  })

  it('O3, S8: a refresh that the sync function asks for its own item is another call', async () => {
    const settledAt: number[] = []
    const { cache, clock, calls } = world({
      answer: (batch) => {
        if (calls.length === 1) void cache.refresh('a').then(() => settledAt.push(calls.length))
        return stepped(batch)
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(calls).toHaveLength(2)
    expect(settledAt).toEqual([2])
  })

  it('O3: `until` conditions may call methods', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.start().getOrCreate('a', running())
    const seen: number[] = []
    const result = until(cache, 'a', (job) => {
      seen.push(job.step)
      if (job.step === 2) cache.update('a', running(50))
      if (job.step === 51) cache.delete('a')
      return job.step === 51
    })
    await clock.advance(5000)
    await expect(result).resolves.toEqual(running(51))
    expect(cache.has('a')).toBe(false)
    expect(cache.stats().subscribers).toBe(0)
    expect(seen.filter((step) => step === 51)).toHaveLength(1)
  })

  it('O3: a listener of the abort of a call may call methods', async () => {
    const { cache, clock, calls } = world({
      answer: (_, call) => {
        call.signal.addEventListener('abort', () => {
          cache.update('a', running(100))
          cache.getOrCreate('b', running())
          cache.delete('a')
        })
        return 'wait'
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const stopped = cache.stop()
    calls[0]?.answer([])
    await stopped
    expect([...cache.ids()]).toEqual(['b'])
    expect(cache.stats().runningCalls).toBe(0)
  })

  it('O3: `start` on stopped and `stop` on started do as they say', async () => {
    const { cache, clock, calls } = world()
    const leave = cache.onEvent((event) => {
      if (event.type === 'started') void cache.stop()
    })
    expect(cache.start()).toBe(cache)
    expect(cache.isRunning).toBe(false)
    leave()
    cache.onEvent((event) => {
      if (event.type === 'stopped') cache.start()
    })
    cache.start()
    void cache.stop()
    expect(cache.isRunning).toBe(true)
    cache.getOrCreate('a', running())
    await clock.advance(0)
    expect(calls).toHaveLength(1)
  })

  it('O3: a deletion on created deletes, and a re-creation on deleted creates', async () => {
    const { cache, clock, batches } = world()
    cache.onEvent((event) => {
      if (event.type === 'created' && event.id === 'a') cache.delete('a')
      if (event.type === 'deleted' && event.id === 'b') cache.getOrCreate('b', running(9))
    })
    const item = running()
    expect(cache.start().getOrCreate('a', item)).toBe(item)
    expect(cache.has('a')).toBe(false)
    cache.getOrCreate('b', running())
    expect(cache.delete('b')).toBe(true)
    expect(cache.get('b')).toEqual(running(9))
    await clock.advance(0)
    expect(batches()).toEqual([['b']])
  })

  it('O3, C1: a re-creation on evicted never leads over the capacity', () => {
    const { cache } = world<Job>({ policies: [lru(2)] })
    let left = 5
    const sizes: number[] = []
    cache.onEvent((event) => {
      left -= 1
      if (event.type === 'evicted' && left > 0) cache.getOrCreate(event.id, running())
      sizes.push(cache.size)
    })
    for (const id of ['a', 'b', 'c']) cache.getOrCreate(id, running())
    expect(Math.max(...sizes)).toBe(2)
    expect([...cache.ids()]).toHaveLength(2)
  })

  it('O3: the iteration of `ids` may go on while items come and go', () => {
    const { cache } = world()
    for (const id of ['a', 'b', 'c']) cache.getOrCreate(id, running())
    const seen: string[] = []
    for (const id of cache.ids()) {
      seen.push(id)
      cache.delete(id)
      if (seen.length < 20) cache.getOrCreate(`new ${id}`, running())
      if (seen.length > 100) break
    }
    expect(seen.slice(0, 3)).toEqual(['a', 'b', 'c'])
    expect(seen.length).toBeLessThan(100)
  })
})
