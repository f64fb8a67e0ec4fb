import { createSSRApp } from 'vue'
import { JobView } from './job-view.ts'

const state = document.querySelector('#job')?.textContent ?? ''
createSSRApp(JobView, { job: JSON.parse(state) }).mount('#root')
