import { hydrate as hydrateCache, InMemoryAutoRefresh } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
} from '@auto-refresh/preact'
import { hydrate, render, type VNode } from 'preact'
import { lazy, Suspense } from 'preact/compat'
import { act } from 'preact/test-utils'
import { describe, expect, it } from 'vitest'

/** A running cache that a server filled with these items, and the ids that it has asked for since. */
function hydratedCache(items: Readonly<Record<string, number>>) {
  const asked: string[] = []
  const cache = new InMemoryAutoRefresh<number>({
    interval: 1_000_000,
    clock: new VirtualClock(),
    sync: (batch) => {
      asked.push(...batch.map(({ id }) => id))
      return []
    },
  }).start()
  const states = Object.entries(items).map(([id, item]) => ({ id, item, failureCount: 0, unchangedCount: 0 }))
  hydrateCache(cache, { version: 1, at: 0, states })
  return { cache, asked }
}

function containerOf(html = ''): HTMLElement {
  const container = document.createElement('div')
  container.innerHTML = html
  return container
}

/** Lets Preact render what it planned, before the browser can paint. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
}

/** Shows what all hooks return of a cache, and notes each rendering. */
function newPage(cache: InMemoryAutoRefresh<number>) {
  const frames: string[] = []
  const Page = (): VNode => {
    const { item } = useAutoRefreshItem(cache, 'a')
    const [first] = useAutoRefreshItems(cache, ['a'])
    const ids = useAutoRefreshIds(cache)
    const { state } = useAutoRefreshStatus(cache)
    frames.push(`${item} ${first?.item} ${ids.join()} ${state}`)
    return <p title={frames.at(-1)}>{frames.at(-1)}</p>
  }
  return { frames, Page }
}

describe('the first rendering', () => {
  it('A13: of a page that hydrates shows what the server knew, and the second one what the cache has', async () => {
    const { cache } = hydratedCache({ a: 1 })
    cache.update('a', 2)
    const { frames, Page } = newPage(cache)
    const container = containerOf('<p title="1 1 a stopped">1 1 a stopped</p>')
    hydrate(<Page />, container)
    await settle()
    expect(frames).toEqual(['1 1 a stopped', '2 2 a running'])
    expect(container.innerHTML).toBe('<p title="2 2 a running">2 2 a running</p>')
    await act(() => render(null, container))
  })

  it('A5, A13: of every other mount shows what the cache has, also after the page was hydrated', async () => {
    const { cache } = hydratedCache({ a: 1 })
    cache.update('a', 2)
    const { frames, Page } = newPage(cache)
    const container = containerOf('<main></main>')
    const App = ({ isOpen }: { readonly isOpen: boolean }): VNode => <main>{isOpen ? <Page /> : null}</main>
    hydrate(<App isOpen={false} />, container)
    await act(() => render(<App isOpen />, container))
    const other = containerOf()
    await act(() => render(<Page />, other))
    expect(frames).toEqual(['2 2 a running', '2 2 a running'])
    for (const each of [container, other]) await act(() => render(null, each))
  })

  it('A13: shows what the server knew, too, if it comes late because its code was not loaded', async () => {
    const { cache } = hydratedCache({ a: 1 })
    cache.update('a', 2)
    const { frames, Page } = newPage(cache)
    let arrive: ((loaded: { readonly default: typeof Page }) => void) | undefined
    const Late = lazy(
      () =>
        new Promise<{ readonly default: typeof Page }>((resolve) => {
          arrive = resolve
        }),
    )
    const container = containerOf('<main><p title="1 1 a stopped">1 1 a stopped</p></main>')
    await act(() =>
      hydrate(
        <main>
          <Suspense fallback={null}>
            <Late />
          </Suspense>
        </main>,
        container,
      ),
    )
    expect(frames).toEqual([])
    await act(async () => {
      arrive?.({ default: Page })
      await settle()
    })
    expect(frames).toEqual(['1 1 a stopped', '2 2 a running'])
    expect(container.innerHTML).toBe('<main><p title="2 2 a running">2 2 a running</p></main>')
    await act(() => render(null, container))
  })

  it('A13: of the rest of a page that hydrates is not changed by a root that is rendered within', async () => {
    const { cache } = hydratedCache({ a: 1 })
    cache.update('a', 2)
    const { frames, Page } = newPage(cache)
    const inner = containerOf()
    const Root = (): null => {
      render(<Page />, inner)
      return null
    }
    const container = containerOf('<p title="1 1 a stopped">1 1 a stopped</p>')
    await act(() =>
      hydrate(
        <>
          <Root />
          <Page />
        </>,
        container,
      ),
    )
    expect(frames.slice(0, 2)).toEqual(['2 2 a running', '1 1 a stopped'])
    expect(container.textContent).toBe('2 2 a running')
    for (const each of [container, inner]) await act(() => render(null, each))
  })
})

describe('a list of the ids that `hydrate` brought', () => {
  it('A13, A16: that is shown again creates none that was deleted or went', async () => {
    const { cache, asked } = hydratedCache({ a: 1, b: 1, c: 1 })
    const Row = ({ id }: { readonly id: string }): VNode => (
      <li>{`${id} ${useAutoRefreshItem(cache, id).status}`}</li>
    )
    const List = (): VNode => (
      <ul>
        {useAutoRefreshIds(cache).map((id) => (
          <Row key={id} id={id} />
        ))}
      </ul>
    )
    const container = containerOf('<ul><li>a active</li><li>b active</li><li>c active</li></ul>')
    await act(() => hydrate(<List />, container))
    expect(container.textContent).toBe('a activeb activec active')
    await act(() => render(null, container))
    cache.delete('b')
    asked.length = 0
    await act(() => render(<List />, container))
    await act(settle)
    expect(container.textContent).toBe('a activec active')
    expect([...cache.ids()]).toEqual(['a', 'c'])
    expect(asked).not.toContain('b')
    await act(() => render(null, container))
  })
})
