import { adopt, settled, stateOf, type AdoptedState } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { state } from './adopted-state.ts'
import { createAll, failed, log, times } from './scheduling.ts'
import { settlementOf } from './settlement.ts'
import { done, isTerminal, running, unchanged, world, type Job } from './world.ts'

const busy = new Error('busy')

describe('the delay of an adopted failure', () => {
  it('E2: the delay of a failure that is adopted holds for whoever subscribes later', async () => {
    const { cache, clock, calls } = world()
    adopt(cache.start(), [
      state({ item: undefined, age: undefined, failureCount: 1, error: 'busy', next: 5000 }),
    ])
    cache.subscribe('a', () => {}, { create: true })
    await clock.advance(4999)
    expect(calls.length).toBe(0)
    await clock.advance(1)
    expect(times(calls)).toEqual([5000])
  })

  it('E2, S5: what is adopted as failed does not come early', async () => {
    const { cache, clock, calls } = world()
    adopt(cache.start(), [state({ failureCount: 1, error: 'busy', next: 1200 })])
    for (const id of ['a', 'b']) cache.subscribe(id, () => {}, { create: true })
    await clock.advance(1200)
    expect(calls.filter(({ batch }) => batch.some(({ id }) => id === 'a')).map(({ at }) => at)).toEqual([
      1200,
    ])
  })
})

describe('the validator of an adopted state', () => {
  it('E2, W11: comes with its value to an item that is present', async () => {
    const { cache, clock, lastCall } = world()
    cache.start().getOrCreate('a', running(1), { validator: 'v1' })
    await clock.advance(100)
    adopt(cache, [state({ validator: 'v5', next: 400 })])
    await clock.advance(400)
    expect(lastCall().batch).toEqual([{ id: 'a', item: running(5), validator: 'v5' }])
  })

  it('E2, W7: is refused with a value that would reopen a terminal item', () => {
    const { cache } = world({ isTerminal })
    cache.getOrCreate('a', done(1), { validator: 'v1' })
    adopt(cache, [state({ validator: 'v5' })])
    expect(stateOf(cache, 'a')).toMatchObject({ item: done(1), validator: 'v1' })
  })
})

describe('an adopted state without a value', () => {
  it('E2, P3: leaves an item pending, and isTerminal is not asked', () => {
    const asked: Job[] = []
    const { cache } = world({
      isTerminal: (job) => {
        asked.push(job)
        return job.done
      },
    })
    cache.getOrCreate('a')
    adopt(cache, [state({ item: undefined, age: undefined, failureCount: 1, error: busy })])
    expect(asked).toEqual([])
    expect(cache.getSnapshot('a')).toMatchObject({
      status: 'pending',
      error: busy,
      changedAt: undefined,
      refreshedAt: undefined,
    })
    expect(stateOf(cache, 'a')?.age).toBeUndefined()
  })

  it('E5: that is newer leaves the value that is there', () => {
    const { cache } = world()
    cache.getOrCreate('a', running(1))
    adopt(cache, [state({ item: undefined, take: 'newer' })])
    expect(cache.get('a')).toEqual(running(1))
  })
})

describe('an item that adopt creates without `next`', () => {
  it('E2, S9: is due one interval after its success when it is observed', async () => {
    const { cache, clock, calls } = world()
    cache.start()
    adopt(cache, [state({ age: 100 })])
    cache.subscribe('a', () => {})
    await clock.advance(899)
    expect(calls).toEqual([])
    await clock.advance(1)
    expect(times(calls)).toEqual([900])
  })

  it('E2, S9: is due at once when it is observed, if the interval is a function', async () => {
    const { cache, clock, calls } = world({ interval: () => 1000 })
    cache.start()
    adopt(cache, [state({ age: 100 })])
    await clock.advance(200)
    expect(calls).toEqual([])
    cache.subscribe('a', () => {})
    await clock.advance(1000)
    expect(times(calls)).toEqual([200, 1200])
  })

  it('E2: is never due with an endless interval, because nothing failed', async () => {
    const { cache, clock, calls } = world({ interval: Infinity })
    cache.start()
    adopt(cache, [state()])
    cache.subscribe('a', () => {})
    await clock.advance(10_000)
    expect(calls).toEqual([])
  })

  it('E2: stays unscheduled, also when it gets another subscriber', async () => {
    const { cache, clock, calls } = world()
    cache.start().subscribe('a', () => {}, { create: true, initialItem: running() })
    await clock.advance(100)
    adopt(cache, [state()])
    cache.subscribe('a', () => {})
    await clock.advance(5000)
    expect(times(calls)).toEqual([0])
  })
})

