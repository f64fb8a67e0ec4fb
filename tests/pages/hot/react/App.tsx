import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/react'
import type { ReactElement } from 'react'
import { jobs } from './jobs'

export function App(): ReactElement {
  const { status, item } = useAutoRefreshItem(jobs, 'running')
  const list = useAutoRefreshItems(jobs, ['running', 'finished'])
  return <p>{`edition 0: ${status} ${item?.step}, ${list.map((each) => each.status).join()}`}</p>
}
