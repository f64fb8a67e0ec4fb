import { useAutoRefreshItem } from '@auto-refresh/react'
import { queryOptions } from '@auto-refresh/query'
import {
  keepPreviousData,
  QueryClientProvider,
  useQueries,
  useQuery,
  useSuspenseQuery,
  type QueryClient,
} from '@tanstack/react-query'
import { renderToString } from 'react-dom/server'
import { Component, Suspense, useLayoutEffect, type ReactNode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { advancePage, advanceSuspended, Page } from './page.tsx'
import { INTERVAL, jobKey, LATENCY, World } from './world.ts'

describe('React Query', () => {
  let world: World
  let client: QueryClient
  let page: Page

  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    })
    world = new World()
    client = world.client
    page = new Page()
    for (const id of ['a', 'b', 'c']) world.jobs.set(id, { step: 1 })
  })

  afterEach(async () => {
    await page.end()
    await world.end()
    vi.useRealTimers()
  })

  /** Commits that changed a row; the rows of one commit count once. */
  let commits = 0
  let renders = 0
  let isInCommit = false

  beforeEach(() => {
    commits = 0
    renders = 0
  })

  function Row({ id }: { readonly id: string }): ReactNode {
    const { data, error, isPending } = useQuery(world.options(id))
    renders += 1
    useLayoutEffect(() => {
      if (isInCommit) return
      isInCommit = true
      commits += 1
      queueMicrotask(() => (isInCommit = false))
    })
    return <li>{isPending ? '…' : (data?.step ?? error?.message)}</li>
  }

  it('Q4: values arrive by the batch: one rendering a row, one commit a call', async () => {
    await page.show(
      client,
      ['a', 'b', 'c'].map((id) => <Row key={id} id={id} />),
    )
    expect(page.text).toBe('………')
    expect([renders, commits]).toEqual([3, 1])
    await advancePage(LATENCY)
    expect(page.text).toBe('111')
    expect([renders, commits]).toEqual([6, 2])
    await advancePage(INTERVAL + LATENCY)
    expect([renders, commits]).toEqual([6, 2])
    for (const id of ['a', 'b', 'c']) world.jobs.set(id, { step: 2 })
    await advancePage(INTERVAL + LATENCY)
    expect(page.text).toBe('222')
    expect([renders, commits]).toEqual([9, 3])
    expect(world.calls).toHaveLength(3)
    expect(world.ownFetches).toEqual([])
  })

  it('Q4: errors arrive by the batch', async () => {
    world.trouble = new Error('HTTP 500')
    await page.show(
      client,
      ['a', 'b', 'c'].map((id) => <Row key={id} id={id} />),
    )
    await advancePage(60_000)
    expect(page.text).toBe('HTTP 500'.repeat(3))
    world.trouble = undefined
    await advancePage(120_000)
    expect(page.text).toBe('111')
  })

  it('Q2: StrictMode makes no additional call, and leaves no subscription behind', async () => {
    await page.show(client, <Row id="a" />, true)
    await advancePage(LATENCY)
    expect(page.text).toBe('1')
    expect(world.calls).toEqual([['a']])
    expect(world.cache.stats().subscribers).toBe(1)
    await page.show(client, null, true)
    expect(world.cache.stats().subscribers).toBe(0)
    expect(world.cache.isRunning).toBe(false)
  })

  it('Q2, Q3: another id: the previous data as placeholder, then its own; one subscription', async () => {
    function Details({ id }: { readonly id: string }): ReactNode {
      const { data, isPlaceholderData } = useQuery({
        ...world.options(id),
        placeholderData: keepPreviousData,
        select: ({ step }) => step * 10,
      })
      return `${data ?? '…'}${isPlaceholderData ? '?' : ''}`
    }
    world.jobs.set('b', { step: 2 })
    await page.show(client, <Details id="a" />)
    await advancePage(LATENCY)
    expect(page.text).toBe('10')
    await page.show(client, <Details id="b" />)
    expect(page.text).toBe('10?')
    await advancePage(LATENCY)
    expect(page.text).toBe('20')
    expect(world.cache.stats().subscribers).toBe(1)
  })

  it('Q4: `useQueries` with `combine` renders once a call', async () => {
    function Sum(): ReactNode {
      const { sum } = useQueries({
        queries: ['a', 'b', 'c'].map((id) => world.options(id)),
        combine: (results) => ({ sum: results.reduce((total, { data }) => total + (data?.step ?? 0), 0) }),
      })
      renders += 1
      return sum
    }
    await page.show(client, <Sum />)
    await advancePage(LATENCY)
    expect(page.text).toBe('3')
    const before = renders
    for (const id of ['a', 'b', 'c']) world.jobs.set(id, { step: 2 })
    await advancePage(INTERVAL + LATENCY)
    expect(page.text).toBe('6')
    expect(renders).toBe(before + 1)
    expect(world.calls).toHaveLength(2)
  })

  it('Q12, Q14: `useSuspenseQuery` waits for the first value, and is a subscription then', async () => {
    function Suspended(): ReactNode {
      return useSuspenseQuery(queryOptions(world.cache, 'a', { queryKey: jobKey })).data.step
    }
    await page.show(
      client,
      <Suspense fallback="waiting">
        <Suspended />
      </Suspense>,
    )
    expect(page.text).toBe('waiting')
    await advanceSuspended(LATENCY)
    expect(page.text).toBe('1')
    world.jobs.set('a', { step: 2 })
    await advancePage(INTERVAL + LATENCY)
    expect(page.text).toBe('2')
    expect(world.calls).toHaveLength(2)
  })

  it('Q14: an error of a suspended query reaches the error boundary', async () => {
    class Boundary extends Component<{ readonly children: ReactNode }, { readonly error?: Error }> {
      override state: { readonly error?: Error } = {}
      static getDerivedStateFromError(error: Error): { readonly error: Error } {
        return { error }
      }
      override render(): ReactNode {
        return this.state.error?.message ?? this.props.children
      }
    }
    function Suspended(): ReactNode {
      return useSuspenseQuery({ ...queryOptions(world.cache, 'a', { queryKey: jobKey }), retry: false }).data
        .step
    }
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    world.trouble = new Error('HTTP 500')
    await page.show(
      client,
      <Boundary>
        <Suspense fallback="waiting">
          <Suspended />
        </Suspense>
      </Boundary>,
    )
    await advanceSuspended(LATENCY)
    expect(page.text).toBe('HTTP 500')
    log.mockRestore()
  })

  it('Q14: a server subscribes to nothing and starts nothing', async () => {
    world.client.setQueryData(jobKey('b'), { step: 4 })
    const html = renderToString(
      <QueryClientProvider client={client}>
        <Row id="a" />
        <Row id="b" />
      </QueryClientProvider>,
    )
    expect(html).toBe('<li>…</li><li>4</li>')
    await advancePage(INTERVAL)
    expect(world.calls).toEqual([])
    expect(world.cache.stats()).toMatchObject({ subscribers: 0, size: 0 })
    expect(world.cache.isRunning).toBe(false)
  })

  it('Q13: `useQuery` and `useAutoRefreshItem` over one cache show the same, by the same calls', async () => {
    function Both(): ReactNode {
      const { data } = useQuery(world.options('a'))
      const { item } = useAutoRefreshItem(world.cache, 'a')
      return `${data?.step ?? '-'} ${item?.step ?? '-'}`
    }
    await page.show(client, <Both />)
    await advancePage(LATENCY)
    expect(page.text).toBe('1 1')
    world.jobs.set('a', { step: 2 })
    await advancePage(INTERVAL + LATENCY)
    expect(page.text).toBe('2 2')
    expect(world.calls).toEqual([['a'], ['a']])
    client.setQueryData(jobKey('a'), { step: 7 })
    await advancePage(0)
    expect(page.text).toBe('7 7')
  })

  it('Q10: a mounted query that was removed is subscribed to again when its component renders', async () => {
    await page.show(client, <Row id="a" />)
    await advancePage(LATENCY)
    client.removeQueries({ queryKey: jobKey('a') })
    expect(world.cache.stats().subscribers).toBe(0)
    await page.show(client, <Row id="a" />)
    await advancePage(LATENCY)
    expect(page.text).toBe('1')
    expect(world.cache.stats().subscribers).toBe(1)
  })
})
