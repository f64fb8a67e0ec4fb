import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import { useAutoRefreshItem } from '@auto-refresh/react'
import { memo, type CSSProperties, type ReactNode } from 'react'
import { cardClass, viewJob } from '../job-view.ts'
import type { JobActions } from '../panels/panel.ts'

export interface JobCardProps {
  readonly cache: AutoRefresh<Job>
  readonly id: ItemId
  readonly isPoisoned: boolean
  readonly actions: JobActions
}

/** One job. It is drawn when its own item changes, and not when a neighbour's does. */
export const JobCard = memo(function JobCard({ cache, id, isPoisoned, actions }: JobCardProps): ReactNode {
  const job = viewJob(useAutoRefreshItem(cache, id))
  if (job === undefined) return null
  const style: CSSProperties & Record<'--done', number> = { '--done': job.rowsDone / job.rows }
  return (
    <li className={cardClass(job, isPoisoned)} data-job-id={id} data-state={job.state} style={style}>
      <div className="card-picture">
        {job.image !== undefined && (
          <img src={job.image} alt={job.name} width={480} height={320} decoding="async" loading="lazy" />
        )}
      </div>
      <h3 className="card-title">{job.title}</h3>
      <p className="card-place">{job.place}</p>
      <button
        type="button"
        className="quiet"
        aria-label={`${job.actionText} ${job.name}`}
        onClick={() => actions[job.action](id)}
      >
        {job.actionText}
      </button>
      <progress value={job.rowsDone} max={job.rows} aria-label={`Progress of ${job.name}`} />
      <p className="card-state">{job.stateText}</p>
      {job.error !== '' && (
        <p className="card-error" title={job.error}>
          {job.error}
        </p>
      )}
    </li>
  )
})
