import { customBatches, until } from '@auto-refresh/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAll, log, outcomeOf, times } from './scheduling.ts'
import { captureReports, replace, running, stepped, unchanged, world, type Job, type World } from './world.ts'

let captured: ReturnType<typeof captureReports>
beforeEach(() => {
  captured = captureReports()
})
afterEach(() => captured.restore())

const error = new Error('callback')
const throws = (): never => {
  throw error
}

const told = ({ events }: World<Job>): unknown[] =>
  events.flatMap((event) => (event.type === 'callback-error' ? [event.error] : []))

describe('a subscriber that throws', () => {
  it('F7: is reported, as an event and to the runtime', async () => {
    const w = world({ answer: stepped })
    w.cache.start().getOrCreate('a', running())
    w.cache.subscribe('a', throws)
    await w.clock.advance(0)
    expect(told(w)).toContain(error)
    expect(captured.reports).toContain(error)
  })

  it('F7: the others are called', async () => {
    const called: string[] = []
    const w = world({ answer: stepped })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    w.cache.subscribe('a', () => called.push('before'))
    w.cache.subscribe('a', throws)
    w.cache.subscribe('a', () => called.push('after'))
    await w.clock.advance(1000)
    expect(called.sort()).toEqual(['after', 'before'])
  })

  it('F7: listeners of other items are called', async () => {
    let called = 0
    const w = world({ answer: stepped })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(0)
    w.cache.subscribe('a', throws)
    w.cache.subscribe('b', () => (called += 1))
    await w.clock.advance(1000)
    expect(called).toBe(1)
  })

  it('F7: it goes on, and is called the next time', async () => {
    const w = world({ answer: stepped })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    let called = 0
    w.cache.subscribe('a', () => {
      called += 1
      throw error
    })
    await w.clock.advance(3000)
    expect(called).toBe(3)
    expect(times(w.calls)).toEqual([0, 1000, 2000, 3000])
    expect(captured.reports).toHaveLength(3)
  })

  it('F7: a refresh resolves all the same', async () => {
    const w = world({ answer: stepped })
    w.cache.start().getOrCreate('a', running())
    w.cache.subscribe('a', throws)
    const outcome = outcomeOf(w.cache.refresh('a'))
    await w.clock.advance(0)
    expect(outcome.state).toBe('resolved')
  })
})

describe('an event listener that throws', () => {
  it('F7: is reported to the runtime, and the others are called', async () => {
    const w = world()
    const types: string[] = []
    w.cache.onEvent(throws)
    w.cache.onEvent(({ type }) => types.push(type))
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    expect(captured.reports).toContain(error)
    expect(types).toEqual(expect.arrayContaining(['started', 'created', 'sync-started', 'sync-settled']))
  })

  it('F7: it is told to the others as an event, and does not go round in circles', async () => {
    const w = world()
    let called = 0
    w.cache.onEvent(() => {
      called += 1
      throw error
    })
    w.cache.start()
    await w.clock.advance(0)
    expect(told(w)).toContain(error)
    expect(called).toBeLessThan(5)
  })

  it('F7: the state is as without it', async () => {
    const w = world({ answer: stepped })
    w.cache.onEvent(throws)
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    w.cache.update('a', running(5))
    w.cache.delete('b')
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 a', '1000 a'])
    expect(w.cache.get('a')).toEqual(running(7))
    expect(w.cache.size).toBe(1)
  })

  it.each(['created', 'updated', 'deleted', 'sync-started', 'sync-settled', 'started', 'stopped'])(
    'F7: a throw at %s leaves the cache usable',
    async (type) => {
      const w = world({ answer: stepped })
      w.cache.onEvent((event) => {
        if (event.type === type) throw error
      })
      w.cache.start()
      createAll(w.cache, ['a', 'b'])
      await w.clock.advance(0)
      expect(w.cache.delete('b')).toBe(true)
      await w.clock.advance(1000)
      await w.cache.stop()
      w.cache.start()
      await w.clock.advance(1000)
      expect(times(w.calls)).toEqual([0, 1000, 2000])
      expect(w.cache.get('a')).toEqual(running(3))
      expect(captured.reports).toContain(error)
    },
  )
})

