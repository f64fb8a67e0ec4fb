import { describe, expect, it } from 'vitest'
import { busy, gaps } from './faulty-source.ts'
import { createAll, failed, log, times } from './scheduling.ts'
import { running, stepped, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>
type Answer = NonNullable<Options['answer']>

/** An item with an endless interval, whose first calls fail so. */
function endless(count: number, answer: Answer, options: Options = {}): World<Job> {
  const w: World<Job> = world({
    interval: Infinity,
    answer: (batch, call) => (w.calls.length <= count ? answer(batch, call) : stepped(batch)),
    ...options,
  })
  w.cache.start().getOrCreate('a', running())
  return w
}

const throwing =
  (error: unknown): Answer =>
  () =>
    Promise.reject(error)
const failing =
  (retryAfter?: number): Answer =>
  (batch) =>
    batch.map(({ id }) => failed(id, 'quota', retryAfter))

const day = 86_400_000

describe('an endless interval', () => {
  it.each<[string, Answer, number]>([
    ['a throw delays by a second', throwing(new Error('ECONNRESET')), 1000],
    ['a thrown retryAfter by that', throwing(busy(5000)), 5000],
    ['a shorter one by a second', throwing(busy(10)), 1000],
    ['`fail` by maxDelay', failing(), 60_000],
    ['a shorter retryAfter of `fail` by maxDelay', failing(1000), 60_000],
    ['a longer one by that', failing(90_000), 90_000],
    ['a timeout by a second', () => 'wait', 31_000],
  ])('F16: failures delay, they never stop: %s', async (_, answer, at) => {
    const w = endless(1, answer)
    await w.clock.advance(7 * day)
    expect(times(w.calls)).toEqual([0, at])
    expect(w.cache.getSnapshot('a')).toMatchObject({
      item: running(1),
      failureCount: 0,
      error: undefined,
      nextRefreshAt: undefined,
    })
    expect(w.clock.timers).toBe(0)
  })

  it('F9: an item that fails alone is retried with growing delays, up to maxDelay', async () => {
    const w = endless(9, throwing(new Error('down')))
    await w.clock.advance(day)
    expect(gaps(times(w.calls))).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1000))
  })

  it('F2: an item that fails by itself is retried every maxDelay', async () => {
    const w = endless(4, failing(), { retry: { maxDelay: 7000 } })
    await w.clock.advance(day)
    expect(times(w.calls)).toEqual([0, 7000, 14_000, 21_000, 28_000])
  })

  it('F5: the items of a failed call are retried together, then never again', async () => {
    const w = endless(1, throwing(new Error('down')))
    createAll(w.cache, ['b', 'c'])
    await w.clock.advance(day)
    expect(log(w.calls)).toEqual(['0 a b c', '1000 a b c'])
  })

  it('F16: an interval that becomes endless by the failure does not stop it', async () => {
    const w = endless(1, throwing(new Error('down')), {
      interval: ({ failureCount }) => (failureCount > 0 ? Infinity : 5000),
    })
    await w.clock.advance(6500)
    expect(times(w.calls)).toEqual([0, 1000, 6000])
  })

  it('F11, F14: an outage does not stop it', async () => {
    const w = endless(6, throwing(new Error('down')))
    createAll(w.cache, ['b', 'c'])
    await w.clock.advance(day)
    for (const id of ['a', 'b', 'c']) expect(w.cache.getSnapshot(id)).toMatchObject({ error: undefined })
    expect(w.cache.getStatus().isOutage).toBe(false)
    expect(w.clock.timers).toBe(0)
  })

  it('F16, S9: a while without observers does not stop it', async () => {
    const w = world({
      interval: Infinity,
      answer: (batch, { at }) => (at === 1000 ? batch.map(({ id }) => failed(id, 'quota')) : stepped(batch)),
    })
    const look = (): (() => void) => w.cache.subscribe('s', () => {}, { initialItem: running() })
    w.cache.start()
    const leave = look()
    await w.clock.advance(1000)
    await expect(w.cache.refresh('s')).rejects.toBe('quota')
    leave()
    await w.clock.advance(1000)
    look()
    await w.clock.advance(day)
    expect(times(w.calls)).toEqual([0, 1000, 61_000])
  })
})
