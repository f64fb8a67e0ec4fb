import { submitJob } from 'farm-jobs'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { JobView } from './job-view.ts'

/** Returns the page's markup, and the state that it was made of. */
export async function render(farm: string): Promise<{ app: string; job: string }> {
  const job = await submitJob(farm)
  const app = await renderToString(createSSRApp(JobView, { job }))
  return { app, job: JSON.stringify(job).replaceAll('<', String.raw`\u003c`) }
}
