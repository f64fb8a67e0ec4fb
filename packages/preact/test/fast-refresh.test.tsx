// oxlint-disable-next-line import/no-unassigned-import -- it patches Preact and sets a global
import '@prefresh/core'
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { useAutoRefreshIds, useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/preact'
import { render, type FunctionComponent } from 'preact'
import { act } from 'preact/test-utils'
import { expect, it } from 'vitest'

/** The part of Prefresh that is used here. */
interface Prefresh {
  replaceComponent(before: unknown, after: unknown, isReset: boolean): void
}

const prefresh = Reflect.get(globalThis, '__PREFRESH__') as Prefresh

it('A18: after ten edits the subscriptions are there, and nothing was shown anew or fetched again', async () => {
  let calls = 0
  const cache = new InMemoryAutoRefresh<number>({
    interval: 1_000_000,
    sync: (batch) => {
      calls += 1
      return batch.map(({ id }) => ({ id, item: 1 }))
    },
  })
  const frames: string[] = []
  const edit =
    (edition: number): FunctionComponent =>
    () => {
      const { item } = useAutoRefreshItem(cache, 'a')
      const list = useAutoRefreshItems(cache, ['a', 'b'], { select: (snapshot) => snapshot.item })
      const text = `${edition}: ${item} ${list.join()} ${useAutoRefreshIds(cache).join()}`
      frames.push(text)
      return <p>{text}</p>
    }
  const container = document.createElement('div')
  let Page = edit(0)
  const settle = (): Promise<void> => act(() => new VirtualClock().advance(0))
  await act(() => render(<Page />, container))
  await settle()
  expect(container.textContent).toBe('0: 1 1,1 a,b')
  for (let edition = 1; edition <= 10; edition++) {
    const Edited = edit(edition)
    frames.splice(0)
    await act(() => prefresh.replaceComponent(Page, Edited, false))
    Page = Edited
    await settle()
    expect(new Set(frames)).toEqual(new Set([`${edition}: ${edition} ${edition},1 a,b`]))
    expect(cache.stats().subscribers).toBe(3)
    await act(() => void cache.update('a', edition + 1))
    await settle()
    expect(container.textContent).toBe(`${edition}: ${edition + 1} ${edition + 1},1 a,b`)
  }
  expect(calls).toBe(1)
  expect(cache.isRunning).toBe(true)
})
