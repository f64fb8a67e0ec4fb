import { PiniaColada, useQuery, useQueryCache } from '@pinia/colada'
import { PiniaColadaAutoRefetch } from '@pinia/colada-plugin-auto-refetch'
import { createPinia } from 'pinia'
import { createApp, effectScope, watch, type App } from 'vue'
import type { Job } from '../world/job.ts'
import type { Polling, World } from '../world/world.ts'

/** Creates an application with Colada. Its plugin stays off without a `document`. */
export function installColada(app: App): App {
  return app.use(createPinia()).use(PiniaColada, {
    plugins: [PiniaColadaAutoRefetch({ autoRefetch: false })],
    queryOptions: { gcTime: false, refetchOnWindowFocus: false, refetchOnReconnect: false },
  })
}

/** One query per item with auto-refetch, without garbage timers. Its data is a shallow ref, watched synchronously. */
export function competitor({ work, backend, subjects }: World): Polling {
  if (typeof document === 'undefined') {
    Object.assign(globalThis, { document: { visibilityState: 'visible', addEventListener: () => {} } })
  }
  const app = installColada(createApp({}))
  let told = 0
  app.runWithContext(() =>
    effectScope(true).run(() => {
      const cache = useQueryCache()
      for (const { id, job, interval } of subjects) {
        const key = [id]
        if (!work.observed) {
          cache.setQueryData(key, job)
          continue
        }
        const { data } = useQuery<Job>({
          key,
          query: backend.source(job),
          staleTime: interval,
          autoRefetch: interval,
        })
        watch(data, () => (told += 1), { flush: 'sync' })
      }
    }),
  )
  return { told: () => told }
}
