import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { connect, queryOptions } from '@auto-refresh/query'
import { useAutoRefreshItem } from '@auto-refresh/vue'
import { QueryClient, useMutation, useQuery, VueQueryPlugin } from '@tanstack/vue-query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp, defineComponent, nextTick, ref, type App, type Component } from 'vue'
import { advance, INTERVAL, jobKey, LATENCY, type Job } from './world.ts'

// Vue Query brings a copy of query-core of its own.
describe('Vue Query', () => {
  const jobs = new Map<string, Job>()
  let calls: string[][]
  let cache: InMemoryAutoRefresh<Job>
  let client: QueryClient
  let disconnect: () => void
  let app: App | undefined
  const element = document.createElement('div')

  beforeEach(() => {
    vi.useFakeTimers()
    calls = []
    for (const id of ['a', 'b']) jobs.set(id, { step: 1 })
    cache = new InMemoryAutoRefresh<Job>({
      interval: INTERVAL,
      jitter: 0,
      sync: async (batch) => {
        calls.push(batch.map(({ id }) => id))
        const answer = batch.map(({ id }) => ({ id, item: jobs.get(id) ?? { step: 0 } }))
        await new Promise((resolve) => setTimeout(resolve, LATENCY))
        return answer
      },
    })
    client = new QueryClient()
    disconnect = connect(cache, client, { queryKey: jobKey })
  })

  afterEach(async () => {
    app?.unmount()
    disconnect()
    client.clear()
    const stopped = cache.stop()
    await advance(LATENCY)
    await stopped
    vi.useRealTimers()
  })

  async function show(component: Component): Promise<void> {
    app = createApp(component)
    app.use(VueQueryPlugin, { queryClient: client })
    app.mount(element)
    await pass(0)
  }

  async function pass(ms: number): Promise<void> {
    await advance(ms)
    await nextTick()
  }

  const ownFetch = vi.fn<() => Job>(() => ({ step: -1 }))

  it('Q2, Q9, Q13: `useQuery` is a subscription, and its own polling is set aside', async () => {
    const id = ref('a')
    let renders = 0
    await show(
      defineComponent(() => {
        const { data, isFetching } = useQuery({
          queryKey: ['jobs', id],
          queryFn: ownFetch,
          refetchInterval: 100,
        })
        const { item } = useAutoRefreshItem(cache, id)
        return () => {
          renders += 1
          return `${data.value?.step ?? '-'} ${item.value?.step ?? '-'} ${isFetching.value}`
        }
      }),
    )
    expect(element.textContent).toBe('- - true')
    await pass(LATENCY)
    expect(element.textContent).toBe('1 1 false')
    expect(calls).toEqual([['a']])
    jobs.set('a', { step: 2 })
    const before = renders
    await pass(INTERVAL)
    expect(element.textContent).toBe('1 1 true')
    await pass(LATENCY)
    expect(element.textContent).toBe('2 2 false')
    expect(renders - before).toBeLessThanOrEqual(3)
    id.value = 'b'
    await pass(LATENCY)
    expect(element.textContent).toBe('1 1 false')
    expect(ownFetch).not.toHaveBeenCalled()
    app?.unmount()
    app = undefined
    expect(cache.stats().subscribers).toBe(0)
  })

  it('Q6, Q8: optimistic updates hold', async () => {
    let mutate = (): void => undefined
    await show(
      defineComponent(() => {
        const { data } = useQuery({ queryKey: jobKey('a'), queryFn: ownFetch })
        const mutation = useMutation({
          mutationFn: () => new Promise((resolve) => setTimeout(resolve, 1000)),
          onMutate: async () => {
            await client.cancelQueries({ queryKey: jobKey('a') })
            client.setQueryData(jobKey('a'), { step: 9 })
          },
          onSettled: () => client.invalidateQueries({ queryKey: jobKey('a') }),
        })
        mutate = () => mutation.mutate(undefined)
        return () => String(data.value?.step)
      }),
    )
    await pass(LATENCY + INTERVAL + LATENCY / 2)
    mutate()
    await pass(LATENCY)
    expect(element.textContent).toBe('9')
    jobs.set('a', { step: 10 })
    await pass(1000 + LATENCY)
    expect(element.textContent).toBe('10')
  })

  it('Q12: `queryOptions` fit, and `ensureQueryData` fetches through the cache', async () => {
    const fetched = client.ensureQueryData(queryOptions(cache, 'a', { queryKey: jobKey }))
    await pass(LATENCY)
    expect(await fetched).toEqual({ step: 1 })
    await show(
      defineComponent(() => {
        const { data } = useQuery(queryOptions(cache, 'a', { queryKey: jobKey }))
        return () => String(data.value?.step)
      }),
    )
    expect(element.textContent).toBe('1')
  })
})
