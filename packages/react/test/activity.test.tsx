import { runAll, runUntilPaint } from './mock-scheduler.ts'
import { Activity, memo, startTransition, useEffect, useState, type ReactElement } from 'react'
import { createRoot } from 'react-dom/client'
import { InMemoryAutoRefresh, type AutoRefresh } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { useAutoRefreshItem } from '@auto-refresh/react'
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

it('A5: what comes out of an Activity shows, in the first frame, what all others show', async () => {
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
