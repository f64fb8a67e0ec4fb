import { hydrate } from '@auto-refresh/core'
import { createSSRApp } from 'vue'
import App from './App.vue'
import { makeJobs } from './jobs'

const jobs = makeJobs()
hydrate(jobs, JSON.parse(document.querySelector('#state')?.textContent ?? 'null'))
createSSRApp(App, { jobs, ids: [...jobs.ids()] }).mount('#root')
