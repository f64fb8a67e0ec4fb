import { Component, inject, input, output } from '@angular/core'
import { injectAutoRefreshItem } from '@auto-refresh/angular'
import { cancelJob, JOBS } from './jobs'

/** A row. Its job is polled while the row is shown, until it is finished. */
@Component({
  selector: 'li[job]',
  template: `
    @let job = shown();
    @if (job.status === 'missing') {
      {{ id() }}: there is no such job
    } @else if (job.status === 'pending') {
      {{ id() }}: {{ job.error ? 'cannot be loaded' : 'loading' }}
    } @else {
      {{ id() }}: {{ job.item.state }}
      <progress [value]="job.item.progress" [attr.aria-label]="'Progress of ' + id()"></progress>
      @if (job.item.state === 'running') {
        <button (click)="cancel()">Cancel {{ id() }}</button>
      }
    }
  `,
})
export class JobRow {
  readonly #jobs = inject(JOBS)
  readonly id = input.required<string>({ alias: 'job' })
  readonly failed = output<unknown>()
  protected readonly shown = injectAutoRefreshItem(this.#jobs, this.id)

  protected cancel(): void {
    cancelJob(this.#jobs, this.id()).catch((error: unknown) => this.failed.emit(error))
  }
}
