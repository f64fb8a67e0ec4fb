import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/react'
import { QueryClientProvider, skipToken, useQuery } from '@tanstack/react-query'
import { createElement, useCallback, useLayoutEffect, useSyncExternalStore, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import useSWR from 'swr'
import { createCache } from '../competitors/auto-refresh.ts'
import { createBaseline } from '../competitors/baseline.ts'
import { listQuery, type JobList } from '../competitors/tanstack-list.ts'
import { createClient, optionsOf } from '../competitors/tanstack.ts'
import { INTERVAL, type Subject } from '../world/work.ts'
import type { Page, PageOptions, ReactPageName } from './page.ts'

export const pages: Readonly<Record<ReactPageName, Page>> = {
  baseline(options) {
    const { baseline, round } = createBaseline(options.world)
    mountRows(options, ({ id }) => {
      const subscribe = useCallback((listener: () => void) => baseline.subscribe(id, listener), [id])
      return useSyncExternalStore(subscribe, () => baseline.get(id))?.progress
    })
    baseline.poll(round)
  },
  'auto-refresh': (options) => pollRows(options, Infinity),
  'auto-refresh-four': (options) => pollRows(options, undefined),
  'auto-refresh-list'({ container, world, onRender, onCommit }) {
    const { subjects } = world
    const ids = subjects.map(({ id }) => id)
    const cache = createCache(world)
    for (const { id, job } of subjects) cache.getOrCreate(id, job)
    function List(): ReactNode {
      onRender()
      useLayoutEffect(onCommit)
      const list = useAutoRefreshItems(cache, ids)
      return list.map(({ item }, index) => createElement('li', { key: index }, item?.progress))
    }
    createRoot(container).render(createElement(List))
    cache.start()
  },
  tanstack(options) {
    const { subjects, backend } = options.world
    const client = createClient()
    const common = optionsOf(options.world)
    const sources = subjects.map(({ job }) => backend.source(job))
    const useProgress = ({ id, index, job }: Subject): number | undefined =>
      useQuery({
        ...common,
        queryKey: [id],
        queryFn: sources[index] ?? skipToken,
        initialData: job,
        refetchInterval: INTERVAL,
      }).data?.progress
    mountRows(options, useProgress, (rows) => createElement(QueryClientProvider, { client }, rows))
  },
  'tanstack-list'(options) {
    const client = createClient()
    const query = listQuery(options.world)
    function Poll(): ReactNode {
      useQuery({ ...query, queryKey: query.queryKey, refetchInterval: INTERVAL, notifyOnChangeProps: [] })
      return null
    }
    const useProgress = ({ index }: Subject): number | undefined =>
      useQuery({
        ...query,
        queryKey: query.queryKey,
        staleTime: Infinity,
        select: useCallback((list: JobList) => list[index], [index]),
      }).data?.progress
    mountRows(options, useProgress, (rows) =>
      createElement(QueryClientProvider, { client }, rows, createElement(Poll)),
    )
  },
  swr(options) {
    const { subjects, backend } = options.world
    const sources = subjects.map(({ job }) => backend.source(job))
    mountRows(options, ({ id, index, job }) => {
      const { data } = useSWR(id, async () => (await sources[index]?.()) ?? job, {
        refreshInterval: INTERVAL,
        dedupingInterval: 0,
        fallbackData: job,
        revalidateOnFocus: false,
        revalidateOnReconnect: false,
        shouldRetryOnError: false,
      })
      return data.progress
    })
  },
}

/** @param concurrency calls at a time; undefined: the default */
function pollRows(options: PageOptions, concurrency: number | undefined): void {
  const { subjects } = options.world
  const cache = createCache(options.world, concurrency)
  for (const { id, job } of subjects) cache.getOrCreate(id, job)
  mountRows(options, ({ id }) => useAutoRefreshItem(cache, id).item?.progress)
  cache.start()
}

/** @param useProgress the hook that returns a job's progress */
export function mountRows(
  { container, world, onRender, onCommit }: PageOptions,
  useProgress: (subject: Subject) => number | undefined,
  wrap: (rows: ReactNode) => ReactNode = (rows) => rows,
): void {
  function Row({ subject }: { readonly subject: Subject }): ReactNode {
    onRender()
    useLayoutEffect(onCommit)
    return createElement('li', null, useProgress(subject))
  }
  createRoot(container).render(
    wrap(world.subjects.map((subject) => createElement(Row, { key: subject.id, subject }))),
  )
}
