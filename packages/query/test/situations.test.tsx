import { useInfiniteQuery, useQuery, useQueryClient, QueryErrorResetBoundary } from '@tanstack/react-query'
import { Component, useState, type ReactNode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connect } from '@auto-refresh/query'
import { advancePage, Page } from './page.tsx'
import { INTERVAL, jobKey, LATENCY, World, type Job } from './world.ts'

/** What users of TanStack Query do, by its guides and by what they ask in its discussions. */
describe('situations', () => {
  let world: World
  let page: Page

  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    })
    world = new World()
    page = new Page()
    for (const id of ['a', 'b', 'c']) world.jobs.set(id, { step: 1 })
  })

  afterEach(async () => {
    await page.end()
    await world.end()
    vi.useRealTimers()
  })

  it('1. `throwOnError` and `QueryErrorResetBoundary`: "try again" asks again', async () => {
    class Boundary extends Component<
      { readonly children: ReactNode; readonly onReset: () => void },
      { readonly error: Error | undefined }
    > {
      override state: { readonly error: Error | undefined } = { error: undefined }
      static getDerivedStateFromError(error: Error): { readonly error: Error } {
        return { error }
      }
      again = (): void => {
        this.props.onReset()
        this.setState({ error: undefined })
      }
      override render(): ReactNode {
        const { error } = this.state
        return error === undefined ? (
          this.props.children
        ) : (
          <button onClick={this.again}>{error.message}</button>
        )
      }
    }
    function Row(): ReactNode {
      return useQuery({ ...world.options('a'), throwOnError: true, retry: false }).data?.step ?? '…'
    }
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await page.show(
      world.client,
      <QueryErrorResetBoundary>
        {({ reset }) => (
          <Boundary onReset={reset}>
            <Row />
          </Boundary>
        )}
      </QueryErrorResetBoundary>,
    )
    await advancePage(LATENCY)
    expect(page.text).toBe('1')
    world.trouble = new Error('HTTP 500')
    await advancePage(INTERVAL + LATENCY)
    expect(page.text).toBe('HTTP 500')
    world.trouble = undefined
    const calls = world.calls.length
    page.element.querySelector('button')?.click()
    await advancePage(1000 + LATENCY)
    expect(page.text).toBe('1')
    expect(world.calls.length).toBeGreaterThan(calls)
    log.mockRestore()
  })

  it('2. a dependent query: its id comes from another query', async () => {
    function Dependent(): ReactNode {
      const { data: id } = useQuery({ queryKey: ['current'], queryFn: async () => 'a' })
      const { data, fetchStatus } = useQuery({
        queryKey: ['jobs', id],
        queryFn: (): Job => ({ step: -1 }),
        enabled: id !== undefined,
      })
      return `${data?.step ?? '…'} ${fetchStatus}`
    }
    await page.show(world.client, <Dependent />)
    await advancePage(LATENCY)
    expect(page.text).toBe('1 idle')
    expect(world.calls).toEqual([['a']])
  })

  it('3. an infinite query and a list whose keys look like that of an id, told apart by `id`', async () => {
    world.disconnect()
    world.disconnect = connect(world.cache, world.client, {
      queryKey: jobKey,
      id: ([, id]) => (id === 'list' ? undefined : String(id)),
    })
    function Lists(): ReactNode {
      const list = useQuery({ queryKey: ['jobs', 'list'], queryFn: async () => ['a', 'b'] })
      const pages = useInfiniteQuery({
        queryKey: ['jobs', 'pages'],
        queryFn: async ({ pageParam }) => [pageParam],
        initialPageParam: 1,
        getNextPageParam: () => undefined,
      })
      const users = useQuery({ queryKey: ['users', 'a'], queryFn: async () => 'Ada' })
      return [list.data?.join(','), pages.data?.pages.join(','), users.data].join(' ')
    }
    await page.show(world.client, <Lists />)
    await advancePage(LATENCY)
    expect(page.text).toBe('a,b 1 Ada')
    expect(world.calls).toEqual([])
  })

  it('4. defaults of the client for a key do not make it poll', async () => {
    world.client.setQueryDefaults(['jobs'], {
      refetchInterval: 100,
      staleTime: 50,
      refetchOnWindowFocus: true,
    })
    function Row(): ReactNode {
      return useQuery({ queryKey: jobKey('a'), queryFn: (): Job => ({ step: -1 }) }).data?.step
    }
    await page.show(world.client, <Row />)
    await advancePage(LATENCY + INTERVAL / 2)
    expect(page.text).toBe('1')
    expect(world.calls).toHaveLength(1)
  })

  it('5. seeding details from a list by `setQueryData`, as a loader does, shows them at once', async () => {
    for (const id of ['a', 'b']) world.client.setQueryData(jobKey(id), { step: 5 })
    function Rows(): ReactNode {
      const a = useQuery(world.options('a'))
      const b = useQuery(world.options('b'))
      return `${a.data?.step} ${b.data?.step}`
    }
    await page.show(world.client, <Rows />)
    expect(page.text).toBe('5 5')
    await advancePage(LATENCY)
    expect(page.text).toBe('1 1')
    expect(world.calls).toEqual([['a', 'b']])
  })

  it('6. `refetchQueries` of all, with and without components, is one call', async () => {
    world.client.setQueryData(jobKey('b'), { step: 0 })
    function Row(): ReactNode {
      return useQuery(world.options('a')).data?.step
    }
    await page.show(world.client, <Row />)
    await advancePage(LATENCY)
    void world.client.refetchQueries({ queryKey: ['jobs'], type: 'all' })
    await advancePage(LATENCY)
    expect(world.calls).toEqual([['a'], ['a', 'b']])
    expect(world.client.getQueryData(jobKey('b'))).toEqual({ step: 1 })
  })

  it('7. a list that is filtered and sorted mounts and unmounts rows, and polls those that are shown', async () => {
    function Row({ id }: { readonly id: string }): ReactNode {
      return useQuery(world.options(id)).data?.step
    }
    const show = (ids: readonly string[]): Promise<void> =>
      page.show(
        world.client,
        ids.map((id) => <Row key={id} id={id} />),
      )
    await show(['a', 'b', 'c'])
    await advancePage(LATENCY)
    await show(['c', 'a'])
    await advancePage(INTERVAL + LATENCY)
    expect(world.calls.at(-1)).toEqual(['a', 'c'])
    await show(['b', 'c', 'a'])
    await advancePage(LATENCY)
    expect(page.text).toBe('111')
    expect(world.cache.stats().subscribers).toBe(3)
  })

  it('8. two optimistic updates in a row, of which the first fails, end in what the source has', async () => {
    function Row(): ReactNode {
      const client = useQueryClient()
      const { data } = useQuery(world.options('a'))
      const [failures, setFailures] = useState(0)
      const change = async (step: number, isRefused: boolean): Promise<void> => {
        await client.cancelQueries({ queryKey: jobKey('a') })
        const previous = client.getQueryData(jobKey('a'))
        client.setQueryData(jobKey('a'), { step })
        await new Promise((resolve) => setTimeout(resolve, isRefused ? 50 : 150))
        if (isRefused) {
          client.setQueryData(jobKey('a'), previous)
          setFailures(failures + 1)
        } else world.jobs.set('a', { step })
        await client.invalidateQueries({ queryKey: jobKey('a') })
      }
      const both = (): void => {
        void change(7, true)
        void change(8, false)
      }
      return <button onClick={both}>{`${data?.step} ${failures}`}</button>
    }
    await page.show(world.client, <Row />)
    await advancePage(LATENCY)
    page.element.querySelector('button')?.click()
    await advancePage(10)
    expect(page.text).toBe('8 0')
    await advancePage(1000)
    expect(page.text).toBe('8 1')
  })

  it('9. `gcTime: 0` and quick navigation: no subscription, no query and no data of before are left', async () => {
    function Row(): ReactNode {
      return useQuery({ ...world.options('a'), gcTime: 0 }).data?.step ?? '…'
    }
    world.client.setDefaultOptions({ queries: { gcTime: 0 } })
    for (let visit = 0; visit < 3; visit++) {
      await page.show(world.client, <Row key={visit} />)
      expect(page.text).toBe('…')
      await advancePage(LATENCY)
      expect(page.text).toBe('1')
      await page.show(world.client, null)
      await advancePage(10)
      expect(world.client.getQueryCache().getAll()).toEqual([])
      expect(world.cache.stats().subscribers).toBe(0)
    }
    expect(world.calls).toHaveLength(3)
  })

  it('10. in an outage a page that is opened shows errors, and asks seldom', async () => {
    world.trouble = new Error('HTTP 500')
    function Row({ id }: { readonly id: string }): ReactNode {
      const { error, isPending } = useQuery(world.options(id))
      return isPending ? '…' : error?.message
    }
    const ids = Array.from({ length: 100 }, (_, n) => `job-${n}`)
    await page.show(
      world.client,
      ids.map((id) => <Row key={id} id={id} />),
    )
    await advancePage(30_000)
    expect(page.text).toBe('HTTP 500'.repeat(100))
    // Two of all, and then single items.
    expect(world.calls.length).toBeLessThanOrEqual(15)
    expect(world.calls.slice(3).every((call) => call.length === 1)).toBe(true)
    expect(world.ownFetches).toEqual([])
  })
})
