import { mutate } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { failed, untyped } from './scheduling.ts'
import { settlementOf } from './settlement.ts'
import { done, isTerminal, running, stepped, world, type Job, type World } from './world.ts'

/** An action that the test ends. */
function pendingAction(): {
  readonly action: () => Promise<string>
  readonly succeed: (result: string) => void
  readonly fail: (error: unknown) => void
  readonly starts: () => number
} {
  let starts = 0
  let settle: { resolve: (result: string) => void; reject: (error: unknown) => void } | undefined
  const promise = new Promise<string>((resolve, reject) => {
    settle = { resolve, reject }
  })
  return {
    action: () => {
      starts += 1
      return promise
    },
    succeed: (result) => settle?.resolve(result),
    fail: (error) => settle?.reject(error),
    starts: () => starts,
  }
}

/** A running cache with the item `a`, whose first refresh has happened. */
async function withA(options: Parameters<typeof world<Job>>[0] = {}): Promise<World<Job>> {
  const w = world(options)
  w.cache.start().getOrCreate('a', running())
  await w.clock.advance(0)
  return w
}

const itemOf = ({ cache }: World<Job>): Job | undefined => cache.getSnapshot('a').item

describe('the optimistic value', () => {
  it('W13: is shown while the action runs, and after it succeeded', async () => {
    const w = await withA()
    const { action, succeed } = pendingAction()
    const result = settlementOf(mutate(w.cache, 'a', running(9), action))
    expect(itemOf(w)).toEqual(running(9))
    await w.clock.advance(0)
    expect(result.now).toBe('pending')
    succeed('cancelled')
    await w.clock.advance(0)
    expect(result.now).toBe('cancelled')
    expect(itemOf(w)).toEqual(running(9))
  })

  it('W13: may be a function of the present value', async () => {
    const w = await withA()
    w.cache.update('a', running(4))
    void mutate(w.cache, 'a', (job) => running(job.step + 1), pendingAction().action)
    expect(itemOf(w)).toEqual(running(5))
  })

  it('W13: is written before the action starts, which starts at once', async () => {
    const w = await withA()
    const seen = await mutate(w.cache, 'a', running(9), () => w.cache.get('a'))
    expect(seen).toEqual(running(9))
  })

  it('W13: the error of its function rejects; nothing is written, and the action does not start', async () => {
    const w = await withA()
    const { action, starts } = pendingAction()
    const error = new Error('of the function')
    const result = mutate(
      w.cache,
      'a',
      () => {
        throw error
      },
      action,
    )
    await expect(result).rejects.toBe(error)
    expect(starts()).toBe(0)
    expect(itemOf(w)).toEqual(running())
  })

  it('W15: a value that update refuses rejects; the action does not start, and nothing stays held', async () => {
    const w = await withA({ answer: stepped })
    const { action, starts } = pendingAction()
    const nothing = (): Job => untyped(null)
    await expect(mutate(w.cache, 'a', nothing, action)).rejects.toThrow('an item must not be null')
    expect(starts()).toBe(0)
    const before = itemOf(w)
    await w.clock.advance(1000)
    expect(itemOf(w)?.step).toBeGreaterThan(before?.step ?? Infinity)
  })

  it.each(['absent', 'pending'])('W13: is not written to an item that is %s', async (which) => {
    const w = world()
    if (which === 'pending') w.cache.getOrCreate('a')
    let asked = 0
    const optimistic = (): Job => {
      asked += 1
      return running(9)
    }
    await expect(mutate(w.cache, 'a', optimistic, () => 'sent')).resolves.toBe('sent')
    expect(asked).toBe(0)
    expect(w.cache.getSnapshot('a').status).toBe(which === 'absent' ? 'missing' : 'pending')
  })
})

