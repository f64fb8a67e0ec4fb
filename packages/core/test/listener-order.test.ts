import { describe, expect, it } from 'vitest'
import { untyped } from './scheduling.ts'
import { captureReports, running, world } from './world.ts'

/** A listener that counts, and keeps what it was called with. */
function counting(): { readonly listener: () => void; readonly calls: readonly unknown[][] } {
  const calls: unknown[][] = []
  return { calls, listener: (...given: unknown[]) => void calls.push(given) }
}

describe('the order of listeners', () => {
  it('O2: it is that of the subscriptions, with and without activity', async () => {
    const { cache, clock } = world()
    const heard: number[] = []
    cache.getOrCreate('a', running())
    const leave = [1, 2, 3, 4, 5].map((n) =>
      cache.subscribe('a', () => heard.push(n), { activity: n % 2 === 0 }),
    )
    cache.update('a', running(1))
    await clock.advance(0)
    expect(heard).toEqual([1, 2, 3, 4, 5])
    leave[1]?.()
    cache.subscribe('a', () => heard.push(6))
    cache.update('a', running(2))
    await clock.advance(0)
    expect(heard.slice(5)).toEqual([1, 3, 4, 5, 6])
  })

  it('O2: it is kept over a deletion and another creation, and for an id that was absent', async () => {
    const { cache, clock } = world()
    const heard: number[] = []
    for (const n of [1, 2, 3]) cache.subscribe('a', () => heard.push(n))
    cache.getOrCreate('a', running())
    await clock.advance(0)
    cache.delete('a')
    await clock.advance(0)
    expect(heard).toEqual([1, 2, 3, 1, 2, 3])
  })

  it('O2: event listeners, too, are told in their order', () => {
    const { cache } = world()
    const heard: number[] = []
    for (const n of [1, 2, 3]) cache.onEvent(() => heard.push(n))
    cache.getOrCreate('a', running())
    expect(heard).toEqual([1, 2, 3])
  })
})

describe('a listener that returns a promise', () => {
  it('O2, F7: if that rejects, it is reported once, and the others are called', async () => {
    const captured = captureReports()
    try {
      const { cache, clock, events } = world()
      const { calls, listener } = counting()
      const error = new Error('of an async listener')
      const rejects = untyped(() => Promise.reject(error))
      cache.getOrCreate('a', running())
      cache.subscribe('a', rejects)
      cache.subscribe('a', listener)
      cache.update('a', running(1))
      await clock.advance(0)
      expect(calls).toHaveLength(1)
      expect(captured.reports).toEqual([error])
      expect(events.filter((event) => event.type === 'callback-error')).toEqual([
        { type: 'callback-error', error },
      ])
    } finally {
      captured.restore()
    }
  })

  it('O2, F7: a rejection of an event listener is reported once, too', async () => {
    const captured = captureReports()
    try {
      const { cache, clock } = world()
      const error = new Error('of an async event listener')
      cache.onEvent(
        untyped(({ type }: { readonly type: string }) => (type === 'created' ? Promise.reject(error) : 0)),
      )
      cache.getOrCreate('a', running())
      await clock.advance(0)
      expect(captured.reports).toEqual([error])
    } finally {
      captured.restore()
    }
  })

  it('O2: if that resolves, or is a thenable that never settles, nothing is reported', async () => {
    const captured = captureReports()
    try {
      const { cache, clock } = world()
      cache.getOrCreate('a', running())
      for (const returned of [Promise.resolve(5), { then: 5 }, { then: () => {} }, null, 5]) {
        cache.subscribe(
          'a',
          untyped(() => returned),
        )
      }
      cache.update('a', running(1))
      await clock.advance(0)
      expect(captured.reports).toEqual([])
    } finally {
      captured.restore()
    }
  })
})
