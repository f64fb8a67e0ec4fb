import { AutoRefreshError, expiry, until } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { failed, untyped } from './scheduling.ts'
import { isTerminal, captureReports, done, running, stepped, world, type Job } from './world.ts'

/** Present state of a promise: `pending`, the value, or the error. */
function outcome(promise: Promise<unknown>): { state: string; value: unknown } {
  const result: { state: string; value: unknown } = { state: 'pending', value: undefined }
  promise.then(
    (value) => Object.assign(result, { state: 'resolved', value }),
    (error: unknown) => Object.assign(result, { state: 'rejected', value: error }),
  )
  return result
}

describe('resolves', () => {
  it('O4: with the item when a sync makes it terminal', async () => {
    const last = done(3)
    const { cache, clock } = world({
      isTerminal,
      answer: (batch, call) =>
        batch.map(({ id }) => ({ id, item: call.at < 2000 ? running(call.at) : last })),
    })
    cache.start().getOrCreate('a', running())
    const result = outcome(until(cache, 'a'))
    await clock.advance(1999)
    expect(result.state).toBe('pending')
    await clock.advance(1)
    expect(result.state).toBe('resolved')
    expect(result.value).toBe(last)
  })

  it('O4: when a local update makes it terminal, on a cache that does not run, too', async () => {
    const { cache } = world({ isTerminal })
    cache.getOrCreate('a', running())
    const result = until(cache, 'a')
    const last = done()
    cache.update('a', last)
    await expect(result).resolves.toBe(last)
  })

  it('O4: at once where it is terminal already', async () => {
    const { cache } = world({ isTerminal })
    const item = done()
    cache.getOrCreate('a', item)
    await expect(until(cache, 'a')).resolves.toBe(item)
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O4: at once where the condition holds already', async () => {
    const { cache } = world()
    const item = running(5)
    cache.getOrCreate('a', item)
    await expect(until(cache, 'a', (job) => job.step === 5)).resolves.toBe(item)
  })

  it('O4: when the condition holds, whatever isTerminal says', async () => {
    const { cache, clock } = world({ isTerminal, answer: stepped })
    cache.start().getOrCreate('a', running())
    const result = outcome(until(cache, 'a', (job) => job.step === 3))
    await clock.advance(1999)
    expect(result.state).toBe('pending')
    await clock.advance(1)
    expect(result).toEqual({ state: 'resolved', value: running(3) })
  })

  it('O4: a terminal item for which the condition does not hold is waited for', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.start().getOrCreate('a', done())
    const result = outcome(until(cache, 'a', (job) => job.step === 7))
    await clock.advance(10_000)
    expect(result.state).toBe('pending')
    cache.update('a', done(7))
    await clock.advance(0)
    expect(result).toEqual({ state: 'resolved', value: done(7) })
  })

  it('O4: the condition gets the item, and nothing else, and never undefined', async () => {
    const given: unknown[][] = []
    const { cache, clock } = world({ answer: stepped })
    cache.start().getOrCreate('a', running())
    const result = outcome(
      until(cache, 'a', (...all: unknown[]) => {
        given.push(all)
        return false
      }),
    )
    await clock.advance(1000)
    cache.delete('a')
    await clock.advance(0)
    expect(result.state).toBe('rejected')
    expect(given).toEqual([[running()], [running(1)], [running(2)]])
  })

  it('O4: the condition is not asked any more once it held', async () => {
    const { cache, clock } = world()
    let asked = 0
    cache.getOrCreate('a', running())
    const result = until(cache, 'a', (job) => {
      asked += 1
      return job.step > 0
    })
    cache.update('a', running(1))
    await result
    const before = asked
    cache.update('a', running(2))
    cache.update('a', running())
    await clock.advance(0)
    expect(asked).toBe(before)
  })

  it('O4: for everybody who waits for the item', async () => {
    const { cache } = world({ isTerminal })
    cache.getOrCreate('a', running())
    const results = Promise.all([
      until(cache, 'a'),
      until(cache, 'a', (job) => job.step === 1),
      until(cache, 'a'),
    ])
    expect(cache.stats().subscribers).toBe(3)
    cache.update('a', done(1))
    await expect(results).resolves.toEqual([done(1), done(1), done(1)])
  })

  it('O4: failures of syncs are waited out', async () => {
    const { cache, clock } = world({
      isTerminal,
      answer: (batch, call) => {
        if (call.at < 20_000) throw new Error('down')
        return batch.map(({ id }) => ({ id, item: done() }))
      },
    })
    cache.start().getOrCreate('a', running())
    const result = outcome(until(cache, 'a'))
    await clock.advance(10_000)
    expect(result.state).toBe('pending')
    await clock.advance(100_000)
    expect(result.state).toBe('resolved')
  })

  it('O4, L3: a stop is waited out', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.start().getOrCreate('a', running())
    const result = outcome(until(cache, 'a'))
    await clock.advance(0)
    await cache.stop()
    await clock.advance(5000)
    expect(result.state).toBe('pending')
    cache.update('a', done())
    await clock.advance(0)
    expect(result.state).toBe('resolved')
  })

  it('O4: deleteDelayed alone is waited out', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const result = outcome(until(cache, 'a'))
    cache.deleteDelayed('a')
    await clock.advance(500)
    expect(result.state).toBe('pending')
    cache.update('a', done())
    await clock.advance(0)
    expect(result.state).toBe('resolved')
  })

  it('O4, F7: an isTerminal that throws counts as false', async () => {
    const captured = captureReports()
    try {
      const { cache, clock } = world({
        isTerminal: (job) => {
          if (job.step === 0) throw new Error('of isTerminal')
          return job.done
        },
      })
      cache.getOrCreate('a', running())
      const result = outcome(until(cache, 'a'))
      await clock.advance(0)
      expect(result.state).toBe('pending')
      cache.update('a', done(1))
      await clock.advance(0)
      expect(result.state).toBe('resolved')
    } finally {
      captured.restore()
    }
  })
})

