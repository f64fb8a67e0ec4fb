import { InMemoryAutoRefresh, type SyncFunction } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { CallRate } from '../src/call-rate.ts'
import { isFinished } from '@auto-refresh/demo-server/job'
import { ItemTimers } from '../src/naive/item-timers.ts'
import { Turns } from '../src/naive/turns.ts'
import { makeJob } from './jobs.ts'

const INTERVAL = 1000

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

function startTimers(ask: SyncFunction<Job>, ...ids: readonly string[]) {
  const cache = new InMemoryAutoRefresh<Job>({
    sync: () => [],
    interval: INTERVAL,
    isTerminal: isFinished,
  })
  for (const id of ids) cache.getOrCreate(id, makeJob({ id }))
  const asked = vi.fn<SyncFunction<Job>>(ask)
  const rate = new CallRate(60, Date.now)
  const timers = new ItemTimers({ cache, ask: asked, interval: INTERVAL, rate })
  timers.start()
  return { cache, timers, asked, rate }
}

const running: SyncFunction<Job> = (batch) =>
  batch.map(({ id }) => ({ id, item: makeJob({ id }), validator: 1 }))

it('asks for each active job, one by one, again and again', async () => {
  const { asked, rate, timers } = startTimers(running, 'a', 'b', 'c', 'd', 'e')
  await vi.advanceTimersByTimeAsync(INTERVAL * 9.5)
  expect(asked).toHaveBeenCalledTimes(50)
  for (const [batch] of asked.mock.calls) expect(batch).toHaveLength(1)
  expect(rate.history().reduce((sum, { calls }) => sum + calls, 0)).toBe(50)
  timers.stop()
})

it('tells the version that it has', async () => {
  const { asked, timers } = startTimers(running, 'a')
  await vi.advanceTimersByTimeAsync(INTERVAL * 1.5)
  expect(asked.mock.calls.map(([batch]) => batch[0]?.validator)).toEqual([undefined, 1])
  timers.stop()
})

it('does not ask for a job that is finished, gone or removed', async () => {
  const { cache, asked, timers } = startTimers(
    (batch) => {
      return batch.map(({ id }) =>
        id === 'gone'
          ? { id, action: 'delete' }
          : { id, item: makeJob({ id, state: id === 'ends' ? 'failed' : 'running' }) },
      )
    },
    'ends',
    'gone',
    'removed',
  )
  await vi.advanceTimersByTimeAsync(INTERVAL / 2)
  expect(asked).toHaveBeenCalledTimes(3)
  cache.delete('removed')
  await vi.advanceTimersByTimeAsync(INTERVAL * 5)
  expect(asked).toHaveBeenCalledTimes(3)
  timers.stop()
})

it('asks for a job that comes later', async () => {
  const { cache, asked, timers } = startTimers(running)
  cache.getOrCreate('late', makeJob({ id: 'late' }))
  cache.getOrCreate('over', makeJob({ id: 'over', state: 'succeeded' }))
  await vi.advanceTimersByTimeAsync(INTERVAL / 2)
  expect(asked.mock.calls.map(([[entry]]) => entry?.id)).toEqual(['late'])
  timers.stop()
})

it('counts what fails, and asks on', async () => {
  const { asked, rate, timers } = startTimers(() => Promise.reject(new Error('no')), 'a')
  await vi.advanceTimersByTimeAsync(INTERVAL * 2.5)
  expect(asked).toHaveBeenCalledTimes(3)
  expect(rate.history().reduce((sum, { failed }) => sum + failed, 0)).toBe(3)
  timers.stop()
})

it('leaves connections for others: three requests at a time', async () => {
  const { asked, timers } = startTimers(() => new Promise(() => undefined), 'a', 'b', 'c', 'd')
  await vi.advanceTimersByTimeAsync(INTERVAL)
  expect(asked).toHaveBeenCalledTimes(3)
  timers.stop()
})

it('asks nothing once it is stopped, and leaves no timer', async () => {
  const { cache, asked, timers } = startTimers(running, 'a', 'b')
  await vi.advanceTimersByTimeAsync(INTERVAL / 2)
  timers.stop()
  cache.getOrCreate('c', makeJob({ id: 'c' }))
  await vi.advanceTimersByTimeAsync(INTERVAL * 3)
  expect(asked).toHaveBeenCalledTimes(2)
  timers.start()
  await vi.advanceTimersByTimeAsync(INTERVAL / 2)
  expect(asked).toHaveBeenCalledTimes(5)
  timers.stop()
})

it('turns: first come, first served; one that throws gives its place on', async () => {
  const turns = new Turns(1)
  const order: string[] = []
  const failing = turns.take(async () => {
    order.push('first')
    await Promise.resolve()
    throw new Error('no')
  })
  const second = turns.take(async () => order.push('second'))
  const third = turns.take(async () => order.push('third'))
  await expect(failing).rejects.toThrow('no')
  await Promise.all([second, third])
  expect(order).toEqual(['first', 'second', 'third'])
})
