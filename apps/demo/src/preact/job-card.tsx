/** @jsxImportSource preact */
import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import { useAutoRefreshItem } from '@auto-refresh/preact'
import type { VNode } from 'preact'
import { memo } from 'preact/compat'
import { cardClass, viewJob } from '../job-view.ts'
import type { JobActions } from '../panels/panel.ts'

export interface JobCardProps {
  readonly cache: AutoRefresh<Job>
  readonly id: ItemId
  readonly isPoisoned: boolean
  readonly actions: JobActions
}

/** One job. It is drawn when its own item changes, and not when a neighbour's does. */
export const JobCard = memo(function JobCard({ cache, id, isPoisoned, actions }: JobCardProps): VNode | null {
  const job = viewJob(useAutoRefreshItem(cache, id))
  if (job === undefined) return null
  return (
    <li
      class={cardClass(job, isPoisoned)}
      data-job-id={id}
      data-state={job.state}
      style={{ '--done': job.rowsDone / job.rows }}
    >
      <div class="card-picture">
        {job.image !== undefined && (
          <img src={job.image} alt={job.name} width={480} height={320} decoding="async" loading="lazy" />
        )}
      </div>
      <h3 class="card-title">{job.title}</h3>
      <p class="card-place">{job.place}</p>
      <button
        type="button"
        class="quiet"
        aria-label={`${job.actionText} ${job.name}`}
        onClick={() => actions[job.action](id)}
      >
        {job.actionText}
      </button>
      <progress value={job.rowsDone} max={job.rows} aria-label={`Progress of ${job.name}`} />
      <p class="card-state">{job.stateText}</p>
      {job.error !== '' && (
        <p class="card-error" title={job.error}>
          {job.error}
        </p>
      )}
    </li>
  )
})