describe('while the action runs', () => {
  it('W13: a call that started before it brings nothing', async () => {
    const w = await withA({ answer: () => 'wait' })
    const call = w.lastCall()
    void mutate(w.cache, 'a', running(9), pendingAction().action)
    call.answer([{ id: 'a', item: running(1) }])
    await w.clock.advance(0)
    expect(itemOf(w)).toEqual(running(9))
  })

  it('W13: a call that starts meanwhile, or a push, brings nothing', async () => {
    const w = await withA({ answer: stepped })
    void mutate(w.cache, 'a', running(9), pendingAction().action)
    w.cache.ingest([{ id: 'a', item: running(2) }])
    await w.clock.advance(5000)
    expect(w.calls.length).toBeGreaterThan(3)
    expect(itemOf(w)).toEqual(running(9))
  })

  it('W13: a call that started before the release brings nothing after it', async () => {
    const w = await withA({ answer: (batch, { at }) => (at === 0 ? stepped(batch) : 'wait') })
    const { action, succeed } = pendingAction()
    void mutate(w.cache, 'a', running(9), action)
    await w.clock.advance(1000)
    const old = w.lastCall()
    succeed('done')
    await w.clock.advance(0)
    old.answer([{ id: 'a', item: running(2) }])
    await w.clock.advance(0)
    expect(itemOf(w)).toEqual(running(9))
    w.lastCall().answer([{ id: 'a', item: done(10) }])
    await w.clock.advance(0)
    expect(w.lastCall()).not.toBe(old)
    expect(itemOf(w)).toEqual(done(10))
  })

  it('W13: two hold the item until both have ended', async () => {
    const w = await withA({ answer: (batch) => batch.map(({ id }) => ({ id, item: running(50) })) })
    const first = pendingAction()
    const second = pendingAction()
    void mutate(w.cache, 'a', running(9), first.action)
    void mutate(w.cache, 'a', running(10), second.action)
    first.succeed('done')
    await w.clock.advance(5000)
    expect(itemOf(w)).toEqual(running(10))
    second.succeed('done')
    await w.clock.advance(0)
    expect(itemOf(w)).toEqual(running(50))
  })
})

