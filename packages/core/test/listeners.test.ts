import { expiry } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { untyped } from './scheduling.ts'
import { captureReports, done, running, stepped, world, type Job } from './world.ts'

/** A listener that counts, and keeps what it was called with. */
function counting(): { readonly listener: () => void; readonly calls: readonly unknown[][] } {
  const calls: unknown[][] = []
  return { calls, listener: (...given: unknown[]) => void calls.push(given) }
}

describe('once a turn', () => {
  it('O2: any number of changes in one turn are one call', async () => {
    const { cache, clock } = world({ isTerminal: (job) => job.done })
    const [plain, activity] = [counting(), counting()]
    cache.getOrCreate('a', running())
    await clock.advance(0)
    cache.subscribe('a', plain.listener)
    cache.subscribe('a', activity.listener, { activity: true })
    for (let step = 1; step <= 50; step++) cache.update('a', running(step))
    cache.deleteDelayed('a')
    cache.ingest([{ id: 'a', action: 'fail', error: 'no' }])
    cache.update('a', done())
    await clock.advance(0)
    expect([plain.calls.length, activity.calls.length]).toEqual([1, 1])
  })

  it('O2: changes in two turns are two calls', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.getOrCreate('a', running())
    cache.subscribe('a', listener)
    cache.update('a', running(1))
    await clock.advance(0)
    cache.update('a', running(2))
    await clock.advance(0)
    expect(calls).toHaveLength(2)
  })

  it('O2: a sync that changes many items calls each listener of each item once', async () => {
    const { cache, clock } = world({ answer: stepped })
    const heard: string[] = []
    for (const id of ['a', 'b', 'c']) {
      cache.getOrCreate(id, running())
      cache.subscribe(id, () => heard.push(`${id}1`))
      cache.subscribe(id, () => heard.push(`${id}2`))
    }
    await clock.advance(0)
    heard.length = 0
    cache.start()
    await clock.advance(0)
    expect(heard).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2'])
  })

  it('O2: a change that a listener makes is a call of its own, for all, and not a nested one', async () => {
    const { cache, clock } = world()
    const heard: string[] = []
    let depth = 0
    cache.getOrCreate('a', running())
    cache.subscribe('a', () => {
      depth += 1
      heard.push(`first ${depth} ${cache.getOrThrow('a').step}`)
      if (cache.getOrThrow('a').step < 3) cache.update('a', running(cache.getOrThrow('a').step + 1))
      depth -= 1
    })
    cache.subscribe('a', () => heard.push(`second ${cache.getOrThrow('a').step}`))
    cache.update('a', running(1))
    await clock.advance(0)
    expect(heard.filter((entry) => entry.startsWith('first'))).toEqual([
      'first 1 1',
      'first 1 2',
      'first 1 3',
    ])
    expect(heard.filter((entry) => entry.startsWith('second')).slice(-1)).toEqual(['second 3'])
  })
})

describe('whatever other listeners do', () => {
  it('O2, F7: a listener that throws keeps no other from being called, and is reported', async () => {
    const captured = captureReports()
    try {
      const { cache, clock, events } = world()
      const { calls, listener } = counting()
      const error = new Error('of a listener')
      const fail = (): void => {
        throw error
      }
      cache.getOrCreate('a', running())
      cache.subscribe('a', fail)
      cache.subscribe('a', listener)
      cache.subscribe('a', fail, { activity: true })
      cache.subscribe('a', listener, { activity: true })
      cache.update('a', running(1))
      await clock.advance(0)
      expect(calls).toHaveLength(2)
      expect(events.filter((event) => event.type === 'callback-error')).toEqual([
        { type: 'callback-error', error },
        { type: 'callback-error', error },
      ])
      expect(captured.reports).toEqual([error, error])
    } finally {
      captured.restore()
    }
  })

  it('O2: one of two listeners that unsubscribe each other is called', async () => {
    const { cache, clock } = world()
    const heard: string[] = []
    const leave: (() => void)[] = []
    leave.push(
      cache.subscribe('a', () => {
        heard.push('first')
        leave[1]?.()
      }),
    )
    leave.push(
      cache.subscribe('a', () => {
        heard.push('second')
        leave[0]?.()
      }),
    )
    cache.getOrCreate('a', running())
    await clock.advance(0)
    expect(heard).toHaveLength(1)
    cache.update('a', running(1))
    await clock.advance(0)
    expect(heard).toHaveLength(2)
    expect(heard[0]).toBe(heard[1])
  })

  it('O2: a listener that leaves while it is called keeps no other from being called', async () => {
    const { cache, clock } = world()
    const heard: string[] = []
    for (const name of ['first', 'second', 'third']) {
      const leave = cache.subscribe('a', () => {
        heard.push(name)
        leave()
      })
    }
    cache.getOrCreate('a', running())
    await clock.advance(0)
    expect(heard).toEqual(['first', 'second', 'third'])
    cache.update('a', running(1))
    await clock.advance(0)
    expect(heard).toHaveLength(3)
  })

  it('O2: a listener that subscribes another one each time does not go on for ever', async () => {
    const { cache, clock } = world()
    let heard = 0
    cache.subscribe('a', () => {
      heard += 1
      if (heard < 1000) cache.subscribe('a', () => (heard += 1))
    })
    cache.getOrCreate('a', running())
    await clock.advance(0)
    expect(heard).toBeLessThan(10)
  })

  it('O2: a listener that deletes the item, or stops the cache, keeps no other from being called', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.subscribe('a', () => {
      cache.delete('a')
      void cache.stop()
    })
    cache.subscribe('a', listener)
    cache.update('a', running(1))
    await clock.advance(0)
    expect(calls.length).toBeGreaterThan(0)
    expect(cache.has('a')).toBe(false)
  })
})

