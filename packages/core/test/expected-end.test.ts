import { mutate, type Batch, type SyncResponse } from '@auto-refresh/core'
import { adopt } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { state } from './adopted-state.ts'
import { done, isTerminal, running, world, type Job, type World } from './world.ts'

const statusOf = ({ cache }: World<Job>): string => cache.getSnapshot('a').status

/** A running item `a` whose first refresh has happened, and whose value of an end was written during a hold. */
async function expectedDone(): Promise<World<Job> & { readonly release: () => void }> {
  const w = world({ isTerminal })
  w.cache.start().getOrCreate('a', running())
  await w.clock.advance(0)
  const release = w.cache.hold('a')
  w.cache.update('a', done(9))
  return { ...w, release }
}

describe('a terminal value that is written during a hold', () => {
  it('W13: is shown, and does not end the item', async () => {
    const w = await expectedDone()
    expect(w.cache.getSnapshot('a')).toMatchObject({ status: 'active', item: done(9) })
    w.release()
    expect(statusOf(w)).toBe('active')
    expect(w.events).not.toContainEqual(expect.objectContaining({ type: 'terminal' }))
  })

  it.each<readonly [string, SyncResponse<Job>]>([
    ['an equal value', { id: 'a', item: done(9) }],
    ['another terminal value', { id: 'a', item: done(10) }],
    ['`unchanged`', { id: 'a', action: 'unchanged' }],
  ])('W13: ends by %s that is pushed after the release, and not during the hold', async (_, response) => {
    const w = await expectedDone()
    w.cache.ingest([response])
    expect(statusOf(w)).toBe('active')
    w.release()
    w.cache.ingest([response])
    expect(statusOf(w)).toBe('terminal')
    expect(w.events.filter(({ type }) => type === 'terminal')).toHaveLength(1)
    const calls = w.calls.length
    await w.clock.advance(10_000)
    expect(w.calls).toHaveLength(calls)
  })

  it('W13: ends by the next refresh, and not by a call from before the release', async () => {
    const w = world({ isTerminal, answer: () => 'wait' })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    const release = w.cache.hold('a')
    w.cache.update('a', done(9))
    release()
    w.lastCall().answer([{ id: 'a', item: done(9) }])
    await w.clock.advance(0)
    expect(statusOf(w)).toBe('active')
    await w.clock.advance(1000)
    w.lastCall().answer([{ id: 'a', item: done(9) }])
    await w.clock.advance(500)
    expect(statusOf(w)).toBe('terminal')
  })

  it('W13, F3: does not end by a failure', async () => {
    const w = await expectedDone()
    w.release()
    w.cache.ingest([{ id: 'a', action: 'fail', error: 'busy' }])
    expect(w.cache.getSnapshot('a')).toMatchObject({ status: 'active', error: 'busy' })
  })

  it('W13, E2: ends by a state that is adopted', async () => {
    const w = await expectedDone()
    w.release()
    adopt(w.cache, [state({ item: done(9) })])
    expect(statusOf(w)).toBe('terminal')
  })

  it('W13: goes on if a value that is not terminal replaces it', async () => {
    const w = await expectedDone()
    w.cache.update('a', running(3))
    w.release()
    w.cache.ingest([{ id: 'a', action: 'unchanged' }])
    expect(w.cache.getSnapshot('a')).toMatchObject({ status: 'active', item: running(3) })
  })

  it('W13, W7: leaves an item terminal that is terminal already', async () => {
    const w = world({ isTerminal })
    w.cache.getOrCreate('a', done(1))
    const release = w.cache.hold('a')
    w.cache.update('a', done(9))
    expect(w.cache.getSnapshot('a')).toMatchObject({ status: 'terminal', item: done(9) })
    release()
  })

  it('W13, P2: gives a pending item a value, which does not end it', () => {
    const w = world({ isTerminal })
    w.cache.getOrCreate('a')
    const release = w.cache.hold('a')
    w.cache.update('a', done(9))
    expect(w.cache.getSnapshot('a')).toMatchObject({ status: 'active', item: done(9) })
    release()
  })

  it('W13: does not end if the value is not terminal any more by then', async () => {
    let isOver = true
    const w = world({ isTerminal: () => isOver })
    w.cache.getOrCreate('a')
    const release = w.cache.hold('a')
    w.cache.update('a', done(9))
    release()
    isOver = false
    w.cache.ingest([{ id: 'a', action: 'unchanged' }])
    expect(statusOf(w)).toBe('active')
  })

  it('W13: ends the item at once if it is written again after the release', async () => {
    const w = await expectedDone()
    w.release()
    w.cache.update('a', done(9))
    expect(statusOf(w)).toBe('terminal')
  })
})

describe('mutate with a terminal value', () => {
  it.each<readonly [string, () => SyncResponse<Job>[]]>([
    ['the source', () => failure()],
    ['the item', () => [{ id: 'a', action: 'fail', error: 'busy' }]],
  ])(
    'W13, W15: polls on after its refresh has failed, by %s, until an answer ends it',
    async (_, failing) => {
      let isDown = false
      let truth = running(1)
      const answer = (batch: Batch<Job>): SyncResponse<Job>[] =>
        isDown ? failing() : batch.map(({ id }) => ({ id, item: truth }))
      const w = world({ isTerminal, answer })
      w.cache.start().getOrCreate('a', running())
      await w.clock.advance(0)
      truth = done(10)
      isDown = true
      await mutate(w.cache, 'a', done(9), () => 'sent')
      await w.clock.advance(0)
      expect(w.cache.getSnapshot('a')).toMatchObject({ status: 'active', item: done(9), failureCount: 1 })
      isDown = false
      await w.clock.advance(5000)
      expect(w.cache.getSnapshot('a')).toMatchObject({ status: 'terminal', item: done(10), failureCount: 0 })
    },
  )

  it('W13, W15: is refreshed by the next start if the cache was stopped meanwhile', async () => {
    const w = world({ isTerminal, answer: () => 'wait' })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    w.lastCall().answer([{ id: 'a', item: running(1) }])
    await mutate(w.cache, 'a', done(9), () => 'sent')
    await w.clock.advance(0)
    void w.cache.stop()
    w.lastCall().fail('aborted')
    await w.clock.advance(0)
    w.cache.start()
    await w.clock.advance(1000)
    w.lastCall().answer([{ id: 'a', item: done(10) }])
    await w.clock.advance(0)
    expect(w.cache.getSnapshot('a')).toMatchObject({ status: 'terminal', item: done(10) })
  })
})

function failure(): never {
  throw new Error('503')
}
