import type { AutoRefresh, ItemSnapshot } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { untyped } from './scheduling-helpers.ts'
import { captureReports, done, running, stepped, unchanged, world, type Job } from './world.ts'

/** A listener that counts, and keeps what it was called with. */
function counting(): { readonly listener: () => void; readonly calls: readonly unknown[][] } {
  const calls: unknown[][] = []
  return { calls, listener: (...given: unknown[]) => void calls.push(given) }
}

/** Some microtasks pass; no timer of any clock runs. */
async function microtasks(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

/** How often a listener is told of what `change` does to a present `a`, and with activity. */
async function told(
  change: (cache: AutoRefresh<Job>) => unknown,
): Promise<[plain: number, activity: number]> {
  const { cache, clock } = world({ isTerminal: (job) => job.done, maxAge: 100_000 })
  cache.getOrCreate('a', running())
  await clock.advance(0)
  const plain = counting()
  const activity = counting()
  cache.subscribe('a', plain.listener)
  cache.subscribe('a', activity.listener, { activity: true })
  await clock.advance(0)
  change(cache)
  await clock.advance(0)
  return [plain.calls.length, activity.calls.length]
}

describe('when a listener is called', () => {
  it('O2: it is called in a microtask after the change, not within it', async () => {
    const { cache } = world()
    const { calls, listener } = counting()
    cache.getOrCreate('a', running())
    cache.subscribe('a', listener)
    cache.update('a', running(1))
    expect(calls).toHaveLength(0)
    await microtasks()
    expect(calls).toHaveLength(1)
  })

  it('O2: it is called with no arguments', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.subscribe('a', listener)
    cache.getOrCreate('a', running())
    await clock.advance(0)
    expect(calls).toEqual([[]])
  })

  it('O2: with activity, it is called with no arguments in a microtask, too', async () => {
    const { cache } = world()
    const { calls, listener } = counting()
    cache.subscribe('a', listener, { activity: true })
    cache.getOrCreate('a', running())
    expect(calls).toEqual([])
    await microtasks()
    expect(calls).toEqual([[]])
  })

  it('O2: subscribing alone calls nobody', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.getOrCreate('a', running())
    cache.subscribe('a', listener)
    cache.subscribe('a', listener, { activity: true })
    cache.subscribe('absent', listener)
    await clock.advance(0)
    expect(calls).toEqual([])
  })

  it('O2: a listener that comes after a change of an earlier turn is not told of it', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.getOrCreate('a', running())
    cache.update('a', running(1))
    await clock.advance(0)
    cache.subscribe('a', listener)
    await clock.advance(0)
    expect(calls).toEqual([])
  })

  it('O2: when it is called, the cache shows what changed', async () => {
    const { cache, clock } = world()
    const seen: ItemSnapshot<Job>[] = []
    cache.getOrCreate('a', running())
    cache.subscribe('a', () => seen.push(cache.getSnapshot('a')))
    cache.update('a', running(1))
    await clock.advance(0)
    cache.delete('a')
    await clock.advance(0)
    expect(seen).toMatchObject([{ status: 'active', item: running(1) }, { status: 'missing' }])
  })
})

