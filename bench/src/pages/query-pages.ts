import { connect } from '@auto-refresh/query'
import { QueryClientProvider, skipToken, useQuery, type QueryClient } from '@tanstack/react-query'
import { createElement } from 'react'
import { createCache } from '../competitors/auto-refresh.ts'
import { createClient } from '../competitors/tanstack.ts'
import { INTERVAL, type Subject } from '../world/work.ts'
import type { Page, PageOptions, QueryPageName } from './page.ts'
import { mountRows } from './react-pages.ts'

export const pages: Readonly<Record<QueryPageName, Page>> = {
  'refetch-interval': (options) => pollRows(options, createClient()),
  connect: (options) => pollRows(options, connectedClient(options, true)),
  'connect-quiet': (options) => pollRows(options, connectedClient(options, false)),
}

function connectedClient({ world }: PageOptions, activity: boolean): QueryClient {
  const client = createClient()
  connect(createCache(world), client, { queryKey: (id) => ['jobs', id], activity })
  return client
}

/** Rows of an application that polls each job by a query of its own. */
function pollRows(options: PageOptions, client: QueryClient): void {
  const { subjects, backend } = options.world
  const sources = subjects.map(({ job }) => backend.source(job))
  const useProgress = ({ id, index, job }: Subject): number | undefined =>
    useQuery({
      queryKey: ['jobs', id],
      queryFn: sources[index] ?? skipToken,
      initialData: job,
      refetchInterval: INTERVAL,
      refetchIntervalInBackground: true,
    }).data?.progress
  mountRows(options, useProgress, (rows) => createElement(QueryClientProvider, { client }, rows))
}
