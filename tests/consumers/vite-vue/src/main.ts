import { submitJob } from 'farm-jobs'
import { createApp } from 'vue'
import JobView from './JobView.vue'

createApp(JobView, { job: await submitJob() }).mount('#root')
