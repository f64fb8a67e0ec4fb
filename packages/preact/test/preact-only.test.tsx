import { InMemoryAutoRefresh, type AutoRefresh } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/preact'
import { hydrate, render, type VNode } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import { renderToString } from 'preact-render-to-string'
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
      for (const each of seen.slice(-2)) expect(each).toBe(item)
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

  it('A7: with another cache the first frame shows its item, and the first cache is left', async () => {
    const [first, second] = [newCache<number>(), newCache<number>()]
    first.getOrCreate('a', 1)
    second.getOrCreate('a', 2)
    const container = document.createElement('div')
    const frames: (number | undefined)[] = []
    const Page = ({ cache }: { readonly cache: AutoRefresh<number> }): VNode => {
      const { item } = useAutoRefreshItem(cache, 'a')
      frames.push(item)
      return <p>{item}</p>
    }
    await act(() => render(<Page cache={first} />, container))
    frames.splice(0)
    await act(() => render(<Page cache={second} />, container))
    expect(new Set(frames)).toEqual(new Set([2]))
    expect([first.stats().subscribers, second.stats().subscribers]).toEqual([0, 1])
  })

  it('A13: a server runs nothing and subscribes to nothing, and hydration agrees', async () => {
    const App = ({ cache }: { readonly cache: AutoRefresh<number> }): VNode => {
      const { item } = useAutoRefreshItem(cache, 'a', { initialItem: 1 })
      return <p>{`${item} ${useAutoRefreshItems(cache, ['a']).length}`}</p>
    }
    const [server, client] = [newCache<number>(), newCache<number>()]
    const html = renderToString(<App cache={server} />)
    expect(html).toBe('<p>1 1</p>')
    expect(server.isRunning).toBe(false)
    expect(server.stats()).toMatchObject({ size: 0, subscribers: 0 })
    const container = document.createElement('div')
    container.innerHTML = html
    const [paragraph] = container.children
    await act(() => hydrate(<App cache={client} />, container))
    expect(container.innerHTML).toBe(html)
    expect(container.children[0]).toBe(paragraph)
    expect(client.isRunning).toBe(true)
    await act(() => render(null, container))
  })

  it('A13: an island that is hydrated after the cache has moved on takes its attributes along', async () => {
    const clock = new VirtualClock()
    const cache = new InMemoryAutoRefresh<string>({
      interval: 1000,
      clock,
      sync: (batch) => batch.map(({ id }) => ({ id, item: 'done' })),
    })
    const Badge = (): VNode => {
      const { item } = useAutoRefreshItem(cache, 'a', { initialItem: 'queued' })
      return (
        <p>
          <b class={item} title={item}>
            {item}
          </b>
          <button disabled={item !== 'done'}>download</button>
        </p>
      )
    }
    const [first, second] = [document.createElement('div'), document.createElement('div')]
    for (const island of [first, second]) {
      island.innerHTML =
        '<p><b class="queued" title="queued">queued</b><button disabled>download</button></p>'
    }
    const done = '<p><b class="done" title="done">done</b><button>download</button></p>'
    await act(() => hydrate(<Badge />, first))
    await act(() => clock.advance(0))
    expect(first.innerHTML).toBe(done)
    await act(() => hydrate(<Badge />, second))
    expect(second.innerHTML).toBe(done)
    for (const island of [first, second]) await act(() => render(null, island))
  })
})
