import { hydrate as bring } from '@auto-refresh/core'
import { hydrate } from 'preact'
import { newJobs } from '../jobs'
import { Header, Late } from './parts'

const jobs = newJobs().start()
bring(jobs, JSON.parse(document.querySelector('script[type="application/json"]')?.textContent ?? ''))
const [first, late] = ['first', 'late'].map((id) => document.querySelector(`#${id}`))
if (first) hydrate(<Header jobs={jobs} />, first)
Object.assign(globalThis, { jobs, hydrateLate: () => late && hydrate(<Late jobs={jobs} />, late) })
