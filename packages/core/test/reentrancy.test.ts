import {
  AutoRefreshError,
  customBatches,
  type InMemoryAutoRefresh,
  type Policy,
  type PolicyHooks,
} from '@auto-refresh/core'
import { adopt } from '@auto-refresh/core/adapter'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAll, log, times } from './scheduling.ts'
import { captureReports, done, isTerminal, running, stepped, world, type Job, type World } from './world.ts'

type Cache = InMemoryAutoRefresh<Job>
type Options = NonNullable<Parameters<typeof world<Job>>[0]>

const nothing = (): void => {}

let captured: ReturnType<typeof captureReports>
beforeEach(() => {
  captured = captureReports()
})
afterEach(() => captured.restore())

/** Everything that a callback may do that answers a question. */
const reads: Readonly<Record<string, (cache: Cache) => unknown>> = {
  get: (cache) => cache.get('b'),
  getOrThrow: (cache) => cache.getOrThrow('b'),
  has: (cache) => cache.has('b'),
  ids: (cache) => [...cache.ids()],
  size: (cache) => cache.size,
  isRunning: (cache) => cache.isRunning,
  isTerminal: (cache) => cache.isTerminal(running()),
  inProcessing: (cache) => cache.inProcessing('b'),
  getSnapshot: (cache) => cache.getSnapshot('b'),
  getStatus: (cache) => cache.getStatus(),
  stats: (cache) => cache.stats(),
}

/** Everything else. */
const writes: Readonly<Record<string, (cache: Cache) => unknown>> = {
  start: (cache) => cache.start(),
  stop: (cache) => cache.stop(),
  retain: (cache) => cache.retain(),
  pause: (cache) => cache.pause(),
  resume: (cache) => cache.resume(),
  'getOrCreate of a new id': (cache) => cache.getOrCreate('x', running()),
  'getOrCreate of a pending id': (cache) => cache.getOrCreate('x'),
  'getOrCreate of a present id': (cache) => cache.getOrCreate('b', running()),
  update: (cache) => cache.update('b', running(9)),
  'update of an absent id': (cache) => cache.update('x', running(9)),
  delete: (cache) => cache.delete('b'),
  deleteDelayed: (cache) => cache.deleteDelayed('b'),
  clear: (cache) => cache.clear(),
  hold: (cache) => cache.hold('b'),
  refresh: (cache) => cache.refresh('b'),
  refreshAll: (cache) => cache.refreshAll(),
  ingest: (cache) => cache.ingest([{ id: 'b', item: running(9) }]),
  'ingest of nothing': (cache) => cache.ingest([]),
  subscribe: (cache) => cache.subscribe('b', nothing),
  subscribeIds: (cache) => cache.subscribeIds(nothing),
  subscribeStatus: (cache) => cache.subscribeStatus(nothing),
  onEvent: (cache) => cache.onEvent(nothing),
  setOptions: (cache) => cache.setOptions({ interval: 5 }),
  adopt: (cache) => adopt(cache, []),
}

/** Options by which `hook` is called as the question is asked. */
type Question = (hook: () => void) => Options

const inPolicy =
  (hooks: (hook: () => void) => PolicyHooks<Job>): Question =>
  (hook) => ({ policies: [(): PolicyHooks<Job> => hooks(hook)] satisfies Policy<Job>[] })

const questions: Readonly<Record<string, Question>> = {
  isTerminal: (hook) => ({
    isTerminal: (job) => {
      hook()
      return job.done
    },
  }),
  equals: (hook) => ({
    equals: (previous, next) => {
      hook()
      return previous.step === next.step
    },
  }),
  interval: (hook) => ({
    interval: () => {
      hook()
      return 1000
    },
  }),
  createBatches: (hook) => ({
    policies: [
      customBatches<Job>((due) => {
        hook()
        return [due]
      }),
    ],
  }),
  'the hook admit': inPolicy((hook) => ({ admit: hook })),
  'the hook changed': inPolicy((hook) => ({ changed: hook })),
  'the hook removed': inPolicy((hook) => ({ removed: hook })),
  'the hook startAt': inPolicy((hook) => ({
    startAt: () => {
      hook()
      return 0
    },
  })),
  'the hook callStarted': inPolicy((hook) => ({ callStarted: hook })),
  'the hook callSettled': inPolicy((hook) => ({ callSettled: hook })),
  'the hook wakeAt': inPolicy((hook) => ({
    wakeAt: () => {
      hook()
      return Infinity
    },
  })),
  'the hook run': inPolicy((hook) => {
    let isRun = false
    return {
      wakeAt: () => (isRun ? Infinity : 500),
      run: () => {
        isRun = true
        hook()
      },
    }
  }),
  'the hook batches': inPolicy((hook) => ({
    batches: (due) => {
      hook()
      return [due]
    },
  })),
}

