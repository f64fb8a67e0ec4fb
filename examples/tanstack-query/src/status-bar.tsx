import { useIsFetching, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { isOver, jobKeys, jobListOptions, jobOptions } from './queries'

/** How many jobs run, how many cannot be refreshed, and whether something is being fetched. */
export function StatusBar() {
  const { data: ids = [] } = useQuery(jobListOptions())
  const { running, failing, isPaused } = useQueries({
    queries: ids.map((id) => jobOptions(id)),
    combine: (results) => ({
      running: results.filter(({ data }) => data !== undefined && !isOver(data)).length,
      failing: results.filter(({ failureCount }) => failureCount > 0).length,
      isPaused: results.some(({ fetchStatus }) => fetchStatus === 'paused'),
    }),
  })
  return (
    <p role="status">
      {`${running} running`}
      {failing > 0 && `, ${failing} cannot be refreshed`}
      {isPaused && ', offline'}
      <Activity />
      <RefreshButton />
    </p>
  )
}

function Activity() {
  const fetching = useIsFetching({ queryKey: jobKeys.all })
  return <span aria-hidden>{fetching > 0 ? ' ⟳' : ''}</span>
}

function RefreshButton() {
  const queryClient = useQueryClient()
  return (
    <button onClick={() => void queryClient.invalidateQueries({ queryKey: jobKeys.all })}>Refresh all</button>
  )
}
