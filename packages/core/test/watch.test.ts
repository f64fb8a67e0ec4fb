import { AutoRefreshError, expiry, watch } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { reading, steps } from './reading.ts'
import { untyped } from './scheduling.ts'
import { isTerminal, done, running, stepped, world, type Job } from './world.ts'

describe('the yielded values', () => {
  it('O5: the present item first, as it is', async () => {
    const { cache, clock } = world()
    const item = running(5)
    cache.getOrCreate('a', item)
    const reader = reading(cache, 'a')
    await clock.advance(0)
    expect(reader.seen).toHaveLength(1)
    expect(reader.seen[0]).toBe(item)
    expect(reader.state).toBe('open')
  })

  it('O5: then each new value, by sync, by update and by ingest', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.getOrCreate('a', running())
    const reader = reading(cache, 'a')
    await clock.advance(0)
    cache.start()
    await clock.advance(1000)
    cache.update('a', running(20))
    await clock.advance(0)
    cache.ingest([{ id: 'a', item: running(30) }])
    await clock.advance(0)
    expect(steps(reader.seen)).toEqual([0, 1, 2, 20, 30])
  })

  it('O5: no value twice to a reader that waits, though something else about the item changes', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    const reader = reading(cache, 'a')
    await clock.advance(0)
    cache.update('a', running(1))
    await clock.advance(0)
    cache.ingest([{ id: 'a', action: 'fail', error: new Error('busy') }])
    await clock.advance(0)
    expect(steps(reader.seen)).toEqual([0, 1])
  })

  it('O5: nothing where a refresh changed nothing', async () => {
    const { cache, clock, calls } = world({
      answer: (batch) => batch.map(({ id, item }) => ({ id, item: { ...(item ?? running()) } })),
    })
    cache.start().getOrCreate('a', running())
    const reader = reading(cache, 'a')
    await clock.advance(5000)
    expect(calls.length).toBeGreaterThan(4)
    expect(steps(reader.seen)).toEqual([0])
  })

  it('O5: nothing for a change that is none of the value: an error, a mark, a start, a stop', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    const reader = reading(cache, 'a')
    await clock.advance(0)
    cache.ingest([{ id: 'a', action: 'fail', error: new Error('no') }])
    await clock.advance(0)
    cache.start()
    await clock.advance(0)
    cache.deleteDelayed('a')
    await clock.advance(0)
    await cache.stop()
    await clock.advance(0)
    expect(steps(reader.seen)).toEqual([0])
    expect(reader.state).toBe('open')
  })

  it('O5: the newest only, to a slow reader', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    const reader = watch(cache, 'a')
    expect(await reader.next()).toEqual({ done: false, value: running() })
    for (const step of [1, 2, 3]) {
      cache.update('a', running(step))
      await clock.advance(10)
    }
    expect(await reader.next()).toEqual({ done: false, value: running(3) })
    const next = reader.next()
    cache.update('a', running(4))
    expect(await next).toEqual({ done: false, value: running(4) })
    await reader.return?.()
  })

  it('O5: the newest of many values in one turn', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    const reader = reading(cache, 'a')
    await clock.advance(0)
    for (const step of [1, 2, 3]) cache.update('a', running(step))
    await clock.advance(0)
    expect(steps(reader.seen)).toEqual([0, 3])
  })

  it('O5: a value that came while the body of the loop ran, when it asks again', async () => {
    const { cache, clock } = world()
    const seen: number[] = []
    cache.getOrCreate('a', running())
    const read = async (): Promise<void> => {
      for await (const job of watch(cache, 'a')) {
        seen.push(job.step)
        if (job.step === 0) {
          cache.update('a', running(1))
          cache.update('a', running(2))
          await Promise.resolve()
        }
        if (job.step === 2) break
      }
    }
    void read()
    await clock.advance(0)
    expect(seen).toEqual([0, 2])
  })

  it('O5: each reader reads on its own', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    const slow = watch(cache, 'a')
    await slow.next()
    const fast = reading(cache, 'a')
    for (const step of [1, 2]) {
      await clock.advance(0)
      cache.update('a', running(step))
    }
    await clock.advance(0)
    expect(steps(fast.seen)).toEqual([0, 1, 2])
    expect((await slow.next()).value).toEqual(running(2))
    await slow.return?.()
  })

  it('O5, L3: a stop is waited out', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.start().getOrCreate('a', running())
    const reader = reading(cache, 'a')
    await clock.advance(0)
    await cache.stop()
    await clock.advance(10_000)
    expect(reader.state).toBe('open')
    cache.update('a', running(9))
    await clock.advance(0)
    expect(reader.seen.at(-1)).toEqual(running(9))
  })
})

