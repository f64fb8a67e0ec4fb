import { InMemoryAutoRefresh, until, type AutoRefreshOptions } from '@auto-refresh/core'
import { expect, it, onTestFinished } from 'vitest'

/** Creates a cache with the default environment, and so with the runtime's own clock. */
function counting(options: Partial<AutoRefreshOptions<number>> = {}): InMemoryAutoRefresh<number> {
  const cache = new InMemoryAutoRefresh<number>({
    interval: 10,
    sync: (batch) => batch.map(({ id, item }) => ({ id, item: (item ?? 0) + 1 })),
    ...options,
  })
  onTestFinished(() => cache.stop())
  return cache.start()
}

const reached = (count: number) => (item: number) => item >= count

it('T4: a cache with default options polls', async () => {
  const cache = counting()
  cache.getOrCreate('a', 0)
  expect(await until(cache, 'a', reached(5))).toBe(5)
})

it('keepAlive: false works, also if timers have no unref', async () => {
  const cache = counting({ keepAlive: false })
  cache.getOrCreate('a', 0)
  // The timer alone does not keep the process alive.
  const other = counting()
  other.getOrCreate('a', 0)
  expect(await until(cache, 'a', reached(5))).toBe(5)
})

it('T1: a call that hangs is aborted by a TimeoutError, and the next one is made', async () => {
  const reasons: unknown[] = []
  const cache = counting({
    timeout: 20,
    retry: { maxDelay: 20 },
    sync: (_, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => void reasons.push(signal.reason))
        if (reasons.length === 2) resolve([{ id: 'a', item: 1 }])
      }),
  })
  cache.getOrCreate('a', 0)
  await until(cache, 'a', reached(1))
  expect(reasons).toMatchObject([{ name: 'TimeoutError' }, { name: 'TimeoutError' }])
})

it('T2: a cache polls by clocks that stand still while code runs, as those of Cloudflare’s network do', async () => {
  let [now, epoch] = [performance.now(), Date.now()]
  const cache = counting({
    clock: {
      now: () => now,
      epoch: () => epoch,
      setTimeout: (callback, delay) =>
        setTimeout(() => {
          ;[now, epoch] = [performance.now(), Date.now()]
          callback()
        }, delay),
      clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
    },
  })
  cache.getOrCreate('a', 0)
  expect(await until(cache, 'a', reached(5))).toBe(5)
})

it('S10: a delay that is too long for one timer is waited', async () => {
  const patient = counting({ interval: 2 ** 31 })
  const endless = counting({ interval: Infinity })
  const busy = counting()
  for (const cache of [patient, endless, busy]) cache.getOrCreate('a', 0)
  await until(busy, 'a', reached(10))
  expect([patient.get('a'), endless.get('a')]).toEqual([1, 1])
})

it('L5: an idle cache does nothing, and refreshes an item that comes later', async () => {
  const cache = counting({ isTerminal: reached(2) })
  cache.getOrCreate('a', 0)
  await until(cache, 'a')
  expect(cache.getSnapshot('a').nextRefreshAt).toBeUndefined()
  cache.getOrCreate('b', 0)
  expect(await until(cache, 'b')).toBe(2)
  expect(cache.get('a')).toBe(2)
})
