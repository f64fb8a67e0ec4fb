import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { after, createAll, log, manyIds, outcomeOf, times, timesOf } from './scheduling.ts'
import { done, running, unchanged, world, type Job, type SyncCall, type World } from './world.ts'

describe('one call of an id at a time', () => {
  it('S3: an id whose call is slower than its interval is in one call at a time', async () => {
    const w: World<Job> = world({ answer: (batch) => after(w.clock, 2500, unchanged(batch)) })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(7000)
    expect(times(w.calls)).toEqual([0, 3500, 7000])
  })

  it('S3: refresh of an id in a running call waits for the end of it', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    outcomeOf(cache.refresh('a'))
    await clock.advance(5000)
    expect(log(calls)).toEqual(['0 a'])
    calls[0]?.answer([])
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '5100 a'])
  })

  it('S3: an id that was deleted and created again waits until the old call settles', async () => {
    const { cache, clock, calls, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running(1))
    await clock.advance(100)
    cache.delete('a')
    cache.getOrCreate('a', running(2))
    await clock.advance(5000)
    expect(log(calls)).toEqual(['0 a'])
    lastCall().answer([{ id: 'a', item: running(99) }])
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '5100 a'])
    expect(lastCall().batch).toMatchObject([{ item: running(2) }])
  })

  it('S3: it waits as well when the old call fails', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running(1))
    await clock.advance(100)
    cache.delete('a')
    cache.getOrCreate('a', running(2))
    await clock.advance(100)
    calls[0]?.fail(new Error('down'))
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '200 a'])
    expect(cache.getSnapshot('a').failureCount).toBe(0)
  })

  it('S3: it waits until the old call loses its slot by its timeout', async () => {
    const { cache, clock, calls } = world({ timeout: 1000, answer: () => 'wait' })
    cache.start().getOrCreate('a', running(1))
    await clock.advance(100)
    cache.delete('a')
    cache.getOrCreate('a', running(2))
    await clock.advance(899)
    expect(log(calls)).toEqual(['0 a'])
    await clock.advance(1)
    expect(log(calls)).toEqual(['0 a', '1000 a'])
  })

  it('S3: deleted and created again many times during a call, it is sent once after it', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running(0))
    await clock.advance(0)
    for (let step = 1; step <= 5; step++) {
      cache.delete('a')
      cache.getOrCreate('a', running(step))
      await clock.advance(10)
    }
    calls[0]?.answer([])
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '50 a'])
    expect(calls[1]?.batch).toMatchObject([{ item: running(5) }])
  })

  it('S3: an id that waits for its old call holds up nobody else', async () => {
    const { cache, clock, calls } = world({
      answer: (batch, call) => (call.at === 0 ? 'wait' : unchanged(batch)),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    cache.delete('a')
    createAll(cache, ['a', 'b'])
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '100 b'])
    calls[0]?.answer([])
    await clock.advance(0)
    expect(timesOf(calls, 'a')).toEqual([0, 100])
  })

  it('S3: a call that timed out is no running call: its id may be sent again', async () => {
    const { cache, clock, calls } = world({ timeout: 100, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(1100)
    expect(times(calls)).toEqual([0, 1100])
  })

  it('S3, L4: an id whose aborted call still runs waits for it after a new start', async () => {
    const { cache, clock, calls } = world({ timeout: 1000, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    void cache.stop()
    await clock.advance(100)
    cache.start()
    await clock.advance(799)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 1000])
  })

  it('S3, L4: it is sent as soon as its aborted call has settled', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    void cache.stop()
    cache.start()
    await clock.advance(400)
    expect(times(calls)).toEqual([0])
    calls[0]?.answer([{ id: 'a', item: running(9) }])
    await clock.advance(0)
    expect(times(calls)).toEqual([0, 500])
    expect(cache.get('a')).toEqual(running(0))
  })
})

