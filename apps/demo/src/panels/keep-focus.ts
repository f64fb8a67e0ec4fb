import type { AutoRefresh } from '@auto-refresh/core'

/** A visitor who removes a card by keyboard goes on from the next one of the same panel. Returns a function that ends that. */
export function keepFocus(cache: AutoRefresh<unknown>): () => void {
  return cache.onEvent((event) => {
    if (event.type !== 'deleted') return
    // The event comes at once, and the card goes when its framework gets to it.
    const card = document.activeElement?.closest<HTMLElement>('[data-job-id]')
    if (card?.dataset['jobId'] !== event.id) return
    const neighbour = card.nextElementSibling ?? card.previousElementSibling
    neighbour?.querySelector('button')?.focus()
  })
}
