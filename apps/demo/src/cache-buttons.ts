import type { AutoRefresh } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import { errorMessage } from './error-message.ts'
import { findElement } from './find-element.ts'
import type { Notices } from './notices.ts'

/** Wires the buttons that ask the cache itself: to refresh all now, and to pause. */
export function wireCacheButtons(root: ParentNode, cache: AutoRefresh<Job>, notices: Notices): () => void {
  const pause = findElement(root, '#pause', HTMLButtonElement)

  /** Tells how many requests that took, as the cache's events have them. */
  async function refreshNow(): Promise<void> {
    let requests = 0
    let jobs = 0
    let failure: unknown
    const active = [...cache.ids()].filter((id) => cache.getSnapshot(id).status === 'active').length
    const unsubscribe = cache.onEvent((event) => {
      if (event.type === 'sync-started' && event.kind === 'asked') requests++
      if (event.type !== 'sync-settled' || event.kind !== 'asked') return
      if (event.error === undefined) jobs += event.ids.length
      else failure = event.error
    })
    try {
      await cache.refreshAll()
      const by = `${requests} ${requests === 1 ? 'request' : 'requests'}`
      // The tab that asks for all was asked to.
      if (requests === 0 && active > 0) tellShared(active)
      else if (failure !== undefined) notices.trouble(`Not refreshed, by ${by}`, failure)
      else notices.news(requests === 0 ? 'No job left to refresh' : `${jobs} jobs refreshed by ${by}`)
    } catch (error) {
      // Rejects if no panel is mounted, because the cache is stopped then.
      notices.trouble('Could not refresh', errorMessage(error))
    } finally {
      unsubscribe()
    }
  }

  function tellShared(active: number): void {
    const { error } = cache.getStatus()
    if (error === undefined) notices.news(`${active} jobs refreshed; this tab sent no request`)
    else notices.trouble('Not refreshed; this tab sent no request', error)
  }

  function showPause(): void {
    const isPaused = cache.getStatus().state === 'paused'
    pause.setAttribute('aria-pressed', String(isPaused))
  }

  findElement(root, '#refresh-all', HTMLButtonElement).addEventListener('click', () => void refreshNow())
  pause.addEventListener('click', () => {
    if (pause.getAttribute('aria-pressed') === 'true') cache.resume()
    else cache.pause()
  })
  showPause()
  return cache.subscribeStatus(showPause)
}