describe('an adopted state of an id in the call of an earlier generation', () => {
  it('E2, S3: is not refreshed before that call has settled', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running(1))
    cache.subscribe('a', () => {})
    await clock.advance(0)
    cache.delete('a')
    adopt(cache, [state({ next: 100 })])
    await clock.advance(5000)
    expect(times(calls)).toEqual([0])
    calls[0]?.answer([])
    await clock.advance(0)
    expect(times(calls)).toEqual([0, 5000])
  })
})

describe('listeners after adopt', () => {
  /** An item that failed once with `busy`. Counts how often its listener is told from then on. */
  async function failing() {
    const { cache, clock } = world({ answer: () => [failed('a', busy)] })
    cache.start().getOrCreate('a', running(1))
    await clock.advance(100)
    const told = { count: 0 }
    cache.subscribe('a', () => (told.count += 1))
    return { cache, clock, told }
  }

  it.each<[string, number, Partial<AdoptedState<Job>>]>([
    ['nobody is told of the same failure', 0, { failureCount: 1, error: busy }],
    ['they are told of another count', 1, { failureCount: 2, error: busy }],
    ['they are told of another error', 1, { failureCount: 1, error: new Error('other') }],
    ['they are told that the failures are over', 1, { failureCount: 0 }],
  ])('O2, E2: %s', async (_, expected, given) => {
    const { cache, clock, told } = await failing()
    adopt(cache, [state({ item: running(1), ...given })])
    await clock.advance(0)
    expect(told.count).toBe(expected)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 0, error: undefined, ...given })
  })
})

describe('settled', () => {
  it('E3: waits for a call that has other ids, too', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    createAll(cache.start(), ['a', 'b'])
    await clock.advance(0)
    const outcome = settlementOf(settled(cache, 'b'))
    await clock.advance(100)
    expect([lastCall().ids, outcome.now]).toEqual([['a', 'b'], 'pending'])
    lastCall().answer([])
    await clock.advance(0)
    expect(outcome.now).toBeUndefined()
  })
})

describe('an item that is polled again', () => {
  it('O1, S9: has a snapshot that says when it is due', async () => {
    const { cache, clock } = world()
    const leave = cache.start().subscribe('a', () => {}, { initialItem: running() })
    await clock.advance(100)
    leave()
    expect(cache.getSnapshot('a').nextRefreshAt).toBeUndefined()
    cache.subscribe('a', () => {})
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(1_001_000)
  })

  it.each<[string, boolean]>([
    ['whose first answer was ignored', true],
    ['whose first refresh failed', false],
  ])('G5: a pending item %s waits in a pause like any other', async (_, isHeld) => {
    const { cache, clock, calls } = world({
      answer: (batch, { at }) => {
        if (at > 0) return unchanged(batch)
        return isHeld ? [{ id: 'a', item: running(1) }] : [failed('a', busy)]
      },
    })
    const leave = cache.start().subscribe('a', () => {}, { create: true })
    const release = isHeld ? cache.hold('a') : () => {}
    await clock.advance(100)
    cache.pause()
    leave()
    cache.subscribe('a', () => {})
    await clock.advance(5000)
    release()
    expect(cache.getSnapshot('a').status).toBe('pending')
    expect(log(calls)).toEqual(['0 a'])
  })
})

describe('adopting an item and its subscribers', () => {
  it('E2, P7: an item that is subscribed to when it is adopted is not removed after gcTime', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    const leave = cache.start().subscribe('a', () => undefined, { create: false })
    adopt(cache, [state({ age: 0, next: 60_000 })])
    await clock.advance(5000)
    expect(cache.has('a')).toBe(true)
    leave()
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it("E2: the application's item that has no `next` is not scheduled by its first subscriber", async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    adopt(cache, [state({ age: 0, next: undefined })])
    cache.subscribe('a', () => undefined)
    await clock.advance(5000)
    expect(times(calls)).toEqual([0])
    expect(cache.getSnapshot('a').nextRefreshAt).toBeUndefined()
  })
})
