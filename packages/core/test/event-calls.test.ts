import { customBatches } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { only, typesOf, untyped } from './scheduling.ts'
import { captureReports, running, stepped, unchanged, world, type Job, type World } from './world.ts'

describe('sync calls', () => {
  it('events: sync-started with the ids, sync-settled with the ids and the duration', async () => {
    const { cache, clock, events, lastCall } = world({ answer: () => 'wait' })
    cache.start()
    await clock.advance(1000)
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(100)
    expect(only(events, 'sync-started')).toEqual([
      { type: 'sync-started', call: 1, kind: 'clock', ids: ['a', 'b'] },
    ])
    await clock.advance(250)
    expect(only(events, 'sync-settled')).toEqual([])
    lastCall().answer([])
    await clock.advance(0)
    expect(only(events, 'sync-settled')).toEqual([
      { type: 'sync-settled', call: 1, kind: 'clock', ids: ['a', 'b'], duration: 350 },
    ])
  })

  it('events: a call that did not fail has no error, not even one that is undefined', async () => {
    const { cache, clock, events } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const [settled] = only(events, 'sync-settled')
    expect(settled).toBeDefined()
    expect(Object.keys(settled ?? {}).sort()).toEqual(['call', 'duration', 'ids', 'kind', 'type'])
  })

  it('events: a call that failed has its error', async () => {
    const { cache, clock, events, lastCall } = world({ answer: () => 'wait' })
    const error = new Error('down')
    cache.start().getOrCreate('a', running())
    await clock.advance(20)
    lastCall().fail(error)
    await clock.advance(0)
    expect(only(events, 'sync-settled')).toEqual([
      { type: 'sync-settled', call: 1, kind: 'clock', ids: ['a'], duration: 20, error },
    ])
  })

  it('events, F1: a call that failed with undefined has the Error of its items', async () => {
    const { cache, clock, events, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    lastCall().fail(undefined)
    await clock.advance(0)
    const { error: given } = cache.getSnapshot('a')
    expect(given).toBeInstanceOf(Error)
    expect(only(events, 'sync-settled')).toMatchObject([{ error: given }])
  })

  it('events, F18: a call whose answer is no array has an error', async () => {
    const { cache, clock, events } = world({ answer: () => untyped(5) })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const [settled] = only(events, 'sync-settled')
    expect(settled).toHaveProperty('error')
    expect(cache.getSnapshot('a').error).toBeInstanceOf(Error)
  })

  it('events: a call that timed out is settled then, once, with TIMEOUT', async () => {
    const { cache, clock, events, calls } = world({ timeout: 100, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    expect(only(events, 'sync-settled')).toMatchObject([
      { ids: ['a'], duration: 100, error: { code: 'TIMEOUT' } },
    ])
    calls[0]?.answer([])
    await clock.advance(0)
    expect(only(events, 'sync-settled')).toHaveLength(1)
  })

  it('events: a `fail` of an item is no error of the call', async () => {
    const { cache, clock, events } = world({
      answer: (batch) => batch.map(({ id }) => ({ id, action: 'fail', error: 1 })),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(only(events, 'sync-settled')).toEqual([
      { type: 'sync-settled', call: 1, kind: 'clock', ids: ['a'], duration: 0 },
    ])
  })

  it('events: every call that starts settles once, also if calls overlap', async () => {
    const { cache, clock, events, calls } = world({ batchSize: 1, concurrency: 3, answer: () => 'wait' })
    cache.start()
    for (const id of ['a', 'b', 'c']) cache.getOrCreate(id, running())
    await clock.advance(10)
    calls[1]?.answer([])
    await clock.advance(10)
    calls[0]?.fail(new Error('down'))
    calls[2]?.answer([])
    await clock.advance(10)
    expect(typesOf(only(events, 'sync-started', 'sync-settled'))).toEqual([
      'sync-started',
      'sync-started',
      'sync-started',
      'sync-settled',
      'sync-settled',
      'sync-settled',
    ])
    expect(only(events, 'sync-settled')).toMatchObject([
      { ids: calls[1]?.ids, duration: 10 },
      { ids: calls[0]?.ids, duration: 20, error: { message: 'down' } },
      { ids: calls[2]?.ids, duration: 20 },
    ])
  })

  it('events: the calls of a cache are numbered from 1, and each has its kind', async () => {
    const { cache, clock, events } = world({
      answer: (batch, call) => (call.at === 1500 ? Promise.reject(new Error('down')) : unchanged(batch)),
    })
    cache.start()
    for (const id of ['a', 'b']) cache.getOrCreate(id, running())
    await clock.advance(1500)
    for (const id of ['a', 'b']) void cache.refresh(id)
    await clock.advance(1000)
    const calls = [
      { call: 1, kind: 'clock' },
      { call: 2, kind: 'clock' },
      { call: 3, kind: 'asked' },
      { call: 4, kind: 'retry' },
    ]
    expect(only(events, 'sync-started')).toMatchObject(calls)
    expect(only(events, 'sync-settled')).toMatchObject(calls)
  })

  it('events: the ids are kept, whatever becomes of the batch', async () => {
    const { cache, clock, events } = world({
      answer: (batch) => {
        cache.delete('a')
        return unchanged(batch)
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(only(events, 'sync-started', 'sync-settled')).toMatchObject([{ ids: ['a'] }, { ids: ['a'] }])
  })
})

describe('outages', () => {
  it('events, F12: outage-started with the third failed call, outage-ended with the first that succeeds', async () => {
    let isDown = true
    const { cache, clock, events, calls } = world({
      retry: { factor: 1 },
      answer: (batch) => (isDown ? Promise.reject(new Error('down')) : unchanged(batch)),
    })
    cache.start()
    for (const id of ['a', 'b']) cache.getOrCreate(id, running())
    await clock.advance(1999)
    expect(calls).toHaveLength(2)
    expect(only(events, 'outage-started', 'outage-ended')).toEqual([])
    await clock.advance(1)
    expect(only(events, 'outage-started', 'outage-ended')).toEqual([{ type: 'outage-started' }])
    await clock.advance(10_000)
    expect(only(events, 'outage-started', 'outage-ended')).toEqual([{ type: 'outage-started' }])
    isDown = false
    await clock.advance(10_000)
    expect(only(events, 'outage-started', 'outage-ended')).toEqual([
      { type: 'outage-started' },
      { type: 'outage-ended' },
    ])
  })
})

describe('unexpected responses', () => {
  const answering = async (...responses: unknown[]): Promise<World<Job>> => {
    const all = world({ answer: () => responses.map(untyped) })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(0)
    return all
  }

  it('events: a response for an id that is not in the batch, with the id', async () => {
    const response = { id: 'other', item: running(1) }
    const { events } = await answering({ id: 'a', action: 'unchanged' }, response)
    expect(only(events, 'unexpected-response')).toEqual([
      { type: 'unexpected-response', id: 'other', response },
    ])
  })

  it('events: a response without a usable id, with none', async () => {
    for (const response of [{ item: running(1) }, { id: Number.NaN, item: running(1) }, null, 'text']) {
      const { events } = await answering({ id: 'a', action: 'unchanged' }, response)
      expect(only(events, 'unexpected-response')).toEqual([
        { type: 'unexpected-response', id: undefined, response },
      ])
    }
  })

  it('events: no event for expected responses', async () => {
    const { events } = await answering({ id: 'a', item: running(1) })
    expect(only(events, 'unexpected-response')).toEqual([])
  })
})

describe('callback errors', () => {
  it('events, F7: what callbacks throw, as it is', async () => {
    const captured = captureReports()
    try {
      const thrown = {
        isTerminal: new Error('isTerminal'),
        equals: 'a string',
        createBatches: new Error('batches'),
      }
      const fail = (name: keyof typeof thrown) => (): never => {
        throw thrown[name]
      }
      const { cache, clock, events } = world({
        answer: stepped,
        isTerminal: fail('isTerminal'),
        equals: fail('equals'),
        policies: [customBatches(fail('createBatches'))],
      })
      cache.start().getOrCreate('a', running())
      await clock.advance(0)
      const errors = events.flatMap((event) => (event.type === 'callback-error' ? [event.error] : []))
      expect(new Set(errors)).toEqual(new Set(Object.values(thrown)))
      expect(captured.reports).toEqual(errors)
    } finally {
      captured.restore()
    }
  })

  it('events, F7: what an event listener throws, to the others, and it stays a listener', () => {
    const captured = captureReports()
    try {
      const { cache, events } = world()
      const error = new Error('of an event listener')
      let heard = 0
      cache.onEvent((event) => {
        if (event.type !== 'created') return
        heard += 1
        throw error
      })
      cache.getOrCreate('a', running())
      cache.getOrCreate('b', running())
      expect(heard).toBe(2)
      expect(typesOf(events)).toEqual(['created', 'callback-error', 'created', 'callback-error'])
      expect(only(events, 'callback-error')[0]).toEqual({ type: 'callback-error', error })
      expect(captured.reports).toEqual([error, error])
    } finally {
      captured.restore()
    }
  })

  it('events, F7: a listener that throws at everything does not go on for ever', async () => {
    const captured = captureReports()
    try {
      const { cache, clock, events } = world({ answer: stepped })
      let heard = 0
      cache.onEvent(() => {
        heard += 1
        throw new Error('of an event listener')
      })
      cache.start().getOrCreate('a', running())
      await clock.advance(1000)
      expect(cache.get('a')).toEqual(running(2))
      expect(heard).toBeLessThan(100)
      expect(typesOf(only(events, 'started', 'created', 'sync-started', 'updated'))).toEqual([
        'started',
        'created',
        'sync-started',
        'updated',
        'sync-started',
        'updated',
      ])
      expect(only(events, 'sync-settled')).toHaveLength(2)
    } finally {
      captured.restore()
    }
  })
})
