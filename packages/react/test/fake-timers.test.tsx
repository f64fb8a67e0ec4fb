import { act, type ReactElement } from 'react'
import { createRoot } from 'react-dom/client'
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItem } from '@auto-refresh/react'
import { afterEach, expect, it, vi } from 'vitest'

Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true)

afterEach(() => {
  vi.useRealTimers()
})

type FakeTimers = NonNullable<Parameters<typeof vi.useFakeTimers>[0]>

const timers = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const
const kinds: readonly (readonly [name: string, timers: FakeTimers])[] = [
  ["Vitest's own choice", {}],
  ['all but the monotonic clock', { toFake: [...timers, 'Date'] }],
  ['timers alone', { toFake: [...timers] }],
]

it.each(kinds)(
  'T2, A12: a component in a test with fake timers is refreshed as they advance: %s',
  async (_, fake) => {
    vi.useFakeTimers(fake)
    let calls = 0
    const jobs = new InMemoryAutoRefresh<number>({
      interval: 2000,
      jitter: 0,
      sync: (batch) => {
        calls += 1
        return batch.map(({ id }) => ({ id, item: calls }))
      },
    })
    function Row(): ReactElement {
      return <p>{useAutoRefreshItem(jobs, 'a', { initialItem: 0 }).item}</p>
    }
    const container = document.createElement('div')
    const root = createRoot(container)
    const shownAfter = async (ms: number): Promise<string> => {
      await act(async () => void (await vi.advanceTimersByTimeAsync(ms)))
      return container.textContent
    }
    await act(async () => root.render(<Row />))
    expect(await shownAfter(0)).toBe('1')
    // Between two polls, because a monotonic clock that is left alone goes on by itself.
    expect(await shownAfter(2500)).toBe('2')
    expect(await shownAfter(10_000)).toBe('7')
    await act(async () => root.unmount())
  },
)