describe('concurrency', () => {
  it('S4: 4 sync calls run at a time by default', async () => {
    const { cache, clock, calls } = world({ batchSize: 1, answer: () => 'wait' })
    cache.start()
    createAll(cache, manyIds(9))
    await clock.advance(0)
    expect(calls).toHaveLength(4)
    expect(cache.stats()).toMatchObject({ runningCalls: 4, waitingItems: 5 })
  })

  it('S4: at most `concurrency` calls run; the next starts when one settles', async () => {
    const { cache, clock, calls } = world({ batchSize: 1, concurrency: 2, answer: () => 'wait' })
    cache.start()
    createAll(cache, manyIds(4))
    await clock.advance(100)
    expect(times(calls)).toEqual([0, 0])
    calls[1]?.answer([])
    await clock.advance(0)
    expect(times(calls)).toEqual([0, 0, 100])
    calls[0]?.fail(new Error('down'))
    await clock.advance(0)
    expect(times(calls)).toEqual([0, 0, 100, 100])
  })

  it('S4: a call that throws at once gives its slot back', async () => {
    const { cache, clock, calls } = world({
      batchSize: 1,
      concurrency: 1,
      answer: (batch, call) => {
        if (call.ids.includes('a')) throw new Error('at once')
        return unchanged(batch)
      },
    })
    cache.start()
    createAll(cache, ['a', 'b', 'c'])
    await clock.advance(0)
    expect(times(calls)).toEqual([0, 0, 0])
  })

  it('S4: a slot is not reserved: an item that is gone leaves it to the next', async () => {
    const { cache, clock, calls } = world({ batchSize: 1, concurrency: 1, answer: () => 'wait' })
    cache.start().getOrCreate('first', running())
    await clock.advance(0)
    cache.getOrCreate('a', running())
    await clock.advance(10)
    cache.getOrCreate('b', running())
    await clock.advance(10)
    cache.delete('a')
    calls[0]?.answer([{ id: 'first', action: 'delete' }])
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 first', '20 b'])
  })

  it('S4: items that wait for a slot go together when it is free', async () => {
    const { cache, clock, calls } = world({ concurrency: 1, answer: () => 'wait' })
    cache.start().getOrCreate('first', running())
    for (const id of ['a', 'b', 'c']) {
      await clock.advance(10)
      cache.getOrCreate(id, running())
    }
    await clock.advance(10)
    calls[0]?.answer([{ id: 'first', action: 'delete' }])
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 first', '40 a b c'])
  })

  it('S4: a waiting item keeps one place, however long it waits and whatever asks for it', async () => {
    const { cache, clock, calls } = world({ concurrency: 1, timeout: Infinity, answer: () => 'wait' })
    cache.start().getOrCreate('first', running())
    await clock.advance(0)
    cache.getOrCreate('a', running())
    for (let step = 0; step < 10; step++) {
      await clock.advance(1000)
      outcomeOf(cache.refresh('a'))
    }
    expect(cache.stats().waitingItems).toBe(1)
    calls[0]?.answer([{ id: 'first', action: 'delete' }])
    await clock.advance(0)
    calls[1]?.answer([{ id: 'a', item: running() }])
    await clock.advance(999)
    expect(log(calls)).toEqual(['0 first', '10000 a'])
  })

  it('S4: the item that is due longest goes first', async () => {
    const { cache, clock, calls } = world({
      batchSize: 1,
      concurrency: 1,
      isTerminal: (job) => job.done,
      answer: () => 'wait',
    })
    cache.start()
    for (const id of ['first', 'z', 'm', 'a']) {
      cache.getOrCreate(id, running())
      await clock.advance(10)
    }
    for (let turn = 0; turn < 4; turn++) {
      calls.at(-1)?.answer(calls.at(-1)?.ids.map((id) => ({ id, item: done() })) ?? [])
      await clock.advance(0)
    }
    expect(calls.map((call) => call.ids)).toEqual([['first'], ['z'], ['m'], ['a']])
  })

  it('S4: a batch is sent oldest due first', async () => {
    const { cache, clock, calls } = world({ concurrency: 1, answer: () => 'wait' })
    cache.start()
    for (const id of ['first', 'z', 'm', 'a']) {
      cache.getOrCreate(id, running())
      await clock.advance(10)
    }
    calls[0]?.answer([{ id: 'first', action: 'delete' }])
    await clock.advance(0)
    expect(calls[1]?.ids).toEqual(['z', 'm', 'a'])
  })

  it('S4, S1: an item created after the end of a batch window that waits for a slot does not join it', async () => {
    const w = world({
      batchWindow: 100,
      batchSize: 2,
      concurrency: 1,
      interval: (_, id) => (id === 'old' ? 400 : 10_000),
      answer: (batch, { ids }) => (ids.includes('slow') ? 'wait' : unchanged(batch)),
    })
    w.cache.start().getOrCreate('old', running())
    await w.clock.advance(110)
    w.cache.getOrCreate('slow', running())
    await w.clock.advance(100)
    createAll(w.cache, ['first'])
    await w.clock.advance(290)
    createAll(w.cache, ['second'])
    await w.clock.advance(200)
    w.lastCall().answer([])
    await w.clock.advance(0)
    expect(log(w.calls)).toEqual(['100 old', '210 slow', '700 first old', '700 second'])
  })

  it('S4, T2: an item that waits goes before items that a sleep makes due', async () => {
    const w = world({
      batchSize: 1,
      concurrency: 1,
      timeout: Infinity,
      interval: (_, id) => (id === 'later' ? 65_000 : 60_000),
      answer: (batch, call) => (call.at === 60_000 && call.ids.includes('slow') ? 'wait' : unchanged(batch)),
    })
    w.cache.start()
    createAll(w.cache, ['slow', 'waits', 'later'])
    await w.clock.advance(61_000)
    w.clock.sleep(40_000)
    // A change of the environment is looked at as a timer is.
    w.environment.setVisible(false)
    w.environment.setVisible(true)
    await w.clock.advance(0)
    w.lastCall().answer([])
    await w.clock.advance(0)
    expect(log(w.calls).slice(3)).toEqual(['60000 slow', '61000 waits', '61000 later'])
  })

  it('S4: no item waits for ever: an overloaded cache serves all alike', async () => {
    const ids = manyIds(12)
    const w: World<Job> = world({
      batchSize: 1,
      concurrency: 2,
      answer: (batch) => after(w.clock, 400, unchanged(batch)),
    })
    w.cache.start()
    createAll(w.cache, ids)
    await w.clock.advance(60_000)
    const counts = ids.map((id) => timesOf(w.calls, id).length)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(24)
  })

  it('S4: new items do not keep an item waiting for ever', async () => {
    const w: World<Job> = world({
      batchSize: 1,
      concurrency: 1,
      interval: Infinity,
      answer: (batch) => after(w.clock, 100, unchanged(batch)),
    })
    w.cache.start()
    for (let step = 0; step < 50; step++) {
      w.cache.getOrCreate(`new${step}`, running())
      if (step === 10) w.cache.getOrCreate('patient', running())
      await w.clock.advance(60)
    }
    await w.clock.advance(400)
    expect(timesOf(w.calls, 'patient')).toHaveLength(1)
  })
})

