import { InMemoryAutoRefresh, until } from '@auto-refresh/core'
import { VirtualClock, VirtualEnvironment } from '@auto-refresh/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { outcomeOf } from './scheduling.ts'
import { captureReports } from './world.ts'

let captured: ReturnType<typeof captureReports>
beforeEach(() => {
  captured = captureReports()
})
afterEach(() => captured.restore())

const PROMISE = /got a promise/

describe('answers that are no booleans', () => {
  it('F7: an isTerminal that returns a text counts by its truth', async () => {
    const clock = new VirtualClock()
    let finishedAt = ''
    const cache = new InMemoryAutoRefresh({
      interval: 1000,
      jitter: 0,
      clock,
      environment: new VirtualEnvironment(),
      // @ts-expect-error -- a text, empty until the job is finished
      isTerminal: (job: { readonly finishedAt: string }) => job.finishedAt,
      sync: (batch) => batch.map(({ id }) => ({ id, item: { finishedAt } })),
    }).start()
    cache.getOrCreate('a')
    await clock.advance(1000)
    expect(cache.getSnapshot('a').status).toBe('active')
    finishedAt = '12:00'
    await clock.advance(1000)
    expect(cache.getSnapshot('a').status).toBe('terminal')
    expect(cache.isTerminal({ finishedAt })).toBe(true)
    await clock.advance(10_000)
    expect(cache.stats().syncCalls).toBe(3)
    expect(captured.reports).toEqual([])
  })

  it('F7: an isTerminal that returns a promise is reported, and counts as false', async () => {
    const clock = new VirtualClock()
    const cache = new InMemoryAutoRefresh({
      interval: 1000,
      jitter: 0,
      clock,
      environment: new VirtualEnvironment(),
      // @ts-expect-error -- an async function
      isTerminal: () => Promise.resolve(true),
      sync: (batch) => batch.map(({ id }) => ({ id, item: 1 })),
    }).start()
    cache.getOrCreate('a')
    await clock.advance(2000)
    expect(cache.getSnapshot('a').status).toBe('active')
    expect(String(captured.reports[0])).toMatch(PROMISE)
  })

  it('F7: an isTerminal that returns an object counts by its truth, also if its `then` is a text', () => {
    const cache = new InMemoryAutoRefresh<Readonly<Record<string, string>>>({
      interval: 1000,
      clock: new VirtualClock(),
      environment: new VirtualEnvironment(),
      // @ts-expect-error -- an object
      isTerminal: (job) => job,
      sync: () => [],
    })
    expect(cache.isTerminal(Object.fromEntries([['then', 'archive']]))).toBe(true)
    expect(captured.reports).toEqual([])
  })

  it('F7: an equals that returns a promise is reported, and the new value is taken', async () => {
    const clock = new VirtualClock()
    let value = 0
    const cache = new InMemoryAutoRefresh({
      interval: 1000,
      jitter: 0,
      clock,
      environment: new VirtualEnvironment(),
      // @ts-expect-error -- an async function
      equals: () => Promise.resolve(true),
      sync: (batch) => batch.map(({ id }) => ({ id, item: (value += 1) })),
    }).start()
    cache.getOrCreate('a')
    await clock.advance(2000)
    expect(cache.get('a')).toBe(3)
    expect(String(captured.reports[0])).toMatch(PROMISE)
  })

  it('F7, O4: a condition that returns a promise rejects the until', async () => {
    const clock = new VirtualClock()
    const cache = new InMemoryAutoRefresh({
      interval: 1000,
      clock,
      environment: new VirtualEnvironment(),
      sync: () => [],
    })
    cache.getOrCreate('a', 1)
    // @ts-expect-error -- an async function
    const outcome = outcomeOf(until(cache, 'a', () => Promise.resolve(false)))
    await clock.advance(0)
    expect(String(outcome.error)).toMatch(PROMISE)
  })
})

describe('failures without an error', () => {
  it('F1: a sync that rejects with undefined fails its items with an Error', async () => {
    const clock = new VirtualClock()
    const cache = new InMemoryAutoRefresh({
      interval: 1000,
      clock,
      environment: new VirtualEnvironment(),
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what a careless application does
      sync: () => Promise.reject(undefined),
    }).start()
    const errors: unknown[] = []
    cache.onEvent((event) => {
      if (event.type === 'sync-settled') errors.push(event.error)
    })
    cache.getOrCreate('a')
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(10)
    const { error } = cache.getSnapshot('a')
    expect(error).toBeInstanceOf(Error)
    expect(cache.getStatus().error).toBe(error)
    expect(errors).toEqual([error])
    expect(outcome).toEqual({ state: 'rejected', error })
  })
})
