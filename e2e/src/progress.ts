import { inPage, type Tab } from './tab.ts'

/** Progress of its jobs that a page has shown. */
export interface ShownProgress {
  /** Number of changes. */
  readonly steps: number
  /** Changes to what is older than what was shown before: none, if all is well. */
  readonly backwards: readonly string[]
}

declare global {
  interface Window {
    shownProgress?: ShownProgress
  }
}

/** From now on, notes each change of each card: queued, then rows, then an end, and never back. */
export async function watchProgress(tab: Tab): Promise<void> {
  await inPage(
    tab,
    () => {
      const last = new Map<Element, number>()
      const backwards: string[] = []
      let steps = 0
      const note = (card: HTMLElement): void => {
        const state = card.dataset['state'] ?? ''
        const done = Number(card.style.getPropertyValue('--done'))
        const place = state === 'queued' ? 0 : state === 'running' ? 1 + done : 3
        const before = last.get(card) ?? 0
        if (place !== before) steps += 1
        if (place < before) backwards.push(`${card.dataset['jobId'] ?? ''}: ${before} to ${state} ${done}`)
        last.set(card, place)
        window.shownProgress = { steps, backwards }
      }
      const noteAll = (): void => {
        for (const card of document.querySelectorAll<HTMLElement>('[data-job-id]')) note(card)
      }
      noteAll()
      const options = { subtree: true, childList: true, attributeFilter: ['data-state', 'style'] }
      new MutationObserver(noteAll).observe(document.body, options)
    },
    undefined,
  )
}

export function shownProgress(tab: Tab): Promise<ShownProgress> {
  return inPage(tab, () => window.shownProgress ?? { steps: 0, backwards: [] }, undefined)
}
