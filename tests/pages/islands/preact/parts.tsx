import type { InMemoryAutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/preact'
import type { JSX } from 'preact'
import { FIRST, type Job } from '../jobs'

interface Props {
  readonly jobs: InMemoryAutoRefresh<Job>
}

export function Header({ jobs }: Props): JSX.Element {
  const { item } = useAutoRefreshItem(jobs, 'initial', { initialItem: FIRST })
  const carried = useAutoRefreshItem(jobs, 'carried')
  return (
    <h1 class={item?.state} title={carried.item?.state}>
      {item?.state}
    </h1>
  )
}

function Badge({
  jobs,
  id,
  initialItem,
}: Props & { readonly id: string; readonly initialItem?: Job }): JSX.Element {
  const { status, item } = useAutoRefreshItem(jobs, id, { initialItem })
  return (
    <p class={item?.state} title={status}>
      <b>{item?.state}</b>
      <progress max="1" value={item?.state === 'done' ? 1 : 0} />
      <button disabled={item?.state !== 'done'}>{item?.state}</button>
    </p>
  )
}

export function Late({ jobs }: Props): JSX.Element {
  const list = useAutoRefreshItems(jobs, ['carried'])
  return (
    <section>
      <Badge jobs={jobs} id="initial" initialItem={FIRST} />
      <Badge jobs={jobs} id="carried" />
      <ul title={list[0]?.item?.state}>{list[0]?.item?.state}</ul>
    </section>
  )
}
