import { VirtualClock } from '@auto-refresh/core/testing'
import type { Clock } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { manyIds, times } from './scheduling.ts'
import { settlementOf } from './settlement.ts'
import { running, unchanged, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

const HOUR = 3_600_000

/** A call of `a` under way, which began at 0 and times out at 2000. It is 100. */
async function underWay(options: Options = {}): Promise<World<Job>> {
  const w = world({ timeout: 2000, answer: () => 'wait', ...options })
  w.cache.start().getOrCreate('a', running())
  await w.clock.advance(100)
  return w
}

const answer = ({ calls }: World<Job>): void => calls[0]?.answer([{ id: 'a', item: running(1) }])

describe('a page that was frozen, or a process that was stopped', () => {
  it('T5: the answer that waited is taken', async () => {
    const w = await underWay()
    w.clock.freeze(4000)
    await w.clock.advance(999)
    expect(w.cache.getSnapshot('a')).toMatchObject({ isRefreshing: true, failureCount: 0 })
    answer(w)
    await w.clock.advance(0)
    expect(w.cache.getSnapshot('a')).toMatchObject({ item: running(1), failureCount: 0 })
    expect(w.cache.stats().syncErrors).toBe(0)
  })

  it('T5: a call that does not settle within 1 s times out then', async () => {
    const w = await underWay()
    w.clock.freeze(4000)
    await w.clock.advance(999)
    expect(w.lastCall().signal.aborted).toBe(false)
    await w.clock.advance(1)
    expect(w.cache.getSnapshot('a')).toMatchObject({ failureCount: 1, error: { code: 'TIMEOUT' } })
    expect(w.calls[0]?.signal.aborted).toBe(true)
  })

  it('T5: a timer that is 1 s late, and no more, puts nothing off', async () => {
    for (const [late, failureCount] of [
      [1000, 1],
      [1001, 0],
    ]) {
      const w = await underWay()
      w.clock.freeze(1900 + (late ?? 0))
      await w.clock.advance(0)
      expect(w.cache.getSnapshot('a').failureCount).toBe(failureCount)
    }
  })

  it('T5: a call whose deadline is later keeps it', async () => {
    const w = await underWay({ timeout: 60_000 })
    w.cache.getOrCreate('b', running())
    w.clock.freeze(4000)
    await w.clock.advance(55_899)
    expect(w.cache.getSnapshot('a').failureCount).toBe(0)
    await w.clock.advance(1)
    expect(w.cache.getSnapshot('a').failureCount).toBe(1)
  })

  it('T5, L4: the end of a slot is put off likewise', async () => {
    const w = await underWay()
    void w.cache.stop()
    w.cache.start()
    w.clock.freeze(4000)
    await w.clock.advance(999)
    expect(w.calls).toHaveLength(1)
    expect(w.cache.stats().runningCalls).toBe(1)
    await w.clock.advance(1)
    expect(w.calls).toHaveLength(2)
  })

  it('T5, L9: the wait of stop is put off likewise', async () => {
    const w = await underWay()
    const stopped = settlementOf(w.cache.stop())
    w.clock.freeze(4000)
    await w.clock.advance(999)
    expect(stopped.now).toBe('pending')
    await w.clock.advance(1)
    expect(stopped.now).toBeUndefined()
    expect(w.clock.timers).toBe(0)
  })

  it('T6: every overdue item is refreshed once, in full batches, and then in its interval', async () => {
    const { cache, clock, calls } = world({ batchSize: 10, interval: 1000 })
    cache.start()
    for (const id of manyIds(30)) {
      cache.getOrCreate(id, running())
      await clock.advance(10)
    }
    const { length } = calls
    clock.freeze(100_000)
    await clock.advance(0)
    expect(calls.slice(length).map(({ ids }) => ids.length)).toEqual([10, 10, 10])
    await clock.advance(999)
    expect(calls).toHaveLength(length + 3)
    await clock.advance(1)
    expect(calls).toHaveLength(length + 6)
  })
})

describe('a sleep with a call under way', () => {
  it('T6: its deadline is past on waking, 1 s of grace aside', async () => {
    const w = await underWay({ timeout: 30_000 })
    w.clock.sleep(8 * HOUR)
    w.environment.setVisible(false)
    w.environment.setVisible(true)
    await w.clock.advance(999)
    expect(w.cache.getSnapshot('a')).toMatchObject({ isRefreshing: true, failureCount: 0 })
    await w.clock.advance(1)
    expect(w.cache.getSnapshot('a')).toMatchObject({ failureCount: 1, error: { code: 'TIMEOUT' } })
  })

  it('T6: a refresh that is asked for on waking is made when the dead call is over', async () => {
    let isAwake = false
    const w = await underWay({ timeout: 30_000, answer: (batch) => (isAwake ? unchanged(batch) : 'wait') })
    w.clock.sleep(8 * HOUR)
    isAwake = true
    const clicked = settlementOf(w.cache.refresh('a'))
    await w.clock.advance(3000)
    expect(clicked.now).toBeUndefined()
    expect(w.cache.getSnapshot('a').failureCount).toBe(0)
    expect(w.calls[1]?.at).toBeLessThanOrEqual(2100)
  })

  it('T5: an answer within that second is taken', async () => {
    const w = await underWay({ timeout: 30_000 })
    w.clock.sleep(8 * HOUR)
    w.cache.getOrCreate('b', running())
    await w.clock.advance(500)
    answer(w)
    await w.clock.advance(500)
    expect(w.cache.getSnapshot('a')).toMatchObject({ item: running(1), failureCount: 0 })
  })

  it('T5: a sleep that the timer of the deadline finds gives the same second', async () => {
    const w = await underWay()
    w.clock.sleep(8 * HOUR)
    await w.clock.advance(1900)
    expect(w.cache.getSnapshot('a').failureCount).toBe(0)
    await w.clock.advance(999)
    expect(w.cache.getSnapshot('a').failureCount).toBe(0)
    await w.clock.advance(1)
    expect(w.cache.getSnapshot('a').failureCount).toBe(1)
  })

  it('T5: a call that starts after waking has its full timeout', async () => {
    const w = world({
      timeout: 2000,
      interval: 10_000,
      answer: (batch, call) => (call.at === 0 ? unchanged(batch) : 'wait'),
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(5000)
    w.clock.sleep(8 * HOUR)
    w.environment.setVisible(false)
    w.environment.setVisible(true)
    await w.clock.advance(1999)
    expect(times(w.calls)).toEqual([0, 5000])
    expect(w.cache.getSnapshot('a').failureCount).toBe(0)
    await w.clock.advance(1)
    expect(w.cache.getSnapshot('a').failureCount).toBe(1)
  })
})

describe('a clock that stands still between I/O', () => {
  /** `a` is called while the clock shows 500 ms too little; then the clock goes right again. It times out after 150 ms. */
  async function behind(): Promise<World<Job>> {
    const time = new VirtualClock()
    let shown: number | undefined = 0
    const clock: Clock = {
      now: () => shown ?? time.now(),
      epoch: () => shown ?? time.epoch(),
      setTimeout: (callback, delay) => time.setTimeout(callback, delay),
      clearTimeout: (handle) => time.clearTimeout(handle),
    }
    const w = world({ clock, timeout: 150, answer: () => 'wait' })
    w.cache.start()
    await time.advance(500)
    w.cache.getOrCreate('a', running())
    await time.advance(0)
    shown = undefined
    w.cache.getOrCreate('b', running())
    await time.advance(0)
    return { ...w, clock: time }
  }

  it('T1: a call that began then is not late at once', async () => {
    const w = await behind()
    await w.clock.advance(149)
    expect(w.cache.getSnapshot('a')).toMatchObject({ isRefreshing: true, failureCount: 0 })
    answer(w)
    await w.clock.advance(0)
    expect(w.cache.getSnapshot('a')).toMatchObject({ item: running(1), failureCount: 0 })
  })

  it('T1: it times out when its time is over', async () => {
    const w = await behind()
    await w.clock.advance(150)
    expect(w.cache.getSnapshot('a')).toMatchObject({ failureCount: 1, error: { code: 'TIMEOUT' } })
  })
})
