import { expiry, lru, type Policy, type PolicyHooks, type PolicyItem } from '@auto-refresh/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAll, createUnobserved, log, times, untyped } from './scheduling.ts'
import { captureReports, done, isTerminal, running, stepped, world } from './world.ts'

let captured: ReturnType<typeof captureReports>
beforeEach(() => {
  captured = captureReports()
})
afterEach(() => captured.restore())

const nothing = (): void => {}
const error = new Error('policy')

describe('the items that a policy sees', () => {
  it('C3: one object for a generation, always current', async () => {
    const seen = new Set<PolicyItem>()
    const w = world({
      isTerminal,
      policies: [() => ({ changed: (item) => void seen.add(item) })],
      answer: () => 'wait',
    })
    const unsubscribe = w.cache.start().subscribe('a', nothing, { create: true })
    await w.clock.advance(10)
    const [item] = seen
    const view = () => [item?.id, item?.status, item?.isObserved, item?.isOwned, item?.isRefreshing]
    expect(view()).toEqual(['a', 'pending', true, false, true])
    w.lastCall().answer([{ id: 'a', item: running() }])
    await w.clock.advance(0)
    expect(view()).toEqual(['a', 'active', true, false, false])
    unsubscribe()
    expect(view()).toEqual(['a', 'active', false, false, false])
    w.cache.getOrCreate('a')
    expect(view()).toEqual(['a', 'active', false, true, false])
    w.cache.update('a', done())
    expect(view()).toEqual(['a', 'terminal', false, true, false])
    expect(item?.createdTime).toBe(0)
    w.cache.delete('a')
    expect(item?.status).toBe('missing')
    w.cache.getOrCreate('a', running())
    expect(seen.size).toBe(2)
  })

  it('C3: changed tells of new items, use, status, owner, and the first and last subscriber', async () => {
    let told = 0
    const w = world({
      isTerminal,
      interval: Infinity,
      policies: [() => ({ changed: () => (told += 1) })],
      answer: stepped,
    })
    const tells = (action: () => unknown): boolean => {
      const before = told
      action()
      return told > before
    }
    const { cache } = w
    cache.start()
    expect(tells(() => createUnobserved(w, 'a'))).toBe(true)
    expect(tells(() => cache.get('a'))).toBe(true)
    expect(tells(() => cache.getOrThrow('a'))).toBe(true)
    const leave: (() => void)[] = []
    expect(tells(() => leave.push(cache.subscribe('a', nothing)))).toBe(true)
    expect(tells(() => leave.pop()?.())).toBe(true)
    expect(tells(() => cache.getOrCreate('a'))).toBe(true)
    expect(tells(() => cache.update('a', done()))).toBe(true)
    expect(tells(() => cache.update('a', running()))).toBe(true)
    for (const read of [() => cache.has('a'), () => cache.getSnapshot('a'), () => cache.inProcessing('a')]) {
      expect(tells(read)).toBe(false)
    }
  })

  it('C3: removed tells of every way in which an item goes', async () => {
    const gone: string[] = []
    const w = world({
      isTerminal,
      gcTime: 100,
      policies: [() => ({ removed: ({ id }) => void gone.push(id) }), expiry({ terminalTtl: 200 }), lru(5)],
    })
    w.cache.start()
    createAll(w.cache, ['evicted'])
    w.cache.getOrCreate('terminal', done())
    createAll(w.cache, ['deleted', 'gone', 'cleared'])
    w.cache.delete('deleted')
    w.cache.ingest([{ id: 'gone', action: 'delete' }])
    createUnobserved(w, 'unobserved')
    await w.clock.advance(300)
    createAll(w.cache, ['b', 'c', 'd'])
    w.cache.clear()
    expect(gone).toEqual(['deleted', 'gone', 'unobserved', 'terminal', 'evicted', 'cleared', 'b', 'c', 'd'])
  })
})

describe('a hook that throws', () => {
  it.each(['changed', 'removed', 'startAt', 'callStarted', 'callSettled', 'wakeAt', 'run', 'batches'])(
    'C3, F7: %s is reported, and counts as absent that time',
    async (name) => {
      const wanted = [500]
      const hooks: PolicyHooks<unknown> = {
        ...(name === 'run' && { wakeAt: () => wanted[0] ?? Infinity }),
        [name]: () => {
          wanted.pop()
          throw error
        },
      }
      const w = world({ policies: [() => hooks] })
      w.cache.start()
      createAll(w.cache, ['a', 'b'])
      await w.clock.advance(1000)
      w.cache.delete('b')
      await w.clock.advance(1000)
      expect(log(w.calls)).toEqual(['0 a b', '1000 a b', '2000 a'])
      expect(captured.reports).toContain(error)
      expect(w.events).toContainEqual({ type: 'callback-error', error })
    },
  )

  it('C3, F7: run that throws at every time does not keep the cache busy', async () => {
    let runs = 0
    const policy: Policy = () => ({
      // The end is for a cache that does not stand it: its test would never end.
      wakeAt: () => (runs < 100 ? 500 : Infinity),
      run: () => {
        runs += 1
        throw error
      },
    })
    const w = world({ policies: [policy] })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(3000)
    expect(times(w.calls)).toEqual([0, 1000, 2000, 3000])
    expect(runs).toBeLessThan(10)
  })

  it.each(['startAt', 'wakeAt'])('C3: %s that answers no number holds nothing up', async (name) => {
    for (const answer of [undefined, null, 'soon', Number.NaN]) {
      const w = world({ policies: [() => untyped({ [name]: () => answer, run: nothing })] })
      w.cache.start().getOrCreate('a', running())
      await w.clock.advance(1000)
      expect(times(w.calls)).toEqual([0, 1000])
    }
  })

  it.each([
    'admit',
    'changed',
    'removed',
    'startAt',
    'callStarted',
    'callSettled',
    'wakeAt',
    'run',
    'batches',
  ])('O3: %s may read, and nothing else', async (name) => {
    const codes: unknown[] = []
    const sizes: number[] = []
    const wanted = [500]
    const hook = (): never => {
      wanted.pop()
      sizes.push(w.cache.size, w.cache.stats().size, [...w.cache.ids()].length)
      w.cache.getSnapshot('a')
      w.cache.getStatus()
      w.cache.get('a')
      try {
        w.cache.update('a', running(99))
      } catch (thrown) {
        codes.push(Reflect.get(untyped(thrown), 'code'))
      }
      throw error
    }
    const hooks: PolicyHooks<unknown> = {
      ...(name === 'run' && { wakeAt: () => wanted[0] ?? Infinity }),
      [name]: hook,
    }
    const w = world({ policies: [() => hooks] })
    w.cache.start()
    try {
      w.cache.getOrCreate('a', running())
    } catch (thrown) {
      expect(thrown).toBe(error)
    }
    await w.clock.advance(1000)
    w.cache.delete('a')
    expect(sizes.length).toBeGreaterThan(0)
    expect(new Set(codes)).toEqual(new Set(['REENTRANT']))
  })
})
