import { useAutoRefreshItem } from '@auto-refresh/vue'
import { createJobs, type Job } from 'farm-jobs'
import { defineComponent, h } from 'vue'

// On the server, rendering starts nothing and adds nothing to the cache.
const jobs = createJobs()

export const JobView = defineComponent(
  ({ job }: { job: Job }) => {
    const { item } = useAutoRefreshItem(jobs, job.id, { initialItem: job })
    return () => {
      const { state, rows } = item.value ?? job
      return h('output', `${state} ${rows.done}/${rows.total}`)
    }
  },
  { props: ['job'] },
)
