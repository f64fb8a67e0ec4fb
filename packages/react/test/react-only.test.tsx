import { act, startTransition, Suspense, useState, type ReactElement, type ReactNode } from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { InMemoryAutoRefresh, type AutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItem } from '@auto-refresh/react'
import { describe, expect, it, vi } from 'vitest'

Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true)

function newCache<Item>(): InMemoryAutoRefresh<Item> {
  return new InMemoryAutoRefresh<Item>({ interval: 1000, sync: () => [] })
}

async function mount(
  page: ReactNode,
): Promise<{ readonly container: HTMLElement; readonly draw: (next: ReactNode) => Promise<void> }> {
  const container = document.createElement('div')
  const root = createRoot(container)
  const draw = (next: ReactNode): Promise<void> => act(async () => root.render(next))
  await draw(page)
  return { container, draw }
}

interface StepProps {
  readonly cache: AutoRefresh<{ readonly step: number }>
  readonly initial?: { readonly step: number }
}

function Step({ cache, initial }: StepProps): ReactElement {
  const { status, item } = useAutoRefreshItem(cache, 'a', { initialItem: initial })
  return <p>{`${status} ${item?.step ?? '-'}`}</p>
}

/** It looks like a promise, and is none. */
const thenable = Object.fromEntries([['then', 'no promise']])

describe('React alone', () => {
  it('A13: hydration agrees with what the server rendered, and then shows what the client has', async () => {
    const initial = { step: 1 }
    const container = document.createElement('div')
    // As `server.test.tsx` has it from a server.
    container.innerHTML = '<p>active 1</p>'
    const warn = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const ahead = newCache<{ readonly step: number }>()
    ahead.getOrCreate('a', { step: 5 })
    await act(async () => void hydrateRoot(container, <Step cache={ahead} initial={initial} />))
    expect(warn).not.toHaveBeenCalled()
    expect(container.textContent).toBe('active 5')
    warn.mockRestore()
  })

  it('A15: functions, thenables, frozen objects and class instances are shown as they are', async () => {
    class Thing {
      readonly name = 'thing'
    }
    const items = [() => 'called', thenable, Object.freeze({ frozen: true }), new Thing()]
    const seen: unknown[] = []
    for (const item of items) {
      const cache = newCache<unknown>()
      cache.getOrCreate('a', item)
      const Shown = (): ReactElement => {
        seen.push(useAutoRefreshItem(cache, 'a').item)
        return <p />
      }
      await mount(<Shown />)
    }
    for (const [index, item] of items.entries()) expect(seen[index]).toBe(item)
  })

  it('A4: a component that Suspense replays subscribes once, when it is there', async () => {
    const cache = newCache<{ readonly step: number }>()
    cache.getOrCreate('a', { step: 1 })
    let arrive: (() => void) | undefined
    let isThere = false
    const waiting = new Promise<void>((resolve) => {
      arrive = resolve
    })
    function Late(): ReactElement {
      const { item } = useAutoRefreshItem(cache, 'a')
      // oxlint-disable-next-line typescript/only-throw-error -- how Suspense is told to wait
      if (!isThere) throw waiting
      return <p>{item?.step}</p>
    }
    const { container } = await mount(
      <Suspense fallback="waiting">
        <Late />
      </Suspense>,
    )
    expect(container.textContent).toBe('waiting')
    expect(cache.stats().subscribers).toBe(0)
    isThere = true
    await act(async () => arrive?.())
    expect(container.textContent).toBe('1')
    expect(cache.stats().subscribers).toBe(1)
  })

  it('A6: a child that is handed the snapshot and reads it updates, too', async () => {
    const cache = newCache<{ readonly step: number }>()
    cache.getOrCreate('a', { step: 1 })
    function Parent(): ReactElement {
      return <Child snapshot={useAutoRefreshItem(cache, 'a')} />
    }
    function Child({
      snapshot,
    }: {
      readonly snapshot: ReturnType<typeof useAutoRefreshItem<{ readonly step: number }>>
    }): ReactElement {
      return <p>{snapshot.item?.step}</p>
    }
    const { container } = await mount(<Parent />)
    await act(async () => void cache.update('a', { step: 2 }))
    expect(container.textContent).toBe('2')
  })

  it('A7: in a transition to another id no frame shows the wrong item', async () => {
    const cache = newCache<{ readonly step: number }>()
    cache.getOrCreate('a', { step: 1 })
    cache.getOrCreate('b', { step: 2 })
    const frames: string[] = []
    let go: ((id: string) => void) | undefined
    function Page(): ReactElement {
      const [id, setId] = useState('a')
      go = setId
      const text = `${id}${useAutoRefreshItem(cache, id).item?.step ?? '-'}`
      frames.push(text)
      return <p>{text}</p>
    }
    const { container } = await mount(<Page />)
    await act(async () => startTransition(() => go?.('b')))
    expect(container.textContent).toBe('b2')
    expect(new Set(frames)).toEqual(new Set(['a1', 'b2']))
  })

  it('A7: with another cache the first frame shows its item, and the first cache is left', async () => {
    const [first, second] = [newCache<{ readonly step: number }>(), newCache<{ readonly step: number }>()]
    first.getOrCreate('a', { step: 1 })
    second.getOrCreate('a', { step: 2 })
    const frames: (number | undefined)[] = []
    function Page({ cache }: StepProps): ReactElement {
      const { item } = useAutoRefreshItem(cache, 'a')
      frames.push(item?.step)
      return <p>{item?.step}</p>
    }
    const { container, draw } = await mount(<Page cache={first} />)
    await draw(<Page cache={second} />)
    expect(new Set(frames)).toEqual(new Set([1, 2]))
    expect([first.stats().subscribers, second.stats().subscribers]).toEqual([0, 1])
    await act(async () => void second.update('a', { step: 3 }))
    expect(container.textContent).toBe('3')
  })
})
