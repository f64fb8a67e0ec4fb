import { autoBatchEnhancer, configureStore } from '@reduxjs/toolkit'
import { createApi, fakeBaseQuery } from '@reduxjs/toolkit/query'
import type { Job } from '../world/job.ts'
import type { Polling, World } from '../world/world.ts'

/**
 * Without the development checks, structural sharing only if answers are fresh, notifications batched by a timer of 0 ms, and one
 * subscription of the store for all rows: with one per row, each change would look up every row.
 */
export function competitor({ work, backend, subjects }: World): Polling {
  const sources = subjects.map(({ job }) => backend.source(job))
  const api = createApi({
    reducerPath: 'api',
    baseQuery: fakeBaseQuery(),
    endpoints: (build) => ({
      job: build.query<Job | undefined, number>({
        queryFn: async (index) => ({ data: await sources[index]?.() }),
        structuralSharing: work.answers === 'fresh',
      }),
    }),
  })
  const store = configureStore({
    reducer: { [api.reducerPath]: api.reducer },
    middleware: (defaults) =>
      defaults({ serializableCheck: false, immutableCheck: false, actionCreatorCheck: false }).concat(
        api.middleware,
      ),
    enhancers: (defaults) =>
      defaults({ autoBatch: false }).concat(autoBatchEnhancer({ type: 'timer', timeout: 0 })),
  })
  let told = 0
  const seen = new Map<string, unknown>()
  store.subscribe(() => {
    for (const [key, query] of Object.entries(store.getState().api.queries)) {
      const data = query?.data
      if (data === undefined || seen.get(key) === data) continue
      seen.set(key, data)
      told += 1
    }
  })
  for (const { index, interval: pollingInterval } of subjects) {
    void store.dispatch(api.endpoints.job.initiate(index, { subscriptionOptions: { pollingInterval } }))
  }
  return { told: () => told }
}
