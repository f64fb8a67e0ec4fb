import type { ItemSnapshot } from '@auto-refresh/core'
import type { Job, JobState } from '@auto-refresh/demo-server/api'
import { errorMessage } from './error-message.ts'
import { describeScene } from './scenes.ts'

/** The text and state of a card, in whatever framework it is made. */
export interface JobView {
  readonly title: string
  readonly place: string
  /** Title and place: for those who do not see where on the page it stands. */
  readonly name: string
  readonly state: JobState
  readonly stateText: string
  readonly rowsDone: number
  readonly rows: number
  /** Empty where nothing is wrong. */
  readonly error: string
  readonly image: string | undefined
  /** The last refresh did not succeed. */
  readonly isFailing: boolean
  readonly action: 'cancel' | 'remove'
  readonly actionText: string
}

/** Undefined for a job that is not there any more. Reads no activity field: a refresh without news draws nothing. */
export function viewJob({ item: job, status, error, failureCount }: ItemSnapshot<Job>): JobView | undefined {
  if (job === undefined) return undefined
  const { title, place } = describeScene(job.scene)
  const isActive = status === 'active'
  return {
    title,
    place,
    name: `${title} ${place}`,
    state: job.state,
    stateText: describeState(job),
    rowsDone: job.rows.done,
    rows: job.rows.total,
    error: describeError(job, error, failureCount),
    image: job.image ?? undefined,
    isFailing: failureCount > 0,
    action: isActive ? 'cancel' : 'remove',
    actionText: isActive ? 'Cancel' : 'Remove',
  }
}

/** The classes of the card: the style sheet knows the rest from `data-state`. */
export function cardClass({ isFailing }: JobView, isPoisoned: boolean): string {
  return ['card', isFailing ? 'is-failing' : '', isPoisoned ? 'is-poisoned' : ''].filter(Boolean).join(' ')
}

function describeState({ state, rows, startedAt, finishedAt }: Job): string {
  if (state === 'running') return `running, ${Math.floor((rows.done / rows.total) * 100)} %`
  if (state === 'succeeded' && startedAt !== null && finishedAt !== null) {
    return `done in ${((finishedAt - startedAt) / 1000).toFixed(1)} s`
  }
  return state
}

/** A job that failed is one thing, news of it that did not come is another. */
function describeError({ error: reason }: Job, error: unknown, failureCount: number): string {
  if (reason !== null) return `Job failed: ${reason}`
  if (failureCount === 0) return ''
  return `Could not refresh${failureCount === 1 ? '' : ` (${failureCount}×)`}: ${errorMessage(error)}`
}
