import type { InMemoryAutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/react'
import type { ReactElement } from 'react'
import { FIRST, type Job } from '../jobs'

interface Props {
  readonly jobs: InMemoryAutoRefresh<Job>
}

export function Header({ jobs }: Props): ReactElement {
  const { item } = useAutoRefreshItem(jobs, 'initial', { initialItem: FIRST })
  const carried = useAutoRefreshItem(jobs, 'carried')
  return (
    <h1 className={item?.state} title={carried.item?.state}>
      {item?.state}
    </h1>
  )
}

function Badge({
  jobs,
  id,
  initialItem,
}: Props & { readonly id: string; readonly initialItem?: Job }): ReactElement {
  const { status, item } = useAutoRefreshItem(jobs, id, { initialItem })
  return (
    <p className={item?.state} title={status}>
      <b>{item?.state}</b>
      <progress max="1" value={item?.state === 'done' ? 1 : 0} />
      <button disabled={item?.state !== 'done'}>{item?.state}</button>
    </p>
  )
}

export function Late({ jobs }: Props): ReactElement {
  const list = useAutoRefreshItems(jobs, ['carried'])
  return (
    <section>
      <Badge jobs={jobs} id="initial" initialItem={FIRST} />
      <Badge jobs={jobs} id="carried" />
      <ul title={list[0]?.item?.state}>{list[0]?.item?.state}</ul>
    </section>
  )
}
