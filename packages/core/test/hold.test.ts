import { type SyncResponse } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { outcomeOf, times, untyped } from './scheduling.ts'
import { isTerminal, running, stepped, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

/** An item `a` of step 1, and calls that wait for the test. No call runs; the next is at 1000. */
async function held(options: Options = {}): Promise<World<Job> & { readonly release: () => void }> {
  const w = world({ isTerminal, answer: () => 'wait', ...options })
  w.cache.start().getOrCreate('a', running(0))
  await w.clock.advance(0)
  w.lastCall().answer([{ id: 'a', item: running(1), validator: 'v1' }])
  await w.clock.advance(400)
  return { ...w, release: w.cache.hold('a') }
}

/** Responses for `a` that must not count while it is held. */
const answers: readonly (readonly [string, SyncResponse<Job>])[] = [
  ['a value', { id: 'a', item: running(9), validator: 'v9' }],
  ['a deletion', { id: 'a', action: 'delete' }],
  ['a validator', { id: 'a', action: 'unchanged', validator: 'v9' }],
]

/** The value and the validator that the next call sends. */
async function sent({ cache, clock, lastCall }: World<Job>): Promise<unknown> {
  outcomeOf(cache.refresh('a'))
  await clock.advance(0)
  return lastCall().batch
}

const kept = [{ id: 'a', item: running(1), validator: 'v1' }]

describe('a hold', () => {
  it.each(answers)('W13: %s from a push is ignored', async (_, response) => {
    const w = await held()
    w.cache.ingest([response])
    w.release()
    expect(w.cache.get('a')).toEqual(running(1))
    expect(await sent(w)).toEqual(kept)
  })

  it.each(answers)('W13: %s from a call that began before it is ignored for good', async (_, response) => {
    const w = world({ isTerminal, answer: () => 'wait' })
    w.cache.start().getOrCreate('a', running(1), { validator: 'v1' })
    await w.clock.advance(0)
    w.cache.hold('a')()
    w.lastCall().answer([response])
    await w.clock.advance(0)
    expect(w.cache.get('a')).toEqual(running(1))
    expect(await sent(w)).toEqual(kept)
  })

  it.each(answers)(
    'W13: %s from a call that began while it was held is ignored for good',
    async (_, response) => {
      const w = await held()
      await w.clock.advance(600)
      expect(times(w.calls)).toEqual([0, 1000])
      w.release()
      w.lastCall().answer([response])
      await w.clock.advance(0)
      expect(w.cache.get('a')).toEqual(running(1))
      expect(await sent(w)).toEqual(kept)
    },
  )

  it('W13: the value of a call that began after the release is written', async () => {
    const w = await held()
    w.release()
    await w.clock.advance(600)
    w.lastCall().answer([{ id: 'a', item: running(9) }])
    await w.clock.advance(0)
    expect(w.cache.get('a')).toEqual(running(9))
  })

  it('W13: a push after the release is written', async () => {
    const w = await held()
    w.release()
    w.cache.ingest([{ id: 'a', item: running(9) }])
    expect(w.cache.get('a')).toEqual(running(9))
  })

  it('W13: a first value, too, comes by a later call only', async () => {
    const { cache, clock, calls } = world({ answer: stepped })
    cache.start().getOrCreate('a')
    const release = cache.hold('a')
    cache.ingest([{ id: 'a', item: running(9) }])
    await clock.advance(0)
    expect(cache.getSnapshot('a').status).toBe('pending')
    release()
    await clock.advance(10_000)
    expect(calls.length).toBeGreaterThan(1)
    expect(cache.getSnapshot('a').status).toBe('active')
  })
})

describe('effects that a hold does not have', () => {
  it('W13: an ignored response counts as a success that changed nothing', async () => {
    const w = await held()
    w.cache.ingest([{ id: 'a', action: 'fail', error: 'busy' }])
    w.cache.ingest([{ id: 'a', item: running(9) }])
    expect(w.cache.getSnapshot('a')).toMatchObject({
      item: running(1),
      error: undefined,
      failureCount: 0,
      unchangedCount: 1,
      refreshedAt: 1_000_400,
      changedAt: 1_000_000,
    })
  })

  it('W13: a `fail` fails', async () => {
    const w = await held()
    w.cache.ingest([{ id: 'a', action: 'fail', error: 'busy' }])
    expect(w.cache.getSnapshot('a')).toMatchObject({ error: 'busy', failureCount: 1 })
  })

  it('W13: a refresh resolves', async () => {
    const w = await held()
    const outcome = outcomeOf(w.cache.refresh('a'))
    await w.clock.advance(0)
    w.lastCall().answer([{ id: 'a', item: running(9) }])
    await w.clock.advance(0)
    expect(outcome.state).toBe('resolved')
    expect(w.cache.get('a')).toEqual(running(1))
  })

  it('W13: the item is polled at its times, during it and after', async () => {
    const w = await held({ answer: (batch, call) => (call.at === 0 ? 'wait' : stepped(batch)) })
    await w.clock.advance(1600)
    w.release()
    await w.clock.advance(999)
    expect(times(w.calls)).toEqual([0, 1000, 2000])
    expect(w.cache.get('a')).toEqual(running(1))
    await w.clock.advance(1)
    expect(w.cache.get('a')).toEqual(running(2))
  })

  it('W13: local writes work', async () => {
    const w = await held()
    expect(w.cache.update('a', running(7))).toBe(true)
    expect(w.cache.get('a')).toEqual(running(7))
    expect(w.cache.delete('a')).toBe(true)
    expect(w.cache.has('a')).toBe(false)
    w.release()
  })

  it('W13: other items are written', async () => {
    const w = await held()
    w.cache.getOrCreate('b', running(1))
    w.cache.ingest([
      { id: 'a', item: running(9) },
      { id: 'b', item: running(9) },
    ])
    expect([w.cache.get('a'), w.cache.get('b')]).toEqual([running(1), running(9)])
  })
})

describe('how long a hold lasts', () => {
  const isHeld = ({ cache }: World<Job>, step: number): boolean => {
    cache.ingest([{ id: 'a', item: running(step) }])
    return cache.get('a')?.step !== step
  }

  it('W13: holds nest: the last release counts', async () => {
    const w = await held()
    const second = w.cache.hold('a')
    w.release()
    expect(isHeld(w, 2)).toBe(true)
    second()
    expect(isHeld(w, 3)).toBe(false)
  })

  it('W13: each release counts once', async () => {
    const w = await held()
    w.cache.hold('a')
    w.release()
    w.release()
    expect(isHeld(w, 2)).toBe(true)
  })

  it('W13: it holds one generation: the same id created again is free, also of a late release', async () => {
    const w = await held()
    w.cache.delete('a')
    w.cache.getOrCreate('a', running(1))
    expect(isHeld(w, 2)).toBe(false)
    w.cache.hold('a')
    w.release()
    expect(isHeld(w, 3)).toBe(true)
  })

  it('W13: for an absent id it does nothing', () => {
    const w = world()
    const release = w.cache.hold('a')
    expect(w.cache.has('a')).toBe(false)
    w.cache.getOrCreate('a', running(1))
    expect(isHeld(w, 2)).toBe(false)
    release()
    expect(isHeld(w, 3)).toBe(false)
  })

  it('W13: it outlasts a stop', async () => {
    const w = await held()
    await w.cache.stop()
    w.cache.start()
    expect(isHeld(w, 2)).toBe(true)
  })

  it('W13, L7: an id that is not a string is a TypeError', () => {
    expect(() => world().cache.hold(untyped(5))).toThrow(TypeError)
  })
})