describe('unsubscribing', () => {
  it('O2: a listener is never called after its unsubscribe returned, a change of that turn included', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.getOrCreate('a', running())
    const leave = cache.subscribe('a', listener)
    const leaveActivity = cache.subscribe('a', listener, { activity: true })
    cache.update('a', running(1))
    leave()
    leaveActivity()
    await clock.advance(0)
    cache.update('a', running(2))
    await clock.advance(5000)
    expect(calls).toEqual([])
  })

  it('O2: unsubscribing twice is unsubscribing once', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.getOrCreate('a', running())
    const leave = cache.subscribe('a', listener)
    cache.subscribe('a', () => {})
    leave()
    leave()
    expect(cache.stats().subscribers).toBe(1)
    cache.update('a', running(1))
    await clock.advance(0)
    expect(calls).toEqual([])
  })

  it('O2: the same function subscribed twice stays until it has left twice', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.getOrCreate('a', running())
    const leave = cache.subscribe('a', listener)
    const leaveLast = cache.subscribe('a', listener)
    leave()
    leave()
    cache.update('a', running(1))
    await clock.advance(0)
    expect(calls).toHaveLength(1)
    leaveLast()
    cache.update('a', running(2))
    await clock.advance(0)
    expect(calls).toHaveLength(1)
  })

  it('O2: unsubscribe works after the item was deleted and created again', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.getOrCreate('a', running())
    const leave = cache.subscribe('a', listener)
    cache.delete('a')
    cache.getOrCreate('a', running())
    leave()
    await clock.advance(0)
    cache.update('a', running(1))
    await clock.advance(0)
    expect(calls).toEqual([])
    expect(cache.stats().subscribers).toBe(0)
  })
})

describe('an absent id', () => {
  it('O2: subscribing to it is allowed, creates nothing, and is told of the creation', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.subscribe('a', listener)
    expect(cache.has('a')).toBe(false)
    expect(cache.size).toBe(0)
    await clock.advance(0)
    expect(calls).toEqual([])
    cache.getOrCreate('a', running())
    await clock.advance(0)
    expect(calls).toHaveLength(1)
    cache.update('a', running(1))
    await clock.advance(0)
    expect(calls).toHaveLength(2)
  })

  it('O2: a call that does not create it notifies nobody', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.start()
    cache.subscribe('a', listener, { activity: true })
    cache.update('a', running())
    cache.delete('a')
    cache.deleteDelayed('a')
    cache.ingest([{ id: 'a', item: running() }])
    await clock.advance(0)
    expect(calls).toEqual([])
  })

  it('O2: ids such as `__proto__` are subscribed like others', async () => {
    const { cache, clock } = world()
    for (const id of ['', '__proto__', 'constructor', 'hasOwnProperty']) {
      const { calls, listener } = counting()
      cache.subscribe(id, listener)
      cache.getOrCreate(id, running())
      await clock.advance(0)
      expect(calls).toHaveLength(1)
    }
  })

  it('O2, L7: an id that is not a string is a TypeError, and subscribes nobody', () => {
    const { cache } = world()
    for (const id of [undefined, null, 1, {}]) {
      expect(() => cache.subscribe(untyped(id), () => {})).toThrow(TypeError)
    }
    expect(cache.stats().subscribers).toBe(0)
  })
})

describe('the life of a subscription', () => {
  it('O2: it works on a cache that does not run, and goes on when it starts and stops', async () => {
    const { cache, clock } = world({ answer: stepped })
    const { calls, listener } = counting()
    cache.getOrCreate('a', running())
    cache.subscribe('a', listener)
    await clock.advance(0)
    cache.update('a', running(1))
    await clock.advance(0)
    expect(calls).toHaveLength(1)
    cache.start()
    await clock.advance(0)
    expect(calls).toHaveLength(2)
    await cache.stop()
    cache.update('a', running(5))
    await clock.advance(0)
    expect(calls).toHaveLength(3)
  })

  it('O2: starting and stopping alone is no change', async () => {
    const { cache, clock } = world({ isTerminal: (job) => job.done })
    const { calls, listener } = counting()
    cache.getOrCreate('a', done())
    await clock.advance(0)
    cache.subscribe('a', listener)
    cache.start()
    await clock.advance(10)
    await cache.stop()
    await clock.advance(10)
    expect(calls).toEqual([])
  })
})

describe('memory', () => {
  it('O6: after the last subscriber left, none is counted', () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    const leave = ['a', 'a', 'absent', 'absent'].map((id) => cache.subscribe(id, () => {}))
    expect(cache.stats().subscribers).toBe(4)
    cache.delete('a')
    for (const each of leave) each()
    expect(cache.stats().subscribers).toBe(0)
    expect(cache.size).toBe(0)
    expect([...cache.ids()]).toEqual([])
  })

  it('O6: a cache that everybody left holds no timer, and asks nothing of its environment once stopped', async () => {
    const { cache, clock, environment } = world<Job>({
      gcTime: 1000,
      policies: [expiry({ maxAge: 5000, terminalTtl: 1000 })],
    })
    cache.start().getOrCreate('a', running())
    const leave = cache.subscribe('a', () => {})
    await clock.advance(100)
    leave()
    cache.delete('a')
    await clock.advance(0)
    expect(clock.timers).toBe(0)
    await cache.stop()
    expect(environment.listeners).toBe(0)
  })
})

describe('a listener that is none', () => {
  it.each([undefined, null, {}, 'listener'])('O2: %o is a TypeError, and subscribes nobody', (listener) => {
    const { cache } = world()
    expect(() => cache.subscribe('a', untyped(listener))).toThrow(TypeError)
    expect(() => cache.onEvent(untyped(listener))).toThrow(TypeError)
    expect(cache.stats().subscribers).toBe(0)
  })
})