describe('rejects', () => {
  it('O4: NOT_FOUND for an absent id', async () => {
    const { cache } = world()
    const error = await until(cache, 'a').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(AutoRefreshError)
    expect(error).toMatchObject({ code: 'NOT_FOUND' })
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O4: it rejects rather than throws', () => {
    const { cache } = world()
    expect(outcome(until(cache, 'a'))).toEqual({ state: 'pending', value: undefined })
  })

  it('O4: DELETED when the item is deleted', async () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    const result = until(cache, 'a')
    cache.delete('a')
    const error = await result.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(AutoRefreshError)
    expect(error).toMatchObject({ code: 'DELETED' })
  })

  it('O4: DELETED when the source says that the item is gone', async () => {
    const { cache, clock } = world({
      answer: (batch) => batch.map(({ id }) => ({ id, action: 'delete' as const })),
    })
    cache.start().getOrCreate('a', running())
    const result = outcome(until(cache, 'a'))
    await clock.advance(0)
    expect(result).toMatchObject({ state: 'rejected', value: { code: 'DELETED' } })
  })

  it('O4: DELETED when a terminal item that was waited for goes by terminalTtl', async () => {
    const { cache, clock } = world({ isTerminal, policies: [expiry({ terminalTtl: 500 })] })
    cache.start().getOrCreate('a', done())
    const result = outcome(until(cache, 'a', () => false))
    await clock.advance(499)
    expect(result.state).toBe('pending')
    await clock.advance(1)
    expect(result).toMatchObject({ state: 'rejected', value: { code: 'DELETED' } })
  })

  it('O4: DELETED, and not the later item, where it is created again in another turn', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.getOrCreate('a', running())
    const result = outcome(until(cache, 'a'))
    cache.delete('a')
    await clock.advance(0)
    cache.getOrCreate('a', done())
    await clock.advance(0)
    expect(result).toMatchObject({ state: 'rejected', value: { code: 'DELETED' } })
  })

  it('O4: a delete and re-create within one turn leaves nobody hanging', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.getOrCreate('a', running())
    const result = outcome(until(cache, 'a'))
    cache.delete('a')
    cache.getOrCreate('a', running())
    await clock.advance(0)
    cache.update('a', done(1))
    await clock.advance(0)
    expect(result).toMatchObject(
      result.state === 'resolved' ? { value: done(1) } : { state: 'rejected', value: { code: 'DELETED' } },
    )
  })

  it('O4: EXPIRED when the item expires', async () => {
    const { cache, clock } = world<Job>({ policies: [expiry({ maxAge: 2500 })] })
    cache.start().getOrCreate('a', running())
    const result = outcome(until(cache, 'a'))
    await clock.advance(2499)
    expect(result.state).toBe('pending')
    await clock.advance(1)
    expect(result.state).toBe('rejected')
    expect(result.value).toBeInstanceOf(AutoRefreshError)
    expect(result.value).toMatchObject({ code: 'EXPIRED' })
  })

  it('O4: EXPIRED at once where the item is expired already', async () => {
    const { cache, clock } = world<Job>({ policies: [expiry({ maxAge: 100 })] })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    await expect(until(cache, 'a')).rejects.toMatchObject({ code: 'EXPIRED' })
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O4: with the error of a condition that throws at once', async () => {
    const { cache } = world()
    const error = new Error('of the condition')
    cache.getOrCreate('a', running())
    const result = until(cache, 'a', () => {
      throw error
    })
    await expect(result).rejects.toBe(error)
    expect(cache.stats().subscribers).toBe(0)
  })

  it('O4: with the error of a condition that throws later, which is reported to nobody else', async () => {
    const { cache, events } = world()
    const error = new Error('of the condition')
    cache.getOrCreate('a', running())
    const result = until(cache, 'a', (job) => {
      if (job.step > 0) throw error
      return false
    })
    cache.update('a', running(1))
    await expect(result).rejects.toBe(error)
    expect(cache.stats().subscribers).toBe(0)
    expect(events.filter((event) => event.type === 'callback-error')).toEqual([])
  })

  it('O4, L7: an id that is not a string is a TypeError', async () => {
    const { cache } = world()
    await expect((async () => until(cache, untyped(1)))()).rejects.toBeInstanceOf(TypeError)
  })
})

