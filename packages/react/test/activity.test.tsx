import { runAll, runUntilPaint } from './mock-scheduler.ts'
import {
  Activity,
  memo,
  startTransition,
  useEffect,
  useState,
  type ComponentType,
  type ReactElement,
} from 'react'
import { createRoot } from 'react-dom/client'
import { InMemoryAutoRefresh, type AutoRefresh, type ItemSnapshot } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/react'
import { expect, it } from 'vitest'

const Step = memo(({ cache }: { readonly cache: AutoRefresh<number> }): ReactElement => {
  return <i>{useAutoRefreshItem(cache, 'a').item}</i>
})

interface PageProps {
  readonly cache: AutoRefresh<number>
  readonly onMount: (show: (isShown: boolean) => void) => void
}

/** The item twice: in plain sight, and in an Activity. */
function Page({ cache, onMount }: PageProps): ReactElement {
  const [isShown, setShown] = useState(true)
  useEffect(() => {
    onMount(setShown)
  }, [onMount])
  return (
    <>
      <Step cache={cache} />
      <Activity mode={isShown ? 'visible' : 'hidden'}>
        <Step cache={cache} />
      </Activity>
    </>
  )
}

async function mount(): Promise<{
  readonly cache: InMemoryAutoRefresh<number>
  readonly container: HTMLElement
  readonly show: (isShown: boolean) => void
}> {
  const cache = new InMemoryAutoRefresh<number>({
    interval: 1000,
    clock: new VirtualClock(),
    sync: () => [],
  })
  cache.getOrCreate('a', 1)
  let show: ((isShown: boolean) => void) | undefined
  const container = document.createElement('div')
  createRoot(container).render(<Page cache={cache} onMount={(given) => (show = given)} />)
  await runAll()
  return { cache, container, show: (isShown) => show?.(isShown) }
}

it('A3, A4: a hidden Activity holds no subscription, gets it back, and has missed nothing', async () => {
  const { cache, container, show } = await mount()
  expect(cache.stats().subscribers).toBe(2)
  show(false)
  await runAll()
  expect(cache.stats().subscribers).toBe(1)
  cache.update('a', 2)
  show(true)
  await runAll()
  expect(cache.stats().subscribers).toBe(2)
  expect(container.textContent).toBe('22')
  cache.update('a', 3)
  await runAll()
  expect(container.textContent).toBe('33')
})

it('A5: a component that comes out of an Activity shows, in the first frame, the value that all others show', async () => {
  const { cache, container, show } = await mount()
  expect(container.textContent).toBe('11')
  show(false)
  await runAll()
  cache.update('a', 2)
  await runAll()
  startTransition(() => show(true))
  await runUntilPaint()
  expect(container.innerHTML).toBe('<i>2</i><i>2</i>')
})

interface HideableProps {
  readonly shown: ComponentType
  readonly onMount: (show: (isShown: boolean) => void) => void
}

function Hideable({ shown: Shown, onMount }: HideableProps): ReactElement {
  const [isShown, setShown] = useState(true)
  useEffect(() => {
    onMount(setShown)
  }, [onMount])
  return (
    <Activity mode={isShown ? 'visible' : 'hidden'}>
      <Shown />
    </Activity>
  )
}

async function mountHideable(
  shown: () => ReactElement,
): Promise<{ readonly container: HTMLElement; readonly show: (isShown: boolean) => Promise<void> }> {
  let show: ((isShown: boolean) => void) | undefined
  const container = document.createElement('div')
  createRoot(container).render(<Hideable shown={memo(shown)} onMount={(given) => (show = given)} />)
  await runAll()
  return {
    container,
    show: (isShown) => {
      show?.(isShown)
      return runAll()
    },
  }
}

