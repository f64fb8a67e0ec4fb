import { SharedAutoRefresh } from '@auto-refresh/share'
import { hubClient } from '@auto-refresh/share/hub-client'

/** A page whose cache is a hub's client. */
const jobs = new SharedAutoRefresh<{ readonly value: number }>({
  ...hubClient<{ readonly value: number }>({ url: '/jobs' }),
  interval: 500,
  group: 'me',
})
jobs.subscribe('x', () => undefined, { create: true })
jobs.start()
Object.assign(window, {
  told: () => ({ ...jobs.stats(), value: jobs.get('x')?.value, hasLocks: navigator.locks !== undefined }),
})
