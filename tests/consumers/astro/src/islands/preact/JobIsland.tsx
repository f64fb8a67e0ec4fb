/** @jsxImportSource preact */
import { useAutoRefreshIds, useAutoRefreshItem } from '@auto-refresh/preact'
import { jobs } from '../../jobs'

export function JobIsland() {
  const [id] = useAutoRefreshIds(jobs)
  const { item } = useAutoRefreshItem(jobs, id)
  return <output>{item && `${item.state} ${item.rows.done}/${item.rows.total}`}</output>
}