it('A2: an item that was deleted while it was shown stays missing in every showing, and no frame shows it', async () => {
  let calls = 0
  const cache = new InMemoryAutoRefresh<number>({
    interval: 1000,
    clock: new VirtualClock(),
    sync: (batch) => {
      calls += 1
      return batch.map(({ id }) => ({ id, action: 'delete' as const }))
    },
  })
  const frames: string[] = []
  function Row(): ReactElement {
    const { status } = useAutoRefreshItem(cache, 'a', { initialItem: 1 })
    const list = useAutoRefreshItems(cache, ['b'])
    const text = `${status} ${list[0]?.status}`
    frames.push(text)
    return <i>{text}</i>
  }
  const { container, show } = await mountHideable(Row)
  expect(container.textContent).toBe('missing missing')
  frames.splice(0)
  for (let time = 0; time < 3; time++) {
    await show(false)
    await show(true)
  }
  expect(container.textContent).toBe('missing missing')
  expect(frames.filter((text) => text !== 'missing missing')).toEqual([])
  expect([calls, cache.size, cache.stats().subscribers]).toEqual([1, 0, 2])
  await show(false)
  cache.getOrCreate('a', 5)
  cache.delete('a')
  await show(true)
  expect(calls).toBe(1)
})

it('A2: an item that was deleted while it was hidden is created again', async () => {
  const cache = new InMemoryAutoRefresh<number>({
    interval: 1000,
    clock: new VirtualClock(),
    sync: (batch) => batch.map(({ id }) => ({ id, item: 7 })),
  })
  const { container, show } = await mountHideable(() => <i>{useAutoRefreshItem(cache, 'a').item}</i>)
  await show(false)
  cache.delete('a')
  await show(true)
  expect(container.textContent).toBe('7')
})

it('A6, A10: a `select` that reads activity for the first time as it is shown again is told of it', async () => {
  const clock = new VirtualClock()
  const cache = new InMemoryAutoRefresh<number>({
    interval: 1000,
    clock,
    sync: (batch) => batch.map(({ id }) => ({ id, action: 'unchanged' as const })),
  }).start()
  const select = (snapshot: ItemSnapshot<number>): string =>
    snapshot.status === 'missing' ? 'none' : `${snapshot.unchangedCount}`
  function List(): ReactElement {
    const list = useAutoRefreshItems(cache, ['a'], { create: false, select })
    return <i>{`${list.join()} ${useAutoRefreshItem(cache, 'a', { create: false, select })}`}</i>
  }
  const { container, show } = await mountHideable(List)
  expect(container.textContent).toBe('none none')
  await show(false)
  cache.getOrCreate('a', 1)
  await show(true)
  expect(cache.stats().subscribers).toBe(2)
  await clock.advance(3000)
  await runAll()
  const { unchangedCount } = cache.getSnapshot('a')
  expect(unchangedCount).toBeGreaterThan(2)
  expect(container.textContent).toBe(`${unchangedCount} ${unchangedCount}`)
  await cache.stop()
})

it('A7: an id that changed while it was hidden is the only one that is subscribed to', async () => {
  const cache = new InMemoryAutoRefresh<number>({
    interval: 1000,
    clock: new VirtualClock(),
    sync: (batch) => batch.map(({ id }) => ({ id, item: 7 })),
  })
  cache.getOrCreate('a', 1)
  let go: ((id: string) => void) | undefined
  function Row(): ReactElement {
    const [id, setId] = useState('a')
    go = setId
    return <i>{`${id} ${useAutoRefreshItem(cache, id).item}`}</i>
  }
  const { container, show } = await mountHideable(Row)
  await show(false)
  cache.delete('a')
  go?.('b')
  await runAll()
  await show(true)
  expect(container.textContent).toBe('b 7')
  expect([...cache.ids()]).toEqual(['b'])
})

it('A2, G2: what was cleared while it was shown is created anew when an Activity shows it again', async () => {
  const cache = new InMemoryAutoRefresh<number>({ interval: 1000, clock: new VirtualClock(), sync: () => [] })
  function Row(): ReactElement {
    const { status } = useAutoRefreshItem(cache, 'a')
    const list = useAutoRefreshItems(cache, ['b'])
    return <i>{`${status} ${list[0]?.status}`}</i>
  }
  const { container, show } = await mountHideable(Row)
  await cache.stop()
  cache.clear()
  await runAll()
  expect(container.textContent).toBe('missing missing')
  await show(false)
  cache.start()
  await show(true)
  expect(container.textContent).toBe('pending pending')
  expect([...cache.ids()]).toEqual(['a', 'b'])
  await cache.stop()
})
