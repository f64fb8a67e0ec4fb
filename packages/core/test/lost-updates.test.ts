import { times } from './scheduling.ts'
import type { SyncResponse } from '@auto-refresh/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inCall, remote, settle } from './item-in-call.ts'
import { running, world, type Job, type SyncCall, type World } from './world.ts'

describe('nothing was written during the call', () => {
  it('W6: its value is applied', async () => {
    const all = await inCall()
    await settle(all, remote)
    expect(all.cache.get('a')).toEqual(running(9))
  })

  it('W6: its deletion is applied', async () => {
    const all = await inCall()
    await settle(all, { id: 'a', action: 'delete' })
    expect(all.cache.has('a')).toBe(false)
    expect(all.events).toContainEqual({ type: 'deleted', id: 'a', item: running(1), reason: 'gone' })
  })

  it('W6: a write before the call started does not stand in its way', async () => {
    const all = world({ answer: () => 'wait' })
    all.cache.start().getOrCreate('a', running(1))
    all.cache.update('a', running(2))
    await all.clock.advance(0)
    expect(all.lastCall().batch[0]?.item).toEqual(running(2))
    await settle(all, remote)
    expect(all.cache.get('a')).toEqual(running(9))
  })

  it('W6: a write while the item waited for its slot does not stand in its way', async () => {
    const all = world({ concurrency: 1, answer: () => 'wait' })
    all.cache.start().getOrCreate('slow', running())
    await all.clock.advance(0)
    all.cache.getOrCreate('a', running(1))
    await all.clock.advance(100)
    all.cache.update('a', running(2))
    await settle(all)
    expect(all.lastCall().ids).toEqual(['a'])
    await settle(all, remote)
    expect(all.cache.get('a')).toEqual(running(9))
  })

  it('W6: reading, observing, getOrCreate, and a mark and a write of another item do not stand in its way', async () => {
    const all = await inCall()
    all.cache.getOrCreate('b', running())
    all.cache.update('b', running(5))
    all.cache.get('a')
    all.cache.getOrCreate('a', running(5))
    all.cache.subscribe('a', () => {})
    all.calls[0]?.answer([remote])
    await all.clock.advance(0)
    expect(all.cache.get('a')).toEqual(running(9))
  })
})

describe('a local update during the call', () => {
  it('W6, D3: it wins over the value that the call brings', async () => {
    const all = await inCall()
    const local = running(2)
    all.cache.update('a', local)
    await settle(all, remote)
    expect(all.cache.get('a')).toBe(local)
  })

  it('W6, D3: it wins over a deletion', async () => {
    const all = await inCall()
    all.cache.update('a', running(2))
    await settle(all, { id: 'a', action: 'delete' })
    expect(all.cache.get('a')).toEqual(running(2))
  })

  it('W6: it wins over the deletion of what is missing', async () => {
    const all = await inCall({ missing: 'delete' })
    all.cache.update('a', running(2))
    await settle(all)
    expect(all.cache.get('a')).toEqual(running(2))
  })

  it('W6: no validator is applied, which would belong to the other value', async () => {
    for (const response of [remote, { id: 'a', action: 'unchanged', validator: 'v9' }] as const) {
      const all = await inCall()
      all.cache.update('a', running(2))
      await settle(all, response)
      await all.clock.advance(1000)
      expect(all.calls).toHaveLength(2)
      expect(all.lastCall().batch[0]).toMatchObject({ id: 'a', item: running(2) })
      expect(all.lastCall().batch[0]?.validator).toBeUndefined()
    }
  })

  it('W6: an update to an equal value wins, too', async () => {
    const all = await inCall()
    const local = running(1)
    all.cache.update('a', local)
    await settle(all, remote)
    expect(all.cache.get('a')).toBe(local)
  })

  it('W6: an update to the very same value wins, too', async () => {
    const all = await inCall()
    const item = all.cache.getOrThrow('a')
    all.cache.update('a', item)
    await settle(all, remote)
    expect(all.cache.get('a')).toBe(item)
  })

  it('W6: two writes win of which the second takes back the first', async () => {
    const all = await inCall()
    const item = all.cache.getOrThrow('a')
    all.cache.update('a', running(2))
    all.cache.update('a', item)
    await settle(all, remote)
    expect(all.cache.get('a')).toBe(item)
  })

  it('W6: an update by the sync function itself wins over what it returns', async () => {
    const all: World<Job> = world({
      answer: () => {
        all.cache.update('a', running(2))
        return [remote]
      },
    })
    all.cache.start().getOrCreate('a', running(1))
    await all.clock.advance(0)
    expect(all.cache.get('a')).toEqual(running(2))
  })

  it('W6: an update after the answer was given, but before it arrived, wins', async () => {
    const all = await inCall()
    all.lastCall().answer([remote])
    all.cache.update('a', running(2))
    await all.clock.advance(0)
    expect(all.cache.get('a')).toEqual(running(2))
  })

  it('W6: an update by a listener, of an item of the same call, wins', async () => {
    const all = world({ answer: () => 'wait' })
    all.cache.start().getOrCreate('a', running())
    all.cache.getOrCreate('b', running())
    await all.clock.advance(0)
    all.cache.onEvent((event) => {
      if (event.type !== 'updated' || event.item.step !== 9) return
      all.cache.update(event.id === 'a' ? 'b' : 'a', running(2))
    })
    await settle(all, remote, { id: 'b', item: running(8) })
    expect(all.cache.get('b')).toEqual(running(2))
  })

  it('W6: it says nothing about the other items of the call', async () => {
    const all = world({ answer: () => 'wait' })
    all.cache.start().getOrCreate('a', running(1))
    all.cache.getOrCreate('b', running(1))
    await all.clock.advance(0)
    all.cache.update('a', running(2))
    await settle(all, remote, { id: 'b', item: running(9) })
    expect(all.cache.get('a')).toEqual(running(2))
    expect(all.cache.get('b')).toEqual(running(9))
  })

  it('W6: the item is refreshed again at its normal time, and then the source is heard', async () => {
    const all = await inCall()
    all.cache.update('a', running(2))
    await settle(all, remote)
    await all.clock.advance(999)
    expect(times(all.calls)).toEqual([0])
    await all.clock.advance(1)
    expect(times(all.calls)).toEqual([0, 1400])
    await settle(all, remote)
    expect(all.cache.get('a')).toEqual(running(9))
  })

  it('W6: the call still counts as a success of the item', async () => {
    let first = true
    const all = world({
      answer: () => {
        if (!first) return 'wait'
        first = false
        throw new Error('down')
      },
    })
    all.cache.start().getOrCreate('a', running(1))
    await all.clock.advance(1000)
    expect(all.cache.getSnapshot('a').failureCount).toBe(1)
    all.cache.update('a', running(2))
    await settle(all, remote)
    expect(all.cache.getSnapshot('a')).toMatchObject({
      item: running(2),
      error: undefined,
      failureCount: 0,
      refreshedAt: 1_001_000,
    })
  })

  it('W6: the call still counts as a failure of the item', async () => {
    const all = await inCall()
    all.cache.update('a', running(2))
    all.lastCall().fail(new Error('down'))
    await all.clock.advance(0)
    expect(all.cache.getSnapshot('a')).toMatchObject({
      item: running(2),
      error: new Error('down'),
      failureCount: 1,
    })
  })

  it('W6: a failure of the item alone still counts, too', async () => {
    const all = await inCall()
    all.cache.update('a', running(2))
    await settle(all, { id: 'a', action: 'fail', error: 'busy' })
    expect(all.cache.getSnapshot('a')).toMatchObject({ item: running(2), error: 'busy', failureCount: 1 })
  })

  it('W6: its refresh resolves', async () => {
    const all = world({ answer: () => 'wait' })
    all.cache.start().getOrCreate('a', running(1))
    const refreshed = all.cache.refresh('a')
    await all.clock.advance(0)
    all.cache.update('a', running(2))
    all.lastCall().answer([remote])
    await expect(refreshed).resolves.toBeUndefined()
    expect(all.cache.get('a')).toEqual(running(2))
  })
})

