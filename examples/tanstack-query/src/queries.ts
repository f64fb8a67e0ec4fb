import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { cancelJob, fetchIds, fetchJob, HttpError, startJob, type Job } from './api'

/** ms between two polls of a job that runs. */
const POLL = 2000

/** The keys of everything about jobs, from the general to the particular. */
export const jobKeys = {
  all: ['jobs'] as const,
  list: () => [...jobKeys.all, 'list'] as const,
  details: () => [...jobKeys.all, 'detail'] as const,
  detail: (id: string) => [...jobKeys.details(), id] as const,
}

/** The ids of all jobs. */
export function jobListOptions() {
  return queryOptions({
    queryKey: jobKeys.list(),
    queryFn: ({ signal }) => fetchIds(signal),
    staleTime: 30_000,
  })
}

/** A job, polled until it has ended. */
export function jobOptions(id: string) {
  return queryOptions({
    queryKey: jobKeys.detail(id),
    queryFn: ({ signal }) => fetchJob(id, signal),
    refetchInterval: (query) => (isOver(query.state.data) ? false : POLL),
    staleTime: POLL / 2,
    // A job that is not there will not be there in a second either.
    retry: (failures, error) => !(error instanceof HttpError && error.status === 404) && failures < 3,
  })
}

/** Starts a job, and shows it without waiting for a poll. */
export function useStartJob() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: startJob,
    onSuccess: ({ id, state, progress }) => {
      queryClient.setQueryData(jobKeys.detail(id), { state, progress })
      return queryClient.invalidateQueries({ queryKey: jobKeys.list() })
    },
  })
}

/** Cancels a job: it is shown as cancelled at once, and as before if the server refuses. */
export function useCancelJob(id: string) {
  const queryClient = useQueryClient()
  const { queryKey } = jobOptions(id)
  return useMutation({
    mutationFn: () => cancelJob(id),
    onMutate: async () => {
      await queryClient.cancelQueries({ queryKey })
      const previous = queryClient.getQueryData(queryKey)
      queryClient.setQueryData(queryKey, (job) => job && { ...job, state: 'cancelled' as const })
      return { previous }
    },
    onError: (_error, _variables, context) => {
      queryClient.setQueryData(queryKey, context?.previous)
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey }),
  })
}

/** True if the job will not change any more. */
export function isOver(job: Job | undefined): boolean {
  return job !== undefined && job.state !== 'running'
}
