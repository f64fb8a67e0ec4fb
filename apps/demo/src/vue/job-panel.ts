import { useAutoRefreshItems } from '@auto-refresh/vue'
import { defineComponent, h } from 'vue'
import { statusOf, summarise, type PanelContext } from '../panels/panel.ts'
import { JobCard } from './job-card.ts'
import { useObserved } from './use-observed.ts'

/** All jobs of the page. The cache runs while this, or a panel of another framework, is there. */
export const JobPanel = defineComponent(
  ({ context: { cache, jobIds, poisonedIds, actions } }: { readonly context: PanelContext }) => {
    const ids = useObserved(jobIds)
    const poisoned = useObserved(poisonedIds)
    const statuses = useAutoRefreshItems(cache, ids, { select: statusOf })
    return () => [
      h('p', { class: 'panel-summary' }, summarise(statuses.value)),
      h(
        'ul',
        { class: 'cards' },
        ids.value.map((id) =>
          h(JobCard, { key: id, cache, id, isPoisoned: poisoned.value.has(id), actions }),
        ),
      ),
    ]
  },
  { name: 'JobPanel', props: ['context'] },
)
