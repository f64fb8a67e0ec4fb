import { InMemoryAutoRefresh, until } from '@auto-refresh/core'
import { expect, it, onTestFinished } from 'vitest'

it('F7: an error of a listener becomes the window’s error event, and the refreshes go on', async () => {
  const reported: unknown[] = []
  const listen = (event: ErrorEvent): void => {
    reported.push(event.error)
    // The runner listens, too, and would report a failure.
    event.stopImmediatePropagation()
    event.preventDefault()
  }
  addEventListener('error', listen, { capture: true })
  onTestFinished(() => removeEventListener('error', listen, { capture: true }))

  const error = new Error('listener')
  const cache = new InMemoryAutoRefresh<number>({
    interval: 10,
    isTerminal: (step) => step === 3,
    sync: (batch) => batch.map(({ id, item }) => ({ id, item: (item ?? 0) + 1 })),
  }).start()
  cache.getOrCreate('a', 0)
  const leave = cache.subscribe('a', () => {
    throw error
  })
  expect(await until(cache, 'a')).toBe(3)
  leave()
  await cache.stop()
  expect(reported.length).toBeGreaterThan(0)
  expect(new Set(reported)).toEqual(new Set([error]))
})

it('keepAlive: timers have no unref here', () => {
  const timer = setTimeout(() => undefined, 1)
  expect(timer).toBeTypeOf('number')
  clearTimeout(timer)
})