describe('what a listener is told of', () => {
  it('O2: a change of the item by a local update', async () => {
    expect(await told((cache) => cache.update('a', running(1)))).toEqual([1, 1])
  })

  it('O2: another object that looks the same is a change of the item where it is put in locally', async () => {
    expect(await told((cache) => cache.update('a', running()))).toEqual([1, 1])
  })

  it('O2: a change of the item by ingest', async () => {
    expect(await told((cache) => cache.ingest([{ id: 'a', item: running(1) }]))).toEqual([1, 1])
  })

  it('O2: a change of the item by a sync', async () => {
    const { cache, clock } = world({ answer: stepped })
    const { calls, listener } = counting()
    cache.getOrCreate('a', running())
    cache.subscribe('a', listener)
    cache.start()
    await clock.advance(0)
    expect(calls).toHaveLength(1)
    await clock.advance(1000)
    expect(calls).toHaveLength(2)
  })

  it('O2: a change of the status to terminal', async () => {
    expect(await told((cache) => cache.update('a', done()))).toEqual([1, 1])
  })

  it('O2: a change of the status from terminal', async () => {
    const { cache, clock } = world({ isTerminal: (job) => job.done })
    const { calls, listener } = counting()
    cache.getOrCreate('a', done())
    cache.subscribe('a', listener)
    cache.update('a', running())
    await clock.advance(0)
    expect(calls).toHaveLength(1)
  })

  it('O2: a change of the status to expired', async () => {
    const { cache, clock } = world({ maxAge: 300 })
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    cache.subscribe('a', listener)
    await clock.advance(299)
    const before = calls.length
    await clock.advance(1)
    expect(calls).toHaveLength(before + 1)
    expect(cache.getSnapshot('a').status).toBe('expired')
  })

  it('O2: the creation of the item, and every later one', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.subscribe('a', listener)
    cache.getOrCreate('a', running())
    await clock.advance(0)
    expect(calls).toHaveLength(1)
    cache.delete('a')
    await clock.advance(0)
    cache.getOrCreate('a', running())
    await clock.advance(0)
    expect(calls).toHaveLength(3)
  })

  it('O2: the deletion of the item', async () => {
    expect(await told((cache) => cache.delete('a'))).toEqual([1, 1])
  })

  it('O2: a delete and re-create in one turn', async () => {
    const change = (cache: AutoRefresh<Job>): void => {
      cache.delete('a')
      cache.getOrCreate('a', running(5))
    }
    expect(await told(change)).toEqual([1, 1])
  })

  it('O2: isDeleting', async () => {
    expect(await told((cache) => cache.deleteDelayed('a'))).toEqual([1, 1])
  })

  it('O2: the removal that follows deleteDelayed', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.subscribe('a', listener)
    cache.deleteDelayed('a')
    await clock.advance(999)
    expect(calls).toHaveLength(1)
    await clock.advance(1)
    expect(calls).toHaveLength(2)
    expect(cache.has('a')).toBe(false)
  })

  it('O2: that the source says the item is gone', async () => {
    expect(await told((cache) => cache.ingest([{ id: 'a', action: 'delete' }]))).toEqual([1, 1])
  })

  it('O2: an error', async () => {
    const change = (cache: AutoRefresh<Job>): void => cache.ingest([{ id: 'a', action: 'fail', error: 'no' }])
    expect(await told(change)).toEqual([1, 1])
  })

  it('O2: a failureCount that rises, though the error is the same', async () => {
    const { cache, clock } = world({ retry: { factor: 1 }, answer: () => Promise.reject(new Error('down')) })
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    cache.subscribe('a', listener)
    await clock.advance(0)
    const before = calls.length
    await clock.advance(1000)
    expect(cache.getSnapshot('a').failureCount).toBe(2)
    expect(calls).toHaveLength(before + 1)
  })

  it('O2: a failureCount that rises where the error is undefined', async () => {
    const change = (cache: AutoRefresh<Job>): void =>
      cache.ingest([{ id: 'a', action: 'fail', error: undefined }])
    expect(await told(change)).toEqual([1, 1])
  })

  it('O2: the end of a failure by a sync that brings no new value', async () => {
    const { cache, clock } = world({
      answer: (batch, call) => (call.at === 0 ? Promise.reject(new Error('down')) : unchanged(batch)),
    })
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.subscribe('a', listener)
    await clock.advance(1000)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 0, error: undefined })
    expect(calls).toHaveLength(1)
  })

  it('O2: nothing that happens to other items', async () => {
    const change = (cache: AutoRefresh<Job>): void => {
      cache.getOrCreate('b', running())
      cache.update('b', done())
      cache.delete('b')
      cache.update('absent', running())
    }
    expect(await told(change)).toEqual([0, 0])
  })

  it('O2: nothing where nothing changes', async () => {
    const change = (cache: AutoRefresh<Job>): void => {
      cache.get('a')
      cache.getOrCreate('a', running(9))
      cache.has('a')
      cache.inProcessing('a')
      cache.getSnapshot('a')
      cache.onEvent(() => {})()
      cache.ingest([])
    }
    expect(await told(change)).toEqual([0, 0])
  })
})

describe('a refresh that changes nothing', () => {
  it('O2: tells nobody, where the source says unchanged', async () => {
    const { cache, clock, calls: syncCalls } = world()
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.subscribe('a', listener)
    await clock.advance(5000)
    expect(syncCalls).toHaveLength(6)
    expect(calls).toEqual([])
  })

  it('O2: tells nobody, where the source sends an equal item', async () => {
    const {
      cache,
      clock,
      calls: syncCalls,
    } = world({
      answer: (batch) => batch.map(({ id, item }) => ({ id, item: { ...item } })),
    })
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.subscribe('a', listener)
    await clock.advance(5000)
    expect(syncCalls).toHaveLength(6)
    expect(calls).toEqual([])
  })

  it('O2: tells nobody, where it was pushed', async () => {
    const change = (cache: AutoRefresh<Job>): void => cache.ingest([{ id: 'a', action: 'unchanged' }])
    expect((await told(change))[0]).toBe(0)
  })

  it('O2: tells nobody while the call runs', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    cache.subscribe('a', listener)
    await clock.advance(0)
    expect(cache.getSnapshot('a').isRefreshing).toBe(true)
    const before = calls.length
    lastCall().answer([])
    await clock.advance(0)
    expect(calls).toHaveLength(before)
  })
})

