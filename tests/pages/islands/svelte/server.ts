import { dehydrate } from '@auto-refresh/core'
import { render as renderComponent } from 'svelte/server'
import { newJobs } from '../jobs'
import Header from './Header.svelte'
import Late from './Late.svelte'

export function render(): string {
  const jobs = newJobs()
  jobs.getOrCreate('carried', { state: 'queued' })
  const data = JSON.stringify(dehydrate(jobs))
  const [header, late] = [Header, Late].map((island) => renderComponent(island, { props: { jobs } }).body)
  return `<div id="header">${header}</div><div id="late">${late}</div><script type="application/json">${data}</script>`
}
