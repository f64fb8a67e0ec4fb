import { watch } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { reading, steps } from './reading.ts'
import { running, stepped, world, type Job } from './world.ts'

describe('a signal', () => {
  it('O5: its abort ends a loop that waits, without an error', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    const controller = new AbortController()
    const reader = reading(cache, 'a', { signal: controller.signal })
    await clock.advance(0)
    controller.abort(new Error('enough'))
    await clock.advance(0)
    expect(reader).toMatchObject({ seen: [running()], state: 'ended' })
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O5: its abort ends a loop that is busy, at its next turn', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    const controller = new AbortController()
    const reader = watch(cache, 'a', { signal: controller.signal })
    await reader.next()
    controller.abort()
    cache.update('a', running(1))
    await clock.advance(0)
    expect(await reader.next()).toEqual({ done: true, value: undefined })
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O5: a signal that is aborted already leaves no loop open', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    const reader = reading(cache, 'a', { signal: AbortSignal.abort() })
    await clock.advance(0)
    expect(reader.state).toBe('ended')
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O5: an abort of one reader leaves the others reading', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    const controller = new AbortController()
    const aborted = reading(cache, 'a', { signal: controller.signal })
    const other = reading(cache, 'a')
    await clock.advance(0)
    controller.abort()
    cache.update('a', running(1))
    await clock.advance(0)
    expect(aborted.state).toBe('ended')
    expect(steps(other.seen)).toEqual([0, 1])
  })
})

describe('leaving the loop', () => {
  it('O5: a break unsubscribes', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    let subscribers = 0
    const read = async (): Promise<void> => {
      for await (const job of watch(cache, 'a')) {
        subscribers = cache.stats().subscribers
        if (job.step === 1) break
      }
    }
    const left = read()
    await clock.advance(0)
    cache.update('a', running(1))
    await left
    expect(subscribers).toBe(1)
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O5: a break at the first value unsubscribes', async () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    const seen: Job[] = []
    for await (const job of watch(cache, 'a')) {
      seen.push(job)
      break
    }
    expect(seen).toEqual([running()])
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O5: an error in the body unsubscribes, and is passed on', async () => {
    const { cache } = world()
    const error = new Error('of the body')
    cache.getOrCreate('a', running())
    const read = async (): Promise<void> => {
      for await (const job of watch(cache, 'a')) if (job.step === 0) throw error
    }
    await expect(read()).rejects.toBe(error)
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O5: `return` unsubscribes', async () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    const reader = watch(cache, 'a')
    await reader.next()
    expect(await reader.return?.()).toMatchObject({ done: true })
    expect(cache.stats().subscribers).toBe(0)
    expect(await reader.next()).toEqual({ done: true, value: undefined })
  })

  it('O5: `return` while a value is waited for ends the wait, and unsubscribes', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    const reader = watch(cache, 'a')
    await reader.next()
    const results: unknown[] = []
    void reader.next().then((result) => results.push(result))
    void reader.return?.().then((result) => results.push(result))
    await clock.advance(0)
    expect(results).toMatchObject([{ done: true }, { done: true }])
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O5: `return` before the first value leaves no subscriber', async () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    const reader = watch(cache, 'a')
    await reader.return?.()
    expect(cache.stats().subscribers).toBe(0)
    expect(await reader.next()).toEqual({ done: true, value: undefined })
  })

  it('O5: it is iterable itself', () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    const reader = watch(cache, 'a')
    expect(reader[Symbol.asyncIterator]()).toBe(reader)
    void reader.return?.()
  })
})

describe('a subscriber', () => {
  it('O5, P7: an item of a subscription is refreshed while only `watch` reads it, and removed gcTime later', async () => {
    const { cache, clock, calls } = world({ gcTime: 500, answer: stepped })
    cache.start()
    const leave = cache.subscribe('a', () => undefined, { create: true })
    const controller = new AbortController()
    const reader = reading(cache, 'a', { signal: controller.signal })
    await clock.advance(0)
    leave()
    await clock.advance(2500)
    expect(steps(reader.seen)).toEqual([1, 2, 3])
    controller.abort()
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
    expect(calls).toHaveLength(3)
  })

  it('O5: many readers on one signal share one event listener', async () => {
    const { cache, clock } = world()
    const { signal } = new AbortController()
    let adds = 0
    const add = signal.addEventListener.bind(signal)
    Object.assign(signal, {
      addEventListener: (...given: Parameters<typeof add>) => {
        adds += 1
        add(...given)
      },
    })
    cache.getOrCreate('a', running())
    const readers = Array.from({ length: 100 }, () => reading(cache, 'a', { signal }))
    await clock.advance(0)
    expect(adds).toBe(1)
    cache.delete('a')
    await clock.advance(0)
    expect(readers.every((reader) => reader.state === 'ended')).toBe(true)
  })
})
