import { AutoRefreshError, expiry, until, watch, type SyncResponse } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { log, outcomeOf, typesOf } from './scheduling.ts'
import { settlementOf } from './settlement.ts'
import { running, unchanged, world, type Job } from './world.ts'

const codeOf = (error: unknown): unknown => (error instanceof AutoRefreshError ? error.code : error)

describe('an answer without a value', () => {
  const message =
    'the answer has no "typo"; return { id, action: "delete" } if it does not exist, or set missing: "delete"'

  it.each(['unchanged', 'fail'] as const)(
    'P5: a pending item that it leaves out fails with NOT_FOUND (missing: %s)',
    async (missing) => {
      const { cache, clock } = world({ missing, answer: () => [] })
      cache.start().getOrCreate('typo')
      await clock.advance(0)
      const { status, error, failureCount } = cache.getSnapshot('typo')
      expect([status, codeOf(error), failureCount]).toEqual(['pending', 'NOT_FOUND', 1])
      expect(error).toHaveProperty('message', message)
    },
  )

  it('P5: with `missing: "delete"` it is deleted', async () => {
    const { cache, clock, events } = world({ missing: 'delete', answer: () => [] })
    cache.start().getOrCreate('typo')
    await clock.advance(0)
    expect(cache.has('typo')).toBe(false)
    expect(events).toContainEqual({ type: 'deleted', id: 'typo', item: undefined, reason: 'gone' })
  })

  it('P5: `unchanged` fails with INVALID_RESPONSE, in an answer and in ingest', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a')
    await clock.advance(0)
    expect(codeOf(cache.getSnapshot('a').error)).toBe('INVALID_RESPONSE')
    cache.ingest([{ id: 'a', action: 'unchanged' }])
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'pending', failureCount: 2 })
  })

  it('P5: `unchanged` is a success if the item got a value while the call ran', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a')
    await clock.advance(0)
    cache.getOrCreate('a', running(5))
    lastCall().answer([{ id: 'a', action: 'unchanged' }])
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ item: running(5), failureCount: 0, unchangedCount: 1 })
  })

  it.each<[string, SyncResponse<Job>[]]>([
    ['left out', []],
    ['unchanged', [{ id: 'typo', action: 'unchanged' }]],
  ])('P5, F2: %s is an item failure: it delays the item alone, and the call succeeds', async (_, answers) => {
    const { cache, clock, calls, events } = world({
      answer: (batch) => [...answers, ...unchanged(batch.filter(({ id }) => id !== 'typo'))],
    })
    cache.start().getOrCreate('typo')
    cache.getOrCreate('b', running())
    await clock.advance(2000)
    expect(log(calls)).toEqual(['0 b typo', '1000 b typo', '2000 b'])
    await clock.advance(1000)
    expect(log(calls).at(-1)).toBe('3000 b typo')
    expect(cache.stats().syncErrors).toBe(0)
    expect(typesOf(events)).not.toContain('outage-started')
  })

  it('P5, S8: a refresh rejects with its error', async () => {
    const { cache, clock } = world({ answer: () => [] })
    cache.start().getOrCreate('typo')
    const outcome = outcomeOf(cache.refresh('typo'))
    await clock.advance(0)
    expect(codeOf(outcome.error)).toBe('NOT_FOUND')
  })
})

describe('a pending item that never gets a value', () => {
  it('P6: it is deleted at its maxAge, with reason expired', async () => {
    const { cache, clock, events } = world<Job>({ policies: [expiry({ maxAge: 2500 })] })
    cache.start().getOrCreate('a')
    await clock.advance(2499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
    expect(events.at(-1)).toEqual({ type: 'deleted', id: 'a', item: undefined, reason: 'expired' })
    expect(typesOf(events)).not.toContain('expired')
  })

  it('P6, W12: an item that got a value in time expires instead', async () => {
    const { cache, clock, events } = world<Job>({ policies: [expiry({ maxAge: 2500 })] })
    cache.start().getOrCreate('a')
    await clock.advance(2000)
    cache.update('a', running(1))
    await clock.advance(500)
    expect(cache.getSnapshot('a').status).toBe('expired')
    expect(typesOf(events)).not.toContain('deleted')
  })

  it('P6: its subscribers see `missing`, and do not create it anew', async () => {
    const { cache, clock } = world<Job>({ policies: [expiry({ maxAge: 2500 })] })
    cache.start().subscribe('a', () => {}, { create: true })
    await clock.advance(2500)
    expect(cache.getSnapshot('a').status).toBe('missing')
    await clock.advance(5000)
    expect(cache.has('a')).toBe(false)
  })

  it('P6, O4, O5: until rejects DELETED, and watch ends', async () => {
    const { cache, clock } = world<Job>({ policies: [expiry({ maxAge: 2500 })] })
    cache.start().getOrCreate('a')
    const outcome = settlementOf(until(cache, 'a'))
    const first = settlementOf(watch(cache, 'a').next())
    await clock.advance(2500)
    expect(outcome.now).toBe('DELETED')
    expect(first.now).toEqual({ done: true, value: undefined })
  })
})
