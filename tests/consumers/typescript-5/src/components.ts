import * as forPreact from '@auto-refresh/preact'
import * as forReact from '@auto-refresh/react'
import * as forVue from '@auto-refresh/vue'
import { jobs } from './jobs.js'

export function InReact(): string {
  const { status, item } = forReact.useAutoRefreshItem(jobs, 'a')
  const percents: readonly (number | undefined)[] = forReact.useAutoRefreshItems(jobs, ['a', 'b'], {
    select: (snapshot) => snapshot.item?.progress,
  })
  return `${status} ${item?.progress.toFixed(1)} ${percents.length}`
}

export function InPreact(): string {
  const { isOutage } = forPreact.useAutoRefreshStatus(jobs)
  const [first] = forPreact.useAutoRefreshIds(jobs)
  return `${isOutage} ${first?.length}`
}

export function inVue(): string {
  const { item, snapshot } = forVue.useAutoRefreshItem(jobs, () => 'a')
  return `${item.value?.note?.length} ${snapshot.value.status}`
}
