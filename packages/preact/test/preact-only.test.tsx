import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItem } from '@auto-refresh/preact'
import { render, type VNode } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import { act } from 'preact/test-utils'
import { describe, expect, it } from 'vitest'

function newCache<Item>(): InMemoryAutoRefresh<Item> {
  return new InMemoryAutoRefresh<Item>({ interval: 1000, sync: () => [] })
}

/** It looks like a promise, and is none. */
const thenable = Object.fromEntries([['then', 'no promise']])

describe('Preact alone', () => {
  it('A15: functions, thenables, frozen objects and class instances are shown as they are', async () => {
    class Thing {
      readonly name = 'thing'
    }
    const items = [() => 'called', thenable, Object.freeze({ frozen: true }), new Thing()]
    for (const item of items) {
      const cache = newCache<unknown>()
      cache.getOrCreate('a', item)
      const seen: unknown[] = []
      const Shown = (): VNode => {
        seen.push(useAutoRefreshItem(cache, 'a').item)
        seen.push(useAutoRefreshItem(cache, 'a', { select: (snapshot) => snapshot.item }))
        return <p />
      }
      await act(() => render(<Shown />, document.createElement('div')))
      for (const each of seen) expect(each).toBe(item)
    }
  })

  it('A2: the subscription is there when the layout effects of the mounting have run', async () => {
    const cache = newCache<number>()
    let subscribers = 0
    const Parent = (): VNode => {
      useLayoutEffect(() => {
        ;({ subscribers } = cache.stats())
      }, [])
      return <Child />
    }
    const Child = (): VNode => <p>{useAutoRefreshItem(cache, 'a').status}</p>
    await act(() => render(<Parent />, document.createElement('div')))
    expect(subscribers).toBe(1)
  })
})
