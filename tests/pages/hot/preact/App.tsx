import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/preact'
import type { JSX } from 'preact'
import { jobs } from './jobs'

export function App(): JSX.Element {
  const { status, item } = useAutoRefreshItem(jobs, 'running')
  const list = useAutoRefreshItems(jobs, ['running', 'finished'])
  return <p>{`edition 0: ${status} ${item?.step}, ${list.map((each) => each.status).join()}`}</p>
}
