import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/solid'
import { jobs } from './jobs'

export default function App() {
  const job = useAutoRefreshItem(jobs, () => 'running')
  const list = useAutoRefreshItems(jobs, () => ['running', 'finished'])
  return (
    <p>
      edition 0: {job().status} {job().item?.step},{' '}
      {list()
        .map((each) => each.status)
        .join()}{' '}
      edition 0
    </p>
  )
}