describe('activity', () => {
  it('O2: with activity a listener is told when a call starts, and when it settles', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    lastCall().answer([])
    await clock.advance(500)
    cache.subscribe('a', listener, { activity: true })
    await clock.advance(500)
    expect(cache.getSnapshot('a').isRefreshing).toBe(true)
    expect(calls).toHaveLength(1)
    lastCall().answer([])
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ isRefreshing: false, unchangedCount: 2 })
    expect(calls).toHaveLength(2)
  })

  it('O2: with activity a listener is told of a nextRefreshAt that moves', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.subscribe('a', listener, { activity: true })
    await clock.advance(400)
    const before = cache.getSnapshot('a').nextRefreshAt
    cache.ingest([{ id: 'a', action: 'unchanged' }])
    expect(cache.getSnapshot('a').nextRefreshAt).not.toBe(before)
    await clock.advance(0)
    expect(calls).toHaveLength(1)
  })

  it('O2: with `activity: false`, or undefined, a listener is told of no activity', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.subscribe('a', listener, { activity: false })
    cache.subscribe('a', listener, { activity: undefined })
    cache.subscribe('a', listener, {})
    await clock.advance(5000)
    expect(calls).toEqual([])
  })

  it('O2: activity for one listener is none for another of the same id', async () => {
    const { cache, clock } = world()
    const plain = counting()
    const activity = counting()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.subscribe('a', activity.listener, { activity: true })
    cache.subscribe('a', plain.listener)
    await clock.advance(1000)
    expect(activity.calls.length).toBeGreaterThan(0)
    expect(plain.calls).toEqual([])
  })

  it('O2: a listener with activity is called exactly where the snapshot of a turn is another one', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait', maxAge: 3500 })
    let heard = 0
    cache.subscribe('a', () => (heard += 1), { activity: true })
    const turns: [what: () => unknown, ms: number][] = [
      [() => cache.start(), 0],
      [() => cache.getOrCreate('a', running()), 0],
      [() => lastCall().answer([{ id: 'a', item: running(1) }]), 0],
      [() => cache.update('a', running(2)), 0],
      [() => cache.get('a'), 999],
      [() => cache.get('a'), 1],
      [() => lastCall().fail(new Error('down')), 0],
      [() => cache.ingest([{ id: 'a', action: 'unchanged' }]), 0],
      [() => cache.deleteDelayed('a'), 0],
      [() => cache.delete('a'), 0],
    ]
    for (const [what, ms] of turns) {
      const before = cache.getSnapshot('a')
      const heardBefore = heard
      what()
      await clock.advance(ms)
      expect(heard > heardBefore).toBe(cache.getSnapshot('a') !== before)
    }
  })
})

describe('once a turn', () => {
  it('O2: any number of changes in one turn are one call', async () => {
    const change = (cache: AutoRefresh<Job>): void => {
      for (let step = 1; step <= 50; step++) cache.update('a', running(step))
      cache.deleteDelayed('a')
      cache.ingest([{ id: 'a', action: 'fail', error: 'no' }])
      cache.update('a', done())
    }
    expect(await told(change)).toEqual([1, 1])
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
    expect(heard.sort()).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2'])
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

  it('O2: a listener that throws is called again at the next change', async () => {
    const captured = captureReports()
    try {
      const { cache, clock } = world()
      let heard = 0
      cache.getOrCreate('a', running())
      cache.subscribe('a', () => {
        heard += 1
        throw new Error('of a listener')
      })
      for (const step of [1, 2, 3]) {
        cache.update('a', running(step))
        await clock.advance(0)
      }
      expect(heard).toBe(3)
    } finally {
      captured.restore()
    }
  })

  it('O2: a listener of another id is called though one throws', async () => {
    const captured = captureReports()
    try {
      const { cache, clock } = world()
      const { calls, listener } = counting()
      cache.subscribe('a', () => {
        throw new Error('of a listener')
      })
      cache.subscribe('b', listener)
      cache.getOrCreate('a', running())
      cache.getOrCreate('b', running())
      await clock.advance(0)
      expect(calls).toHaveLength(1)
    } finally {
      captured.restore()
    }
  })

  it('O2: of two listeners that unsubscribe each other one is called', async () => {
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
    expect(heard.sort()).toEqual(['first', 'second', 'third'])
    cache.update('a', running(1))
    await clock.advance(0)
    expect(heard).toHaveLength(3)
  })

  it('O2: listeners of another id that leave by what a listener does are not called any more', async () => {
    const { cache, clock } = world()
    const heard: string[] = []
    const leave: (() => void)[] = []
    leave.push(
      cache.subscribe('a', () => {
        heard.push('a')
        leave[1]?.()
      }),
    )
    leave.push(
      cache.subscribe('b', () => {
        heard.push('b')
        leave[0]?.()
      }),
    )
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(0)
    expect(heard).toHaveLength(1)
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

  it('O2: an old unsubscribe does nothing to a later subscription of the same function', async () => {
    const { cache, clock } = world()
    const { calls, listener } = counting()
    cache.getOrCreate('a', running())
    const leave = cache.subscribe('a', listener)
    leave()
    cache.subscribe('a', listener)
    leave()
    cache.update('a', running(1))
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

  it('O2: who stays is told of it when another has left', async () => {
    const { cache, clock } = world()
    const [first, second] = [counting(), counting()]
    const leave = cache.subscribe('a', first.listener)
    cache.subscribe('a', second.listener)
    leave()
    cache.getOrCreate('a', running())
    await clock.advance(0)
    expect(first.calls).toEqual([])
    expect(second.calls).toHaveLength(1)
  })

  it('O2: what does not create it tells nobody', async () => {
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
    const { cache, clock, environment } = world({ gcTime: 1000, maxAge: 5000, terminalTtl: 1000 })
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
