import { dehydrate } from '@auto-refresh/core'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import App from './App.vue'
import { makeJobs, type Job } from './jobs'

/** Renders the page of one request. The cache of the request is never started, and is then forgotten. */
export async function render(backend: string): Promise<{ markup: string; state: string }> {
  const response = await fetch(`${backend}/api/jobs`)
  const listed: readonly (Job & { readonly id: string })[] = await response.json()
  const jobs = makeJobs()
  jobs.ingest(
    listed.map(({ id, state, progress }) => ({ id, item: { state, progress } })),
    { create: true },
  )
  const markup = await renderToString(createSSRApp(App, { jobs, ids: [...jobs.ids()] }))
  // A value must not be able to end the script element.
  return { markup, state: JSON.stringify(dehydrate(jobs)).replaceAll('<', String.raw`\u003c`) }
}