describe('an action that fails', () => {
  it('W13: rejects with its error, and the previous value is put back', async () => {
    const w = await withA()
    const previous = running(4)
    w.cache.update('a', previous)
    const { action, fail } = pendingAction()
    const result = mutate(w.cache, 'a', running(9), action)
    const error = new Error('HTTP 409')
    fail(error)
    await expect(result).rejects.toBe(error)
    expect(itemOf(w)).toBe(previous)
  })

  it('W13: a throw counts as a failure', async () => {
    const w = await withA()
    const error = new Error('at once')
    const result = mutate(w.cache, 'a', running(9), () => {
      throw error
    })
    await expect(result).rejects.toBe(error)
    expect(itemOf(w)).toEqual(running())
  })

  it('W13: a value that was written meanwhile stays', async () => {
    const w = await withA()
    const { action, fail } = pendingAction()
    const result = mutate(w.cache, 'a', running(9), action)
    w.cache.update('a', running(20))
    fail(new Error('no'))
    await expect(result).rejects.toThrow('no')
    expect(itemOf(w)).toEqual(running(20))
  })

  it.each([
    ['stays away', false],
    ['that is there again keeps its value', true],
  ])('W13: an item that was removed meanwhile and %s', async (_, isBack) => {
    const w = await withA()
    const { action, fail } = pendingAction()
    const result = mutate(w.cache, 'a', running(9), action)
    w.cache.delete('a')
    if (isBack) w.cache.getOrCreate('a', running(30))
    fail(new Error('no'))
    await expect(result).rejects.toThrow('no')
    expect(itemOf(w)).toEqual(isBack ? running(30) : undefined)
  })

  it('W13, W11: the value that was put back has no validator', async () => {
    const w = await withA({
      answer: (batch) => batch.map(({ id }) => ({ id, item: running(1), validator: 'etag' })),
    })
    await expect(mutate(w.cache, 'a', running(9), () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    )
    await w.clock.advance(0)
    expect(w.lastCall().batch).toEqual([{ id: 'a', item: running(1) }])
  })

  it('W13, W7: an optimistic value that is terminal is undone, too', async () => {
    const w = await withA({ isTerminal })
    const { action, fail } = pendingAction()
    const result = mutate(w.cache, 'a', done(9), action)
    expect(w.cache.getSnapshot('a').item).toEqual(done(9))
    fail(new Error('no'))
    await expect(result).rejects.toThrow('no')
    expect(w.cache.getSnapshot('a')).toMatchObject({ status: 'active', item: running() })
  })

  it('W15, W7: a finished item whose revival is refused is finished again, whatever the refresh then brings', async () => {
    const w = world({
      isTerminal,
      answer: (batch) => batch.map(({ id }) => ({ id, action: 'fail', error: 'archived' })),
    })
    w.cache.start().getOrCreate('a', done(7))
    await expect(mutate(w.cache, 'a', running(), () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await w.clock.advance(600_000)
    expect(w.calls.length).toBeLessThanOrEqual(2)
    w.cache.ingest([{ id: 'a', item: running(3) }])
    expect(w.cache.getSnapshot('a')).toMatchObject({ status: 'terminal', item: done(7) })
  })
})

describe('a function of the present value that deletes the item', () => {
  it.each(['succeeds', 'fails'])('W15, W2: nothing is written, and the action %s', async (how) => {
    const w = await withA()
    const { action, succeed, fail } = pendingAction()
    const optimistic = (job: Job): Job => {
      w.cache.delete('a')
      return running(job.step + 1)
    }
    const result = settlementOf(mutate(w.cache, 'a', optimistic, action))
    if (how === 'succeeds') succeed('done')
    else fail('refused')
    await w.clock.advance(0)
    expect(result.now).toBe(how === 'succeeds' ? 'done' : 'refused')
    expect(w.cache.has('a')).toBe(false)
  })

  it('W15: an action on a pending item that fails leaves it pending', async () => {
    const w = world({ answer: () => 'wait' })
    w.cache.start().getOrCreate('a')
    await expect(mutate(w.cache, 'a', running(9), () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    )
    expect(w.cache.getSnapshot('a').status).toBe('pending')
  })
})

describe('after the action', () => {
  it.each(['succeeded', 'failed'])('W13: that %s a refresh is asked for', async (how) => {
    const w = await withA({ answer: stepped })
    expect(w.calls).toHaveLength(1)
    const { action, succeed, fail } = pendingAction()
    const result = settlementOf(mutate(w.cache, 'a', running(9), action))
    if (how === 'succeeded') succeed('done')
    else fail('refused')
    await w.clock.advance(0)
    expect(result.now).toBe(how === 'succeeded' ? 'done' : 'refused')
    expect(w.calls).toHaveLength(2)
    expect(itemOf(w)).toEqual(how === 'succeeded' ? running(10) : running(2))
  })

  it('W13: the refresh is not waited for', async () => {
    const w = await withA({ answer: (batch, { at }) => (at === 0 ? stepped(batch) : 'wait') })
    await w.clock.advance(10)
    const result = settlementOf(mutate(w.cache, 'a', running(9), () => 'done'))
    await w.clock.advance(0)
    expect(w.calls).toHaveLength(2)
    expect(result.now).toBe('done')
  })

  it.each([
    ['fails', async () => withA({ answer: (batch) => batch.map(({ id }) => failed(id)) })],
    ['finds no item', async () => world()],
    [
      'finds the cache stopped',
      async () => {
        const w = world()
        w.cache.getOrCreate('a', running())
        return w
      },
    ],
  ])('W13: a refresh that %s changes nothing about the result', async (_, make) => {
    const w = await make()
    await expect(mutate(w.cache, 'a', running(9), () => 'done')).resolves.toBe('done')
    await w.clock.advance(0)
  })
})