/** A cache that lives for a while, and calls `hook` once, with `b` present, as soon as the question is asked then. */
async function live(
  question: Question,
  hook: (cache: Cache) => void,
  prepare: (w: World<Job>) => void = nothing,
): Promise<World<Job>> {
  let state: 'before' | 'armed' | 'asked' = 'before'
  const w: World<Job> = world({
    answer: stepped,
    ...question(() => {
      if (state !== 'armed') return
      state = 'asked'
      hook(w.cache)
    }),
  })
  w.cache.start().getOrCreate('b', running())
  prepare(w)
  state = 'armed'
  w.cache.getOrCreate('a', running())
  await w.clock.advance(1000)
  w.cache.delete('a')
  expect(state).toBe('asked')
  return w
}

const codeOf = (error: unknown): unknown => (error instanceof AutoRefreshError ? error.code : error)

describe.each(Object.entries(questions))('%s', (name, question) => {
  it(`O3: ${name} may read`, async () => {
    const thrown: unknown[] = []
    await live(question, (cache) => {
      for (const read of Object.values(reads)) {
        try {
          read(cache)
        } catch (error) {
          thrown.push(error)
        }
      }
    })
    expect(thrown).toEqual([])
    expect(captured.reports).toEqual([])
  })

  it(`O3: ${name} may do nothing else: REENTRANT at once, and nothing happened`, async () => {
    const outcomes: Record<string, unknown> = {}
    const w = await live(question, (cache) => {
      for (const [method, write] of Object.entries(writes)) {
        try {
          write(cache)
          outcomes[method] = 'done'
        } catch (error) {
          outcomes[method] = codeOf(error)
        }
      }
    })
    expect(outcomes).toEqual(Object.fromEntries(Object.keys(writes).map((method) => [method, 'REENTRANT'])))
    expect([...w.cache.ids()]).toEqual(['b'])
    expect(w.cache.getStatus().state).toBe('running')
    expect(w.cache.stats().subscribers).toBe(0)
    await w.clock.advance(1000)
    expect(w.cache.get('b')).toEqual(running(3))
    expect(w.clock.timers).toBe(1)
    expect(captured.reports).toEqual([])
  })

  it(`O7: ${name} may unsubscribe, release, abort and write to another cache`, async () => {
    const other = world()
    const abort = new AbortController()
    const leaves: (() => unknown)[] = [() => abort.abort(), () => other.cache.getOrCreate('o', running())]
    const thrown: unknown[] = []
    const prepare = ({ cache }: World<Job>): void => {
      cache.start({ signal: abort.signal })
      leaves.push(cache.retain(), cache.hold('b'), cache.subscribe('b', nothing, { activity: true }))
      leaves.push(cache.subscribeIds(nothing), cache.subscribeStatus(nothing), cache.onEvent(nothing))
    }
    const end = (): void => {
      for (const leave of leaves) {
        try {
          leave()
        } catch (error) {
          thrown.push(error)
        }
      }
    }
    const w = await live(question, end, prepare)
    expect(thrown).toEqual([])
    expect(captured.reports).toEqual([])
    expect(other.cache.has('o')).toBe(true)
    expect([w.cache.isRunning, w.cache.stats().subscribers]).toEqual([false, 0])
  })
})

