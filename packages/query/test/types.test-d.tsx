import type { AutoRefresh } from '@auto-refresh/core'
import { connect, queryOptions } from '@auto-refresh/query'
import { QueryClient as CoreClient } from '@tanstack/query-core'
import { QueryClient, useQueries, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { QueryClient as VueClient, useQuery as useVueQuery } from '@tanstack/vue-query'
import { QueryClient as OldestClient } from 'query-core-oldest'
import { describe, expectTypeOf, it } from 'vitest'

interface Job {
  readonly progress: number
}
declare const cache: AutoRefresh<Job>
const queryKey = (id: string) => ['jobs', id] as const
const options = queryOptions(cache, 'a', { queryKey })

// Compiled, never run: that it compiles is the test.
describe('connect', () => {
  it('types: any copy of any `QueryClient` fits', () => {
    for (const client of [new QueryClient(), new VueClient(), new CoreClient(), new OldestClient()]) {
      expectTypeOf(connect(cache, client, { queryKey })).toEqualTypeOf<() => void>()
    }
    connect(cache, new VueClient(), { queryKey })
    connect(cache, new OldestClient(), { queryKey: (id) => ['jobs', { id }], id: ([, job]) => String(job) })
  })

  it('types: a key is an array, made of an id', () => {
    expectTypeOf<{ queryKey: (id: string) => string }>().not.toExtend<Parameters<typeof connect>[2]>()
    expectTypeOf<{ queryKey: (id: number) => [number] }>().not.toExtend<Parameters<typeof connect>[2]>()
  })
})

describe('queryOptions', () => {
  it('types: data have the type of the items, without an annotation', () => {
    expectTypeOf(useQuery(options).data).toEqualTypeOf<Job | undefined>()
    expectTypeOf(useSuspenseQuery(options).data).toEqualTypeOf<Job>()
    expectTypeOf(useQuery({ ...options, select: ({ progress }) => progress }).data).toEqualTypeOf<
      number | undefined
    >()
    expectTypeOf(useVueQuery(options).data.value).toEqualTypeOf<Job | undefined>()
    const [first] = useQueries({ queries: [options] })
    expectTypeOf(first.data).toEqualTypeOf<Job | undefined>()
  })

  it('types: the key is the one given, and knows its data', () => {
    const client = new QueryClient()
    expectTypeOf(options.queryKey).toExtend<readonly ['jobs', string]>()
    expectTypeOf(client.getQueryData(options.queryKey)).toEqualTypeOf<Job | undefined>()
    client.setQueryData(options.queryKey, (job) => {
      expectTypeOf(job).toEqualTypeOf<Job | undefined>()
      return job
    })
    expectTypeOf(client.ensureQueryData(options)).toEqualTypeOf<Promise<Job>>()
  })
})