describe('how it ends', () => {
  it('O5: after the terminal value', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.getOrCreate('a', running())
    const reader = reading(cache, 'a')
    await clock.advance(0)
    cache.update('a', running(1))
    await clock.advance(0)
    cache.update('a', done(2))
    await clock.advance(0)
    expect(reader.seen).toEqual([running(), running(1), done(2)])
    expect(reader.state).toBe('ended')
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O5: after the present item where that is terminal', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.getOrCreate('a', done())
    const reader = reading(cache, 'a')
    await clock.advance(0)
    expect(reader.seen).toEqual([done()])
    expect(reader.state).toBe('ended')
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O5: to a slow reader, too, the terminal value comes before the end', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.getOrCreate('a', running())
    const reader = watch(cache, 'a')
    await reader.next()
    cache.update('a', running(1))
    await clock.advance(0)
    cache.update('a', done(2))
    await clock.advance(0)
    expect(await reader.next()).toEqual({ done: false, value: done(2) })
    expect(await reader.next()).toEqual({ done: true, value: undefined })
  })

  it('O5: when the item expires', async () => {
    const { cache, clock } = world<Job>({ policies: [expiry({ maxAge: 2500 })] })
    cache.start().getOrCreate('a', running())
    const reader = reading(cache, 'a')
    await clock.advance(2499)
    expect(reader.state).toBe('open')
    await clock.advance(1)
    expect(reader.state).toBe('ended')
    expect(steps(reader.seen)).toEqual([0])
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O5: after the present item where that is expired', async () => {
    const { cache, clock } = world<Job>({ policies: [expiry({ maxAge: 100 })] })
    cache.start().getOrCreate('a', running(3))
    await clock.advance(100)
    const reader = reading(cache, 'a')
    await clock.advance(0)
    expect(steps(reader.seen)).toEqual([3])
    expect(reader.state).toBe('ended')
  })

  it('O5: when the item is deleted', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    const reader = reading(cache, 'a')
    await clock.advance(0)
    cache.delete('a')
    await clock.advance(0)
    expect(steps(reader.seen)).toEqual([0])
    expect(reader.state).toBe('ended')
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O5: when deleteDelayed removes the item, not before', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const reader = reading(cache, 'a')
    cache.deleteDelayed('a')
    await clock.advance(999)
    expect(reader.state).toBe('open')
    await clock.advance(1)
    expect(reader.state).toBe('ended')
  })

  it('O5: when the source says that the item is gone', async () => {
    const { cache, clock } = world({
      answer: (batch) => batch.map(({ id }) => ({ id, action: 'delete' as const })),
    })
    cache.start().getOrCreate('a', running())
    const reader = reading(cache, 'a')
    await clock.advance(0)
    expect(reader.state).toBe('ended')
  })

  it('O5: with the old item, where it is created again in another turn', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    const reader = reading(cache, 'a')
    await clock.advance(0)
    cache.delete('a')
    await clock.advance(0)
    cache.getOrCreate('a', running(5))
    await clock.advance(0)
    expect(steps(reader.seen)).toEqual([0])
    expect(reader.state).toBe('ended')
  })

  it('O5: for a reader that is not reading when the item goes', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    const reader = watch(cache, 'a')
    await reader.next()
    cache.delete('a')
    await clock.advance(0)
    expect(await reader.next()).toEqual({ done: true, value: undefined })
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O5: for good: whoever asks again gets the end again', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    const reader = watch(cache, 'a')
    await reader.next()
    cache.delete('a')
    await clock.advance(0)
    for (let again = 0; again < 3; again++)
      expect(await reader.next()).toEqual({ done: true, value: undefined })
    cache.getOrCreate('a', running(1))
    cache.update('a', running(2))
    await clock.advance(0)
    expect(await reader.next()).toEqual({ done: true, value: undefined })
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O5: for two who ask at the same time', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    const reader = watch(cache, 'a')
    await reader.next()
    const both = Promise.all([reader.next(), reader.next()])
    cache.delete('a')
    await clock.advance(0)
    expect(await both).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ])
  })
})

describe('an absent id', () => {
  it('O5: throws NOT_FOUND', async () => {
    const { cache, clock } = world()
    const reader = reading(cache, 'a')
    await clock.advance(0)
    expect(reader.state).toBe('failed')
    expect(reader.error).toBeInstanceOf(AutoRefreshError)
    expect(reader.error).toMatchObject({ code: 'NOT_FOUND' })
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O5, L7: an id that is not a string is a TypeError', async () => {
    const { cache, clock } = world()
    const reader = reading(cache, untyped(1))
    await clock.advance(0)
    expect(reader.error).toBeInstanceOf(TypeError)
  })
})

describe('an item without a value', () => {
  it('P6: is waited for', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.getOrCreate('a')
    const reader = reading(cache, 'a')
    await clock.advance(5000)
    expect(reader).toMatchObject({ seen: [], state: 'open' })
    cache.start()
    await clock.advance(1000)
    expect(steps(reader.seen)).toEqual([1, 2])
  })

  it('P6, O5: ends the loop without a value if it is removed', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a')
    const reader = reading(cache, 'a')
    await clock.advance(0)
    cache.delete('a')
    await clock.advance(0)
    expect(reader).toMatchObject({ seen: [], state: 'ended' })
    expect(cache.stats().subscribers).toBe(0)
  })

  it('P6, O5: its first value is the last if that is terminal', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.getOrCreate('a')
    const reader = reading(cache, 'a')
    await clock.advance(0)
    cache.getOrCreate('a', done())
    await clock.advance(0)
    expect(reader).toMatchObject({ seen: [done()], state: 'ended' })
  })
})
