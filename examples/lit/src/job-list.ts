import { useAutoRefreshStatus } from '@auto-refresh/lit'
import { html, LitElement } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { JobRow } from './job-row'
import { fetchIds, jobs, startJob } from './jobs'

class JobList extends LitElement {
  static override properties = { ids: { state: true }, message: { state: true } }
  declare ids: readonly string[]
  declare message: string
  readonly #status = useAutoRefreshStatus(this, jobs)

  constructor() {
    super()
    this.ids = []
    this.message = ''
  }

  override connectedCallback() {
    super.connectedCallback()
    fetchIds().then((all) => (this.ids = all), this.#fail)
  }

  readonly #fail = (error: unknown): void => {
    this.message = String(error)
  }

  readonly #start = (): void => {
    startJob().then((id) => (this.ids = [...this.ids, id]), this.#fail)
  }

  readonly #tryNow = (): void => {
    jobs.refreshAll().catch(() => undefined)
  }

  protected override render() {
    return html`
      <main>
        <h1>Jobs</h1>
        ${
          this.#status.value.isOutage
            ? html`<p role="alert">
                The server cannot be reached. <button @click=${this.#tryNow}>Try now</button>
              </p>`
            : undefined
        }
        <button @click=${this.#start}>Start a job</button>
        <ul>
          ${repeat(
            this.ids,
            (id) => id,
            (id) => html`<li><job-row .jobId=${id} .onError=${this.#fail}></job-row></li>`,
          )}
        </ul>
        <p role="status">${this.message}</p>
      </main>
    `
  }
}
customElements.define('job-row', JobRow)
customElements.define('job-list', JobList)
