import { useAutoRefreshItem } from '@auto-refresh/lit'
import { html, LitElement } from 'lit'
import { cancelJob, jobs } from './jobs'

/** The job is polled while this row is in the page, until it is finished. */
export class JobRow extends LitElement {
  static override properties = { jobId: {}, onError: { attribute: false } }
  declare jobId: string
  declare onError: (error: unknown) => void
  readonly #job = useAutoRefreshItem(this, jobs, () => this.jobId)

  readonly #cancel = (): void => {
    cancelJob(this.jobId).catch(this.onError)
  }

  protected override render() {
    const id = this.jobId
    const job = this.#job.value
    if (job.status === 'missing') return html`${id}: there is no such job`
    if (job.status === 'pending') return html`${id}: ${job.error ? 'cannot be loaded' : 'loading'}`
    const { state, progress } = job.item
    return html`
      <span>${id}: ${state}</span>
      <progress .value=${progress} aria-label="Progress of ${id}"></progress>
      ${state === 'running' ? html`<button @click=${this.#cancel}>Cancel ${id}</button>` : undefined}
    `
  }
}