describe('an option that throws', () => {
  it('F7: isTerminal that throws counts as false', async () => {
    const w = world({ isTerminal: throws })
    w.cache.start().getOrCreate('a', running())
    expect(w.cache.getSnapshot('a').status).toBe('active')
    await w.clock.advance(1000)
    expect(times(w.calls)).toEqual([0, 1000])
    expect(told(w)).toContain(error)
    expect(captured.reports).toContain(error)
  })

  it('F7: isTerminal that throws for an update lets it be stored', async () => {
    const w = world({ isTerminal: ({ step }) => (step === 3 ? throws() : false) })
    w.cache.start().getOrCreate('a', running())
    expect(w.cache.update('a', running(3))).toBe(true)
    expect(w.cache.get('a')).toEqual(running(3))
    await w.clock.advance(0)
    expect(w.calls).toHaveLength(1)
  })

  it('F7: isTerminal that throws for one result harms no other of the batch', async () => {
    const w = world({
      isTerminal: ({ step, done }) => (step === 3 ? throws() : done),
      answer: () => [
        { id: 'a', item: running(3) },
        { id: 'b', item: { done: true, step: 1 } },
      ],
    })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(1000)
    expect(['a', 'b'].map((id) => w.cache.getSnapshot(id).status)).toEqual(['active', 'terminal'])
    expect(w.cache.get('a')).toEqual(running(3))
    expect(log(w.calls)).toEqual(['0 a b', '1000 a'])
  })

  it('F7: equals that throws counts as false: the item changed', async () => {
    const w = world({ equals: throws, answer: () => [{ id: 'a', item: running(0) }] })
    const item = running(0)
    w.cache.start().getOrCreate('a', item)
    await w.clock.advance(0)
    expect(w.cache.get('a')).not.toBe(item)
    expect(w.cache.getSnapshot('a')).toMatchObject({ failureCount: 0, unchangedCount: 0 })
    expect(told(w)).toContain(error)
    expect(captured.reports).toContain(error)
  })

  it('F7: createBatches that throws is reported once a throw, and the default batches are sent', async () => {
    const w = world({ policies: [customBatches(throws)] })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 a', '1000 a'])
    expect(captured.reports).toEqual([error, error])
  })

  it('F7: a thrown undefined is reported, too', async () => {
    const w = world({
      isTerminal: () => {
        throw undefined
      },
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    expect(w.calls).toHaveLength(1)
    expect(captured.reports.length).toBeGreaterThan(0)
  })

  it('F7: random that throws is reported, and counts as 0', async () => {
    const w = world({ random: throws })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(3000)
    expect(w.calls).toHaveLength(4)
    expect(captured.reports).toContain(error)
    expect(told(w)).toContain(error)
  })
})

describe('the way of reports', () => {
  /** By which way an error is reported where these are the globals. */
  function wayOf(globals: Readonly<Record<'reportError' | 'process', unknown>>): string[] {
    const ways: string[] = []
    const { cache } = world()
    cache.onEvent(({ type }) => (type === 'created' ? throws() : undefined))
    const restores = [
      replace(console, 'error', (reported: unknown) => ways.push(reported === error ? 'console' : 'lost')),
      ...Object.entries(globals).map(([name, value]) => replace(globalThis, name, value)),
    ]
    try {
      cache.getOrCreate('a', running())
    } finally {
      for (const restore of restores) restore()
    }
    return ways
  }

  it.each([
    ['no process, as in pages and workers', undefined],
    ['null for a process', null],
    ['what bundlers make of a process', { env: {} }],
  ])('F7: if there is %s, they go to reportError', (_, process) => {
    const reported: unknown[] = []
    expect(wayOf({ reportError: (what: unknown) => reported.push(what), process })).toEqual([])
    expect(reported).toEqual([error])
  })

  it('F7: if there is a process, which reportError would end, they go to console.error', () => {
    const reported: unknown[] = []
    expect(
      wayOf({ reportError: (what: unknown) => reported.push(what), process: { exit: () => undefined } }),
    ).toEqual(['console'])
    expect(reported).toEqual([])
  })

  it('F7: without reportError they go to console.error', () => {
    expect(wayOf({ reportError: undefined, process: undefined })).toEqual(['console'])
  })

  it.each(['reportError', 'error'])('F7: a reporter that throws harms nothing: %s', async (name) => {
    const restore = replace(name === 'error' ? console : globalThis, name, throws)
    try {
      const w = world({ answer: stepped })
      let called = 0
      w.cache.start().getOrCreate('a', running())
      await w.clock.advance(0)
      w.cache.subscribe('a', throws)
      w.cache.subscribe('a', () => (called += 1))
      await w.clock.advance(1000)
      expect(called).toBe(1)
      expect(times(w.calls)).toEqual([0, 1000])
    } finally {
      restore()
    }
  })

  it('F7: an error of the sync function is the item’s, and is not reported', async () => {
    const w = world({ answer: throws })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(5000)
    expect(captured.reports).toEqual([])
    expect(told(w)).toEqual([])
    expect(w.cache.getSnapshot('a').error).toBe(error)
  })

  it('F7: nothing is reported if nothing goes wrong', async () => {
    const w = world({ answer: (batch) => unchanged(batch) })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(5000)
    expect(captured.reports).toEqual([])
  })
})

describe('a condition of until', () => {
  it('O3, O4: may delete its own item, which is not missed', async () => {
    const w = world()
    w.cache.getOrCreate('a', running())
    const gone = until(w.cache, 'a', () => {
      w.cache.delete('a')
      return false
    })
    await expect(gone).rejects.toMatchObject({ code: 'DELETED' })
  })
})
