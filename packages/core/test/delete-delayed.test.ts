import { customBatches } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { log } from './scheduling.ts'
import { expectToGoIn, marked } from './marked-item.ts'
import { isTerminal, done, running, world } from './world.ts'

describe('a marked item', () => {
  it('W5: it stays readable', async () => {
    const { cache } = await marked()
    expect(cache.get('a')).toEqual(running(1))
    expect(cache.getOrThrow('a')).toEqual(running(1))
    expect(cache.has('a')).toBe(true)
    expect(cache.size).toBe(1)
    expect([...cache.ids()]).toEqual(['a'])
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'active', item: running(1), isDeleting: true })
  })

  it('W5: getOrCreate returns it', async () => {
    const { cache } = await marked()
    expect(cache.getOrCreate('a', running(2))).toEqual(running(1))
  })

  it('W5, O2: to mark it again changes nothing, and tells nobody', async () => {
    const { cache, clock } = await marked()
    await clock.advance(0)
    let told = 0
    cache.subscribe('a', () => (told += 1), { activity: true })
    const before = cache.getSnapshot('a')
    expect(cache.deleteDelayed('a')).toBe(true)
    await clock.advance(0)
    expect(told).toBe(0)
    expect(cache.getSnapshot('a')).toBe(before)
  })

  it('W5: update works', async () => {
    const { cache } = await marked()
    expect(cache.update('a', running(2))).toBe(true)
    expect(cache.get('a')).toEqual(running(2))
  })

  it('W5: it is removed at its due time, instead of being synced', async () => {
    const all = await marked()
    await expectToGoIn(600, all)
    expect(log(all.calls)).toEqual(['0 a'])
    expect(all.events.at(-1)).toEqual({ type: 'deleted', id: 'a', item: running(1), reason: 'delayed' })
  })

  it('W5: it is gone for good', async () => {
    const { cache, clock, calls } = await marked()
    await clock.advance(10_000)
    expect(cache.get('a')).toBeUndefined()
    expect(cache.getSnapshot('a').status).toBe('missing')
    expect(log(calls)).toEqual(['0 a'])
  })

  it('W5: it is removed with the newest value', async () => {
    const { cache, clock, events } = await marked()
    cache.update('a', running(2))
    await clock.advance(600)
    expect(events.at(-1)).toMatchObject({ type: 'deleted', item: running(2) })
  })

  it('W5: others of its batch are synced without it', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(400)
    cache.deleteDelayed('a')
    await clock.advance(600)
    expect(log(calls)).toEqual(['0 a b', '1000 b'])
    expect([...cache.ids()]).toEqual(['b'])
  })

  it('W5, D2: a batch of others that settles does not sweep it away', async () => {
    const { cache, clock, calls } = await marked()
    cache.getOrCreate('b', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '400 b'])
    await clock.advance(599)
    expect(cache.has('a')).toBe(true)
  })

  it('W5: it is not synced as an early item either', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('b', running())
    await clock.advance(300)
    cache.getOrCreate('a', running())
    await clock.advance(100)
    cache.deleteDelayed('a')
    await clock.advance(5000)
    expect(calls.filter((call) => call.ids.includes('a'))).toHaveLength(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W5: marking it again returns true, and postpones nothing', async () => {
    const all = await marked()
    await all.clock.advance(300)
    expect(all.cache.deleteDelayed('a')).toBe(true)
    await expectToGoIn(300, all)
  })

  it('W5: an item that was never synced is never synced', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    expect(cache.deleteDelayed('a')).toBe(true)
    expect(cache.has('a')).toBe(true)
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
    await clock.advance(5000)
    expect(calls).toEqual([])
  })

  it('W5: an item without syncOnCreate goes when its first refresh is due', async () => {
    const all = world({ syncOnCreate: false })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(100)
    all.cache.deleteDelayed('a')
    await expectToGoIn(900, all)
    expect(all.calls).toEqual([])
  })

  it('W5: an item that waits after a failure goes when it would have been tried again', async () => {
    const all = world({
      answer: () => {
        throw new Error('down')
      },
    })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(1100)
    all.cache.deleteDelayed('a')
    await expectToGoIn(1900, all)
    expect(log(all.calls)).toEqual(['0 a', '1000 a'])
  })

  it('W5: subscribers are told of the mark, and of the end', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(400)
    const seen: unknown[] = []
    cache.subscribe('a', () => {
      const { status, isDeleting } = cache.getSnapshot('a')
      seen.push([status, isDeleting])
    })
    cache.deleteDelayed('a')
    await clock.advance(600)
    expect(seen).toEqual([
      ['active', true],
      ['missing', false],
    ])
  })

  it('W5: delete removes it at once', async () => {
    const { cache, clock, events } = await marked()
    expect(cache.delete('a')).toBe(true)
    expect(cache.has('a')).toBe(false)
    await clock.advance(5000)
    expect(events.filter((event) => event.type === 'deleted')).toHaveLength(1)
  })
})

