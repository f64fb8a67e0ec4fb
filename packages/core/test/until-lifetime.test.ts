import { expiry, until, type AutoRefresh } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { isTerminal, done, running, stepped, world, type Job } from './world.ts'

/** Present state of a promise: `pending`, the value, or the error. */
function outcome(promise: Promise<unknown>): { state: string; value: unknown } {
  const result: { state: string; value: unknown } = { state: 'pending', value: undefined }
  promise.then(
    (value) => Object.assign(result, { state: 'resolved', value }),
    (error: unknown) => Object.assign(result, { state: 'rejected', value: error }),
  )
  return result
}

describe('a signal', () => {
  it('O4: an abort rejects with its reason', async () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    const controller = new AbortController()
    const result = until(cache, 'a', undefined, { signal: controller.signal })
    const reason = { why: 'enough' }
    controller.abort(reason)
    await expect(result).rejects.toBe(reason)
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O4, O5: ends waiting in a cache without a seam, too, and only that', async () => {
    const w = world()
    w.cache.getOrCreate('a', running())
    const bare: AutoRefresh<Job> = new Proxy(w.cache, {
      get(target, key): unknown {
        const value: unknown = key === 'adapterSeam' ? undefined : Reflect.get(target, key)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const controller = new AbortController()
    const { signal } = controller
    const aborted = outcome(until(bare, 'a', undefined, { signal }))
    const met = outcome(until(bare, 'a', ({ step }) => step === 1, { signal }))
    w.cache.update('a', running(1))
    await w.clock.advance(0)
    expect([aborted.state, met.state]).toEqual(['pending', 'resolved'])
    controller.abort('enough')
    await w.clock.advance(0)
    expect([aborted, met.value]).toEqual([{ state: 'rejected', value: 'enough' }, running(1)])
    expect(w.cache.stats().subscribers).toBe(0)
  })

  it('O4: an abort without a reason rejects with an AbortError', async () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    const controller = new AbortController()
    const result = until(cache, 'a', () => false, { signal: controller.signal })
    controller.abort()
    await expect(result).rejects.toBe(controller.signal.reason)
    await expect(result).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('O4: a signal that is aborted already rejects where the condition does not hold', async () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    const reason = new Error('before')
    await expect(until(cache, 'a', undefined, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O4: an abort after it resolved changes nothing', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.getOrCreate('a', running())
    const controller = new AbortController()
    const result = outcome(until(cache, 'a', undefined, { signal: controller.signal }))
    cache.update('a', done())
    await clock.advance(0)
    controller.abort()
    await clock.advance(0)
    expect(result).toEqual({ state: 'resolved', value: done() })
  })

  it('O4: an abort of one leaves the others waiting', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.getOrCreate('a', running())
    const controller = new AbortController()
    const aborted = outcome(until(cache, 'a', undefined, { signal: controller.signal }))
    const other = outcome(until(cache, 'a', undefined, { signal: new AbortController().signal }))
    controller.abort()
    await clock.advance(0)
    expect([aborted.state, other.state]).toEqual(['rejected', 'pending'])
    cache.update('a', done())
    await clock.advance(0)
    expect(other.state).toBe('resolved')
  })

  it('O4: without a signal, and with undefined for one, it waits', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.getOrCreate('a', running())
    const results = [
      outcome(until(cache, 'a', undefined, {})),
      outcome(until(cache, 'a', undefined, undefined)),
    ]
    await clock.advance(1000)
    expect(results.map((result) => result.state)).toEqual(['pending', 'pending'])
  })
})

describe('a subscriber', () => {
  it('O4, W12: it is a subscriber while it waits, and none afterwards', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.getOrCreate('a', running())
    const result = outcome(until(cache, 'a'))
    await clock.advance(0)
    expect(cache.stats().subscribers).toBe(1)
    cache.update('a', done())
    await clock.advance(0)
    expect(result.state).toBe('resolved')
    expect(cache.stats().subscribers).toBe(0)
  })

  it.each(['delete', 'expire'] as const)('O4: it is none after a %s', async (how) => {
    const { cache, clock } = world<Job>({ policies: [expiry({ maxAge: 500 })] })
    cache.start().getOrCreate('a', running())
    const result = outcome(until(cache, 'a'))
    await clock.advance(how === 'expire' ? 500 : 100)
    if (how === 'delete') cache.delete('a')
    await clock.advance(0)
    expect(result.state).toBe('rejected')
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O4, P7: an item of a subscription is refreshed while only `until` observes it, and removed gcTime later', async () => {
    const { cache, clock, calls } = world({ gcTime: 500, answer: stepped })
    cache.start()
    const leave = cache.subscribe('a', () => undefined, { create: true })
    const result = outcome(until(cache, 'a', (job) => job.step === 4))
    leave()
    await clock.advance(3000)
    expect(result).toEqual({ state: 'resolved', value: running(4) })
    expect(calls.map((call) => call.at)).toEqual([0, 1000, 2000, 3000])
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
    expect(calls).toHaveLength(4)
  })

  it("O4, P7: it creates nothing and does not make an item the application's", async () => {
    const { cache } = world()
    await expect(until(cache, 'a')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(cache.size).toBe(0)
  })

  it('O4, O6: a thousand that came and went are no subscribers', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.getOrCreate('a', running())
    for (let index = 0; index < 1000; index++) {
      const controller = new AbortController()
      until(cache, 'a', undefined, { signal: controller.signal }).catch(() => {})
      if (index % 2 === 0) controller.abort()
    }
    cache.update('a', done())
    await clock.advance(0)
    expect(cache.stats().subscribers).toBe(0)
  })
})

describe('many on one signal', () => {
  /** Counts calls that a runtime answers in time proportional to the listeners that are there. */
  function countedSignal(): {
    readonly controller: AbortController
    readonly counts: { adds: number; removes: number }
  } {
    const controller = new AbortController()
    const { signal } = controller
    const counts = { adds: 0, removes: 0 }
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    Object.assign(signal, {
      addEventListener: (...given: Parameters<typeof add>) => {
        counts.adds += 1
        add(...given)
      },
      removeEventListener: (...given: Parameters<typeof remove>) => {
        counts.removes += 1
        remove(...given)
      },
    })
    return { controller, counts }
  }

  it('O4, O6: share one event listener, which goes with the last of them', async () => {
    const { cache, clock } = world({ isTerminal })
    const { controller, counts } = countedSignal()
    cache.getOrCreate('a', running())
    for (let count = 0; count < 1000; count++)
      void until(cache, 'a', undefined, { signal: controller.signal })
    expect(counts).toEqual({ adds: 1, removes: 0 })
    cache.update('a', done())
    await clock.advance(0)
    expect(counts).toEqual({ adds: 1, removes: 1 })
  })

  it('O4: an abort rejects each of them, and those of another cache', async () => {
    const worlds = [world(), world()]
    const { controller, counts } = countedSignal()
    const results = worlds.flatMap(({ cache }) =>
      ['a', 'b'].map((id) => {
        cache.getOrCreate(id, running())
        return outcome(until(cache, id, () => false, { signal: controller.signal }))
      }),
    )
    controller.abort('enough')
    for (const { clock } of worlds) await clock.advance(0)
    expect(results).toEqual(results.map(() => ({ state: 'rejected', value: 'enough' })))
    expect(worlds.map(({ cache }) => cache.stats().subscribers)).toEqual([0, 0])
    expect(counts).toEqual({ adds: 2, removes: 2 })
  })

  it('O4: a wait that begins after all others have left is told of the abort', async () => {
    const { cache, clock } = world()
    const { controller } = countedSignal()
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', running())
    void until(cache, 'a', undefined, { signal: controller.signal })
    cache.delete('a')
    await clock.advance(0)
    const result = outcome(until(cache, 'b', undefined, { signal: controller.signal }))
    controller.abort('enough')
    await clock.advance(0)
    expect(result).toEqual({ state: 'rejected', value: 'enough' })
  })
})

describe('a rejection that nobody handles yet', () => {
  it('O4: is no unhandled rejection, and reaches whoever awaits it later', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    const waits = [until(cache, 'a'), until(cache, 'absent')]
    cache.delete('a')
    await clock.advance(0)
    // A runtime tells of unhandled rejections after the microtasks of a task, and the runner fails on them.
    await new Promise((resolve) => setTimeout(resolve, 0))
    await expect(waits[0]).rejects.toMatchObject({ code: 'DELETED' })
    await expect(waits[1]).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
