import { act, useState, type ReactElement } from 'react'
import { createRoot } from 'react-dom/client'
import { InMemoryAutoRefresh, type AutoRefresh, type ItemSnapshot } from '@auto-refresh/core'
import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/react'
import { expect, it } from 'vitest'
import { Item } from './driver.tsx'

Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true)

interface Job {
  readonly step: number
}

function down(): InMemoryAutoRefresh<Job> {
  const cache = new InMemoryAutoRefresh<Job>({ interval: 1000, sync: () => [] })
  cache.getOrCreate('a', { step: 1 })
  return cache
}

function fail(cache: AutoRefresh<Job>): void {
  cache.ingest([{ id: 'a', action: 'fail', error: new Error('down') }])
}

async function mount(page: ReactElement): Promise<HTMLElement> {
  const container = document.createElement('div')
  await act(async () => createRoot(container).render(page))
  return container
}

/** Compiled code has slots for the values that it keeps. */
const slot = /\$\[\d+\]/

it('A6: the components of the suite are compiled here', () => {
  expect(String(Item)).toMatch(slot)
})

it('A6: a kept part of the rendering is made again when a field changes that was read in it', async () => {
  const describe = ({ status, item, failureCount }: ItemSnapshot<Job>): string =>
    `${status} ${item?.step} ${failureCount}`
  function Row({ cache }: { readonly cache: AutoRefresh<Job> }): ReactElement {
    const snapshot = useAutoRefreshItem(cache, 'a')
    return <p>{describe(snapshot)}</p>
  }
  expect(String(Row)).toMatch(slot)
  const cache = down()
  const page = await mount(<Row cache={cache} />)
  expect(page.textContent).toBe('active 1 0')
  await act(async () => fail(cache))
  expect(page.textContent).toBe('active 1 1')
  await act(async () => void cache.update('a', { step: 2 }))
  expect(page.textContent).toBe('active 2 1')
})

it('A6: a kept child that reads more of the snapshot later sees it as it is now, and is told of it from then on', async () => {
  let open: (() => void) | undefined
  function Details({ snapshot }: { readonly snapshot: ItemSnapshot<Job> }): ReactElement {
    const [isOpen, setOpen] = useState(false)
    open = () => setOpen(true)
    return <p>{isOpen ? `${snapshot.failureCount} failed` : snapshot.status}</p>
  }
  function Row({ cache }: { readonly cache: AutoRefresh<Job> }): ReactElement {
    return <Details snapshot={useAutoRefreshItem(cache, 'a')} />
  }
  const cache = down()
  const page = await mount(<Row cache={cache} />)
  await act(async () => fail(cache))
  expect(page.textContent).toBe('active')
  await act(async () => open?.())
  expect(page.textContent).toBe('1 failed')
  await act(async () => fail(cache))
  expect(page.textContent).toBe('2 failed')
})

it('A10: a kept list is made anew when one of its elements changes', async () => {
  function List({ cache }: { readonly cache: AutoRefresh<Job> }): ReactElement {
    const snapshots = useAutoRefreshItems(cache, ['a', 'b'])
    return <p>{snapshots.map(({ item }) => item?.step ?? '-').join()}</p>
  }
  expect(String(List)).toMatch(slot)
  const cache = down()
  const page = await mount(<List cache={cache} />)
  expect(page.textContent).toBe('1,-')
  await act(async () => void cache.getOrCreate('b', { step: 3 }))
  expect(page.textContent).toBe('1,3')
})
