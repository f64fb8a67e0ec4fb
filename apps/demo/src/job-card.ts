import type { ItemSnapshot } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import { errorMessage } from './error-message.ts'
import { findElement } from './find-element.ts'
import { describeScene } from './scenes.ts'

export interface JobCardActions {
  cancel(id: string): void
  remove(id: string): void
}

/** One job on the wall. It is made once; `show` then touches only what a snapshot changes. */
export class JobCard {
  readonly element: HTMLLIElement
  readonly #picture: HTMLImageElement
  readonly #state: HTMLElement
  readonly #progress: HTMLProgressElement
  readonly #error: HTMLElement
  readonly #button: HTMLButtonElement
  readonly #name: string
  #removes = false

  constructor(template: HTMLTemplateElement, job: Job, actions: JobCardActions) {
    const content = document.importNode(template.content, true)
    this.element = findElement(content, 'li', HTMLLIElement)
    this.#picture = findElement(content, 'img', HTMLImageElement)
    this.#state = findElement(content, '.card-state', HTMLElement)
    this.#progress = findElement(content, 'progress', HTMLProgressElement)
    this.#error = findElement(content, '.card-error', HTMLElement)
    this.#button = findElement(content, 'button', HTMLButtonElement)

    const { title, place } = describeScene(job.scene)
    this.#name = `${title} ${place}`
    findElement(content, '.card-title', HTMLElement).textContent = title
    findElement(content, '.card-place', HTMLElement).textContent = place
    this.#progress.max = job.rows.total
    this.#progress.setAttribute('aria-label', `Progress of ${this.#name}`)
    this.#button.addEventListener('click', () => {
      if (this.#removes) actions.remove(job.id)
      else actions.cancel(job.id)
    })
  }

  set poisoned(poisoned: boolean) {
    this.element.classList.toggle('is-poisoned', poisoned)
  }

  show({ item: job, status, error, failureCount }: ItemSnapshot<Job>): void {
    if (job === undefined) return
    this.element.dataset['state'] = job.state
    this.element.classList.toggle('is-failing', failureCount > 0)
    this.#state.textContent = describeState(job)
    this.#progress.value = job.rows.done
    this.element.style.setProperty('--done', String(job.rows.done / job.rows.total))
    this.#showError(job.error ?? (failureCount > 0 ? describeFailures(error, failureCount) : ''))
    if (job.image !== null) this.#showPicture(job.image)
    this.#showButton(status !== 'active')
  }

  #showPicture(path: string): void {
    if (!this.#picture.hidden) return
    this.#picture.src = path
    this.#picture.alt = this.#name
    this.#picture.hidden = false
  }

  #showError(text: string): void {
    if (this.#error.textContent === text) return
    this.#error.textContent = text
    this.#error.title = text
  }

  #showButton(removes: boolean): void {
    this.#removes = removes
    const verb = removes ? 'Remove' : 'Cancel'
    this.#button.textContent = verb
    this.#button.setAttribute('aria-label', `${verb} ${this.#name}`)
  }
}

function describeState({ state, rows, startedAt, finishedAt }: Job): string {
  if (state === 'running') return `running, ${Math.floor((rows.done / rows.total) * 100)} %`
  if (state === 'succeeded' && startedAt !== null && finishedAt !== null) {
    return `done in ${((finishedAt - startedAt) / 1000).toFixed(1)} s`
  }
  return state
}

function describeFailures(error: unknown, failureCount: number): string {
  const reason = errorMessage(error)
  return failureCount === 1
    ? `Not refreshed: ${reason}`
    : `Not refreshed, ${failureCount} times in a row: ${reason}`
}
