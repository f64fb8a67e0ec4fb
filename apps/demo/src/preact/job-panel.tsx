/** @jsxImportSource preact */
import { useAutoRefreshItems } from '@auto-refresh/preact'
import type { VNode } from 'preact'
import { statusOf, summarise, type PanelContext } from '../panels/panel.ts'
import { JobCard } from './job-card.tsx'
import { useObserved } from './use-observed.ts'

/** All jobs of the page. The cache runs while this, or a panel of another framework, is there. */
export function JobPanel({ context }: { readonly context: PanelContext }): VNode {
  const { cache, actions } = context
  const ids = useObserved(context.jobIds)
  const poisonedIds = useObserved(context.poisonedIds)
  const statuses = useAutoRefreshItems(cache, ids, { select: statusOf })
  return (
    <>
      <p class="panel-summary">{summarise(statuses)}</p>
      <ul class="cards">
        {ids.map((id) => (
          <JobCard key={id} cache={cache} id={id} isPoisoned={poisonedIds.has(id)} actions={actions} />
        ))}
      </ul>
    </>
  )
}
