import { Component, inject, signal } from '@angular/core'
import { injectAutoRefreshStatus } from '@auto-refresh/angular'
import { JobRow } from './job-row'
import { fetchIds, JOBS, startJob } from './jobs'

@Component({
  selector: 'app-root',
  imports: [JobRow],
  template: `
    <main>
      <h1>Jobs</h1>
      @if (status().isOutage) {
        <p role="alert">The server cannot be reached. <button (click)="tryNow()">Try now</button></p>
      }
      <button (click)="start()">Start a job</button>
      <ul>
        @for (id of ids(); track id) {
          <li [job]="id" (failed)="fail($event)"></li>
        }
      </ul>
      <p role="status">{{ message() }}</p>
    </main>
  `,
})
export class App {
  readonly #jobs = inject(JOBS)
  protected readonly ids = signal<readonly string[]>([])
  protected readonly message = signal('')
  protected readonly status = injectAutoRefreshStatus(this.#jobs)

  protected readonly fail = (error: unknown): void => this.message.set(String(error))

  constructor() {
    fetchIds().then((ids) => this.ids.set(ids), this.fail)
  }

  protected start(): void {
    startJob().then((id) => this.ids.update((ids) => [...ids, id]), this.fail)
  }

  protected tryNow(): void {
    this.#jobs.refreshAll().catch(() => undefined)
  }
}