describe('a condition that holds wins', () => {
  it('O4: over expiry: an expired item for which it holds resolves', async () => {
    const { cache, clock } = world<Job>({ policies: [expiry({ maxAge: 100 })] })
    const item = running(3)
    cache.start().getOrCreate('a', item)
    await clock.advance(100)
    expect(cache.getSnapshot('a').status).toBe('expired')
    await expect(until(cache, 'a', (job) => job.step === 3)).resolves.toBe(item)
  })

  it('O4: over an abort: a signal that is aborted already does not matter where it holds', async () => {
    const { cache } = world({ isTerminal })
    cache.getOrCreate('a', done())
    await expect(until(cache, 'a', undefined, { signal: AbortSignal.abort() })).resolves.toEqual(done())
  })
})

describe('an item without a value', () => {
  it('P3, P6: is waited for, and the condition is first called with its first value', async () => {
    const { cache, clock } = world({
      answer: (batch, call) =>
        call.at < 1000
          ? batch.map(({ id }) => failed(id))
          : batch.map(({ id }) => ({ id, item: running(4) })),
    })
    const given: unknown[] = []
    cache.start().getOrCreate('a')
    const result = outcome(
      until(cache, 'a', (job) => {
        given.push(job)
        return true
      }),
    )
    await clock.advance(999)
    expect({ state: result.state, given }).toEqual({ state: 'pending', given: [] })
    await clock.advance(2000)
    expect({ state: result.state, given }).toEqual({ state: 'resolved', given: [running(4)] })
  })

  it('P6: resolves with a first value that is terminal', async () => {
    const { cache } = world({ isTerminal })
    cache.getOrCreate('a')
    const result = until(cache, 'a')
    cache.getOrCreate('a', done(2))
    await expect(result).resolves.toEqual(done(2))
  })

  it('O4, P2: DELETED, and not NOT_FOUND, if it is removed before its first value', async () => {
    const { cache } = world()
    cache.getOrCreate('a')
    const result = until(cache, 'a')
    cache.delete('a')
    await expect(result).rejects.toMatchObject({ code: 'DELETED' })
  })

  it('O4, P6: DELETED if it reaches maxAge before its first value, because that removes it', async () => {
    const { cache, clock } = world({ answer: () => 'wait', policies: [expiry({ maxAge: 500 })] })
    cache.start().getOrCreate('a')
    const result = outcome(until(cache, 'a'))
    await clock.advance(499)
    expect(result.state).toBe('pending')
    await clock.advance(1)
    expect(result).toMatchObject({ state: 'rejected', value: { code: 'DELETED' } })
  })

  it('P5, O4: DELETED if the source does not know it and `missing` is delete', async () => {
    const { cache, clock } = world({ missing: 'delete', answer: () => [] })
    cache.start().getOrCreate('a')
    const result = outcome(until(cache, 'a'))
    await clock.advance(0)
    expect(result).toMatchObject({ state: 'rejected', value: { code: 'DELETED' } })
  })
})
