import type { AutoRefresh } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import { findElement } from './find-element.ts'
import { JobCard, type JobCardActions } from './job-card.ts'

interface Hung {
  readonly card: JobCard
  readonly unsubscribe: () => void
}

/** The grid of cards: the newest batch first, its cards in the order in which they are rendered. */
export class JobWall {
  readonly #cache: AutoRefresh<Job>
  readonly #actions: JobCardActions
  readonly #list: HTMLElement
  readonly #template: HTMLTemplateElement
  readonly #cards = new Map<string, Hung>()
  #poisonedIds: ReadonlySet<string> = new Set()

  constructor(root: ParentNode, cache: AutoRefresh<Job>, actions: JobCardActions) {
    this.#cache = cache
    this.#actions = actions
    this.#list = findElement(root, '#wall', HTMLElement)
    this.#template = findElement(root, '#job-card', HTMLTemplateElement)
  }

  /** Puts jobs into the cache, and their cards before all others. */
  hang(jobs: readonly Job[]): void {
    const fresh = jobs.filter(({ id }) => !this.#cards.has(id))
    const cards = fresh.map((job) => this.#makeCard(this.#cache.getOrCreate(job.id, job)))
    this.#list.prepend(...cards.map(({ element }) => element))
  }

  /** Marks the cards of these ids, and no others. */
  poison(ids: readonly string[]): void {
    this.#poisonedIds = new Set(ids)
    for (const [id, { card }] of this.#cards) card.poisoned = this.#poisonedIds.has(id)
  }

  #makeCard(job: Job): JobCard {
    const card = new JobCard(this.#template, job, this.#actions)
    const show = (): void => {
      const snapshot = this.#cache.getSnapshot(job.id)
      if (snapshot.status === 'missing') this.#takeDown(job.id)
      else card.show(snapshot)
    }
    this.#cards.set(job.id, { card, unsubscribe: this.#cache.subscribe(job.id, show) })
    card.poisoned = this.#poisonedIds.has(job.id)
    show()
    return card
  }

  #takeDown(id: string): void {
    const hung = this.#cards.get(id)
    if (hung === undefined) return
    this.#cards.delete(id)
    hung.unsubscribe()
    const { element } = hung.card
    // Whoever removed it by keyboard goes on from the next card.
    if (element.contains(document.activeElement)) {
      const neighbour = element.nextElementSibling ?? element.previousElementSibling
      neighbour?.querySelector('button')?.focus()
    }
    element.remove()
  }
}
