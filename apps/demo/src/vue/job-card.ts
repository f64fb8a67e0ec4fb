import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import { useAutoRefreshItem } from '@auto-refresh/vue'
import { defineComponent, h } from 'vue'
import { cardClass, viewJob } from '../job-view.ts'
import type { JobActions } from '../panels/panel.ts'

export interface JobCardProps {
  readonly cache: AutoRefresh<Job>
  readonly id: ItemId
  readonly isPoisoned: boolean
  readonly actions: JobActions
}

/** One job. It is drawn when its own item changes, and not when a neighbour's does. */
export const JobCard = defineComponent(
  (props: JobCardProps) => {
    const view = useAutoRefreshItem(props.cache, () => props.id, { select: viewJob })
    return () => {
      const job = view.value
      if (job === undefined) return null
      const picture =
        job.image === undefined
          ? null
          : h('img', {
              src: job.image,
              alt: job.name,
              width: 480,
              height: 320,
              decoding: 'async',
              loading: 'lazy',
            })
      return h(
        'li',
        {
          class: cardClass(job, props.isPoisoned),
          'data-job-id': props.id,
          'data-state': job.state,
          style: { '--done': job.rowsDone / job.rows },
        },
        [
          h('div', { class: 'card-picture' }, [picture]),
          h('h3', { class: 'card-title' }, job.title),
          h('p', { class: 'card-place' }, job.place),
          h(
            'button',
            {
              type: 'button',
              class: 'quiet',
              'aria-label': `${job.actionText} ${job.name}`,
              onClick: () => props.actions[job.action](props.id),
            },
            job.actionText,
          ),
          h('progress', { value: job.rowsDone, max: job.rows, 'aria-label': `Progress of ${job.name}` }),
          h('p', { class: 'card-state' }, job.stateText),
          job.error === '' ? null : h('p', { class: 'card-error', title: job.error }, job.error),
        ],
      )
    }
  },
  { name: 'JobCard', props: ['cache', 'id', 'isPoisoned', 'actions'] },
)
