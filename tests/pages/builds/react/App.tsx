import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
} from '@auto-refresh/react'
import { useState } from 'react'
import { add, builds, cancel, logIn, logOut, remove, type Build } from '../builds'

export function App() {
  const [isLoggedIn, setLoggedIn] = useState(false)
  if (!isLoggedIn) return <button onClick={() => logIn().then(() => setLoggedIn(true))}>Log in</button>
  return (
    <>
      <Banner />
      <button onClick={add}>Add</button>
      <button onClick={() => builds.refreshAll()}>Retry all</button>
      <button
        onClick={() => {
          setLoggedIn(false)
          logOut()
        }}
      >
        Log out
      </button>
      <List />
    </>
  )
}

function Banner() {
  const { isOutage, retryAt } = useAutoRefreshStatus(builds)
  if (!isOutage) return null
  const next = retryAt === undefined ? 'soon' : `at ${new Date(retryAt).toLocaleTimeString()}`
  return <p className="banner">The server cannot be reached. Next attempt {next}.</p>
}

function List() {
  const [filter, setFilter] = useState('')
  const ids = useAutoRefreshIds(builds)
  const states = useAutoRefreshItems(builds, ids, { select: stateOf })
  const shown = ids.filter((_, index) => filter === '' || states[index] === filter)
  return (
    <>
      <select value={filter} onChange={(event) => setFilter(event.target.value)}>
        {['', 'running', 'passed', 'failed', 'cancelled'].map((state) => (
          <option key={state} value={state}>
            {state || 'all'}
          </option>
        ))}
      </select>
      <span>{shown.length} builds</span>
      <ul>
        {shown.map((id) => (
          <Row key={id} id={id} />
        ))}
      </ul>
    </>
  )
}

const stateOf = ({ item }: { readonly item: Build | undefined }) => item?.state

function Row({ id }: { readonly id: string }) {
  const { status, item, error } = useAutoRefreshItem(builds, id)
  if (status === 'missing') return null
  if (status === 'pending')
    return <li id={id}>{error === undefined ? 'Loading…' : 'The server cannot be reached.'}</li>
  return (
    <li id={id} className={item.state}>
      {item.name} <output>{item.state}</output> {Math.round(item.progress * 100)} %
      {status === 'active' && <button onClick={() => cancel(id)}>Cancel</button>}
      <button onClick={() => remove(id)}>Remove</button>
    </li>
  )
}
