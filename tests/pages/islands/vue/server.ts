import { dehydrate } from '@auto-refresh/core'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { newJobs } from '../jobs'
import { headerOf, lateOf, pageOf } from './parts'

export async function render(): Promise<string> {
  const jobs = newJobs()
  jobs.getOrCreate('carried', { state: 'queued' })
  const data = JSON.stringify(dehydrate(jobs))
  const page = await renderToString(createSSRApp(pageOf(headerOf(jobs), lateOf(jobs))))
  return `<div id="app">${page}</div><script type="application/json">${data}</script>`
}
