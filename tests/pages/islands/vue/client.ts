import { hydrate } from '@auto-refresh/core'
import { createSSRApp, defineAsyncComponent, hydrateOnVisible } from 'vue'
import { newJobs } from '../jobs'
import { headerOf, lateOf, pageOf } from './parts'

const jobs = newJobs().start()
hydrate(jobs, JSON.parse(document.querySelector('script[type="application/json"]')?.textContent ?? ''))
const late = defineAsyncComponent({
  loader: () => Promise.resolve(lateOf(jobs)),
  hydrate: hydrateOnVisible(),
})
createSSRApp(pageOf(headerOf(jobs), late)).mount('#app')
Object.assign(globalThis, { jobs, hydrateLate: () => scrollTo(0, 5000) })
