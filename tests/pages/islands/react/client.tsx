import { hydrate } from '@auto-refresh/core'
import { hydrateRoot } from 'react-dom/client'
import { newJobs } from '../jobs'
import { Header, Late } from './parts'

const jobs = newJobs().start()
hydrate(jobs, JSON.parse(document.querySelector('script[type="application/json"]')?.textContent ?? ''))
const [first, late] = ['first', 'late'].map((id) => document.querySelector(`#${id}`))
if (first) hydrateRoot(first, <Header jobs={jobs} />)
Object.assign(globalThis, { jobs, hydrateLate: () => late && hydrateRoot(late, <Late jobs={jobs} />) })