describe('reads that O7 allows', () => {
  /** A running cache whose `equals` ends everything that it can. */
  function ending() {
    const abort = new AbortController()
    const leaves: (() => void)[] = []
    const heard: string[] = []
    const w = world({
      isTerminal,
      answer: stepped,
      equals: () => {
        for (const leave of leaves.splice(0)) leave()
        return false
      },
    })
    const hear = (name: string) => (): void => void heard.push(name)
    w.cache.getOrCreate('a', running())
    return { ...w, abort, leaves, heard, hear }
  }

  it('O7: an unsubscribe counts at once', async () => {
    const { cache, clock, leaves, heard, hear } = ending()
    leaves.push(
      cache.subscribe('a', hear('item')),
      cache.subscribeIds(hear('ids')),
      cache.subscribeStatus(hear('status')),
      cache.onEvent(({ type }) => type === 'updated' && hear('event')()),
    )
    await clock.advance(0)
    heard.length = 0
    cache.start()
    await clock.advance(0)
    cache.getOrCreate('b', running())
    void cache.stop()
    await clock.advance(0)
    expect(cache.get('a')).toEqual(running(1))
    expect(heard.filter((name) => name !== 'status')).toEqual([])
    expect(cache.stats().subscribers).toBe(0)
    expect(captured.reports).toEqual([])
  })

  it('O7: a release of `retain` stops the cache at the end of the turn', async () => {
    const { cache, clock, calls, leaves } = ending()
    leaves.push(cache.retain())
    await clock.advance(5000)
    expect(cache.isRunning).toBe(false)
    expect(times(calls)).toEqual([0])
    expect(captured.reports).toEqual([])
  })

  it('O7: a release of `hold` lets later values in', async () => {
    const { cache, clock, leaves } = ending()
    cache.getOrCreate('b', running())
    leaves.push(cache.hold('b'))
    cache.start()
    await clock.advance(1000)
    expect(cache.get('b')?.step).toBeGreaterThan(0)
    expect(captured.reports).toEqual([])
  })

  it("O7: an abort of start's signal stops the cache", async () => {
    const { cache, clock, calls, abort, leaves, events } = ending()
    leaves.push(() => abort.abort())
    cache.start({ signal: abort.signal })
    await clock.advance(5000)
    expect(cache.isRunning).toBe(false)
    expect(times(calls)).toEqual([0])
    expect(clock.timers).toBe(0)
    expect(events.filter(({ type }) => type === 'stopped')).toHaveLength(1)
    expect(captured.reports).toEqual([])
  })
})

describe('a REENTRANT that is not caught', () => {
  const reported = (): unknown[] => captured.reports.map(codeOf)

  it('O3, F7: by isTerminal it counts as false, and is reported', async () => {
    const w: World<Job> = world({ isTerminal: () => w.cache.delete('a') })
    w.cache.start().getOrCreate('a', done())
    await w.clock.advance(0)
    expect(w.cache.getSnapshot('a').status).toBe('active')
    expect(reported()).toContain('REENTRANT')
  })

  it('O3, F7: by equals it counts as a change', async () => {
    const w: World<Job> = world({
      answer: () => [{ id: 'a', item: running(0) }],
      equals: () => w.cache.update('a', running(5)),
    })
    const item = w.cache.start().getOrCreate('a', running(0))
    await w.clock.advance(0)
    expect(w.cache.get('a')).not.toBe(item)
    expect(w.cache.get('a')).toEqual(running(0))
    expect(reported()).toEqual(['REENTRANT'])
  })

  it('O3, S16: by interval it is a failure of the item', async () => {
    const w: World<Job> = world({
      interval: () => {
        void w.cache.refresh('a')
        return 1000
      },
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    const { error, failureCount } = w.cache.getSnapshot('a')
    expect([codeOf(error), failureCount]).toEqual(['REENTRANT', 1])
  })

  it('O3, S7: by createBatches the default batches are used', async () => {
    const w: World<Job> = world({
      policies: [
        customBatches<Job>((due) => {
          w.cache.clear()
          return [due]
        }),
      ],
    })
    createAll(w.cache.start(), ['a', 'b'])
    await w.clock.advance(0)
    expect(log(w.calls)).toEqual(['0 a b'])
    expect(reported()).toEqual(['REENTRANT'])
  })

  it('O3, C3: by admit it is thrown by the method that wanted to create', () => {
    const w: World<Job> = world({ policies: [() => ({ admit: () => w.cache.clear() })] })
    expect(() => w.cache.getOrCreate('a', running())).toThrow(AutoRefreshError)
    expect(w.cache.size).toBe(0)
    expect(() => w.cache.update('a', running())).not.toThrow()
  })
})
