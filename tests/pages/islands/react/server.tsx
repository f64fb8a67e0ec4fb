import { dehydrate } from '@auto-refresh/core'
import { renderToString } from 'react-dom/server'
import { newJobs } from '../jobs'
import { Header, Late } from './parts'

export function render(): string {
  const jobs = newJobs()
  jobs.getOrCreate('carried', { state: 'queued' })
  const data = JSON.stringify(dehydrate(jobs))
  return [
    `<div id="first">${renderToString(<Header jobs={jobs} />)}</div>`,
    `<div id="late">${renderToString(<Late jobs={jobs} />)}</div>`,
    `<script type="application/json">${data}</script>`,
  ].join('')
}