type Step =
  | {
      readonly do: 'create' | 'delete' | 'deleteDelayed' | 'refresh' | 'update' | 'ingest'
      readonly id: string
    }
  | { readonly do: 'answer' | 'fail'; readonly nth: number }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'hide' | 'show' }

const id = fc.constantFrom('a', 'b', 'c', 'd')
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('create', 'delete', 'deleteDelayed', 'refresh', 'update', 'ingest'),
      id,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('answer', 'fail'), nth: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('advance'), ms: fc.integer({ min: 0, max: 1500 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('hide', 'show') }) },
)

describe('whatever happens', () => {
  it('S3, S4, L5: no id is in two calls, no more calls than slots, no more timers than one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        async (steps, concurrency, batchSize) => {
          const timeout = 2000
          const wrong: string[] = []
          const settled = new Set<SyncCall<Job>>()
          const live = (): SyncCall<Job>[] =>
            w.calls.filter((call) => !settled.has(call) && call.at + timeout > w.clock.now())
          const w: World<Job> = world({
            timeout,
            concurrency,
            batchSize,
            answer: () => {
              const ids = live().flatMap((call) => call.ids)
              if (live().length > concurrency) wrong.push(`${live().length} calls at a time`)
              if (new Set(ids).size < ids.length) wrong.push(`an id twice in ${ids.join(' ')}`)
              return 'wait'
            },
          })
          w.cache.start()
          for (const one of steps) {
            if ('nth' in one) {
              const call = live()[one.nth]
              if (call === undefined) continue
              settled.add(call)
              if (one.do === 'answer') call.answer(unchanged(call.batch))
              else call.fail(new Error('down'))
              await w.clock.advance(0)
            } else if (one.do === 'create') w.cache.getOrCreate(one.id, running())
            else if (one.do === 'delete') w.cache.delete(one.id)
            else if (one.do === 'deleteDelayed') w.cache.deleteDelayed(one.id)
            else if (one.do === 'refresh') outcomeOf(w.cache.refresh(one.id))
            else if (one.do === 'update') w.cache.update(one.id, running(1))
            else if (one.do === 'ingest') w.cache.ingest([{ id: one.id, item: running(2) }])
            else if (one.do === 'advance') await w.clock.advance(one.ms)
            else w.environment.setVisible(one.do === 'show')
            expect(w.clock.timers).toBeLessThanOrEqual(1)
          }
          expect(wrong).toEqual([])
        },
      ),
      { numRuns: 150 },
    )
  })
})