describe('an ingest during the call', () => {
  it('W6: it wins over the value that the call brings', async () => {
    const all = await inCall()
    all.cache.ingest([{ id: 'a', item: running(2), validator: 'v2' }])
    await settle(all, remote)
    expect(all.cache.get('a')).toEqual(running(2))
    await all.clock.advance(5000)
    expect(all.lastCall().batch[0]?.validator).toBe('v2')
  })

  it('W6: it wins over a deletion', async () => {
    const all = await inCall()
    all.cache.ingest([{ id: 'a', item: running(2) }])
    await settle(all, { id: 'a', action: 'delete' })
    expect(all.cache.get('a')).toEqual(running(2))
  })

  it('W6: its deletion wins over a value', async () => {
    const all = await inCall()
    all.cache.ingest([{ id: 'a', action: 'delete' }])
    await settle(all, remote)
    expect(all.cache.has('a')).toBe(false)
  })

  it('W6: a push of other ids only does not win', async () => {
    const all = await inCall()
    all.cache.ingest([{ id: 'b', item: running(2) }])
    await settle(all, remote)
    expect(all.cache.get('a')).toEqual(running(9))
  })
})

describe('any writes and answers in any order', () => {
  const action = fc.constantFrom('update', 'delete', 'create', 'push', 'answer', 'gone', 'fail', 'wait')

  it('W6: a result is applied if, and only if, nothing was written since its call started', async () => {
    const seen = { applied: 0, dropped: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (actions) => {
        let expected: Job | undefined
        let writes = 0
        /** The call that runs, and how many writes there were when it started. */
        let open: { readonly call: SyncCall<Job>; readonly writes: number } | undefined
        const { cache, clock } = world({
          answer: (_, call) => {
            open = { call, writes }
            return 'wait'
          },
        })
        const wrote = (item: Job | undefined): void => {
          expected = item
          writes += 1
        }
        const answer = (response: SyncResponse<Job>, item: Job | undefined): void => {
          if (open === undefined) return
          const applies = open.writes === writes
          seen[applies ? 'applied' : 'dropped'] += 1
          if (applies) expected = item
          open.call.answer([response])
          open = undefined
        }
        cache.start()
        for (const [step, what] of actions.entries()) {
          const item = running(step)
          if (what === 'update' && cache.update('a', item)) wrote(item)
          if (what === 'delete' && cache.delete('a')) wrote(undefined)
          if (what === 'create' && cache.getOrCreate('a', item) === item) wrote(item)
          if (what === 'push') {
            cache.ingest([{ id: 'a', item }])
            if (expected !== undefined) wrote(item)
          }
          if (what === 'answer') answer({ id: 'a', item }, item)
          if (what === 'gone') answer({ id: 'a', action: 'delete' }, undefined)
          if (what === 'fail') answer({ id: 'a', action: 'fail', error: 'busy' }, expected)
          await clock.advance(what === 'wait' ? 700 : 0)
          expect(cache.get('a')).toEqual(expected)
        }
      }),
      { numRuns: 200, seed: 6, interruptAfterTimeLimit: 60_000 },
    )
    expect(seen.applied).toBeGreaterThan(20)
    expect(seen.dropped).toBeGreaterThan(20)
  })
})