describe('a mark that nothing takes back', () => {
  it('W5, D2: getOrCreate', async () => {
    const all = await marked()
    all.cache.getOrCreate('a', running(2))
    expect(all.cache.getSnapshot('a').isDeleting).toBe(true)
    await expectToGoIn(600, all)
  })

  it('W5: update', async () => {
    const all = await marked()
    all.cache.update('a', running(2))
    expect(all.cache.getSnapshot('a').isDeleting).toBe(true)
    await expectToGoIn(600, all)
    expect(log(all.calls)).toEqual(['0 a'])
  })

  it('W5: an update to a terminal item', async () => {
    const { cache, clock, calls } = await marked()
    cache.update('a', done())
    await clock.advance(5000)
    expect(cache.has('a')).toBe(false)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('W5: an update that brings a terminal item back to life', async () => {
    const { cache, clock, calls } = world({ isTerminal })
    cache.start().getOrCreate('a', done())
    await clock.advance(400)
    cache.deleteDelayed('a')
    cache.update('a', running())
    await clock.advance(5000)
    expect(cache.has('a')).toBe(false)
    expect(calls).toEqual([])
  })

  it('W5: ingest, which does not postpone the removal either', async () => {
    const all = await marked()
    await all.clock.advance(300)
    all.cache.ingest([{ id: 'a', item: running(2) }])
    expect(all.cache.get('a')).toEqual(running(2))
    await expectToGoIn(300, all)
    expect(log(all.calls)).toEqual(['0 a'])
  })

  it.each(['unchanged', 'fail'] as const)('W5: an ingest of `%s`', async (action) => {
    const all = await marked()
    await all.clock.advance(300)
    all.cache.ingest([action === 'fail' ? { id: 'a', action, error: 'busy' } : { id: 'a', action }])
    await expectToGoIn(300, all)
  })

  it('W5: ingest does not postpone the removal of a terminal item either', async () => {
    const all = world({ isTerminal })
    all.cache.start().getOrCreate('a', done())
    all.cache.deleteDelayed('a')
    await all.clock.advance(700)
    all.cache.ingest([{ id: 'a', item: done(2) }])
    await expectToGoIn(300, all)
  })

  it('W5: subscribers and readers', async () => {
    const all = await marked()
    all.cache.subscribe('a', () => {})
    all.cache.get('a')
    await expectToGoIn(600, all)
  })

  it('W5: an ingest does not bring a marked item back that was asked for', async () => {
    const w = world({ interval: 5000, policies: [customBatches(() => [])] })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    void w.cache.refresh('a')
    await w.clock.advance(100)
    w.cache.deleteDelayed('a')
    await w.clock.advance(100)
    w.cache.ingest([{ id: 'a', item: running(2) }])
    await w.clock.advance(6000)
    expect(w.cache.has('a')).toBe(false)
  })

  it('W5, S3: the end of an earlier call does not bring a marked item back', async () => {
    const w = world({ answer: () => 'wait' })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    w.cache.delete('a')
    w.cache.getOrCreate('a', running(1))
    await w.clock.advance(0)
    w.lastCall().answer([])
    void w.cache.refresh('a')
    w.cache.deleteDelayed('a')
    await w.clock.advance(10)
    expect(w.calls).toHaveLength(1)
    expect(w.cache.has('a')).toBe(false)
  })
})

describe('an absent id', () => {
  it('W5: it answers false', () => {
    const { cache, events } = world()
    expect(cache.deleteDelayed('a')).toBe(false)
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'missing', isDeleting: false })
    expect(events).toEqual([])
  })

  it('W5, D2: no mark is left: an item created later is untouched', async () => {
    const { cache, clock, calls } = world()
    cache.start()
    expect(cache.deleteDelayed('a')).toBe(false)
    cache.getOrCreate('a', running())
    expect(cache.getSnapshot('a').isDeleting).toBe(false)
    await clock.advance(3000)
    expect(cache.has('a')).toBe(true)
    expect(log(calls)).toEqual(['0 a', '1000 a', '2000 a', '3000 a'])
  })

  it('W5, D2: a deleted item leaves no mark', async () => {
    const { cache, clock } = await marked()
    cache.delete('a')
    cache.getOrCreate('a', running(5))
    await clock.advance(5000)
    expect(cache.get('a')).toEqual(running(5))
    expect(cache.getSnapshot('a').isDeleting).toBe(false)
  })

  it('W5, D2: an item that its mark removed leaves no mark', async () => {
    const { cache, clock, calls } = await marked()
    await clock.advance(600)
    expect(cache.deleteDelayed('a')).toBe(false)
    cache.getOrCreate('a', running(5))
    await clock.advance(1000)
    expect(cache.get('a')).toEqual(running(5))
    expect(log(calls)).toEqual(['0 a', '1000 a', '2000 a'])
  })

  it('W5, D2: the mark of an item whose call runs does not hit the one created after it', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running(1))
    await clock.advance(0)
    cache.deleteDelayed('a')
    cache.delete('a')
    cache.getOrCreate('a', running(2))
    calls[0]?.answer([{ id: 'a', item: running(9) }])
    await clock.advance(0)
    expect(cache.get('a')).toEqual(running(2))
    expect(calls[1]?.ids).toEqual(['a'])
  })
})
